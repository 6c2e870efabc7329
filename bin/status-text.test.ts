// The site at a glance: every state in words, 80 columns, nothing that a terminal obeys.
import t from 'tap';
import type { Overview } from '../src/api/contract/overview.ts';
import type { Session } from '../src/api/contract/sessions.ts';
import { statusText, type Status } from './status-text.ts';

const overview: Overview = {
  ...{ at: '2026-11-26T18:03:00.000Z', siteName: 'Riverside', timeZone: 'Europe/Istanbul', version: '1.2.3' },
  ...{ month: '2026-11', monthEndsAt: '2026-11-30T21:00:00.000Z', role: 'admin' },
  health: { status: 'ok', problems: [] },
  chargers: { total: 4, connected: 3, faulted: 0, pending: 0 },
  sessions: { running: 1, charging: 1 },
  ...{ powerW: 7240, powerByMinute: [], energyByDay: [] },
  ...{ usedWh: 12_639, runningWh: 183, quotaWh: 60_000, quotaUsedWh: 12_000, paceWh: 15_343 },
};

const session: Session = {
  ...{ transactionId: 17, chargerId: 'CP1', connectorId: 2, idTag: 'A', userName: 'Ada Example' },
  ...{ status: 'running', authorization: 'Accepted', startedAt: '2026-11-26T17:00:00.000Z' },
  ...{ meterStartWh: 0, meterWh: 183, energyWh: 183, powerW: 7240, connectorStatus: 'Charging' },
  ...{ leftWh: 1_234, flags: [], quotaEndsAt: '2026-11-26T18:13:20.000Z', stop: null, end: null },
};

const told = (changed: Partial<Overview> = {}, rest: Partial<Status> = {}, width = 80) =>
  statusText({ overview: { ...overview, ...changed }, alarms: [], sessions: [], ...rest }, width);

void t.test('all is well: each fact in its line, times where the site is', (t) => {
  t.equal(
    told({}, { sessions: [session] }),
    [
      'kwota 1.2.3',
      'site      Riverside, 2026-11-26 21:03 (Europe/Istanbul)',
      'server    ok',
      'chargers  3 of 4 connected',
      'sessions  1 running, 1 charging, 7.2 kW',
      'month     2026-11, quotas begin anew on 2026-12-01 00:00, in 5 days',
      'used      12.639 kWh of the month; at this pace 15 kWh by its end',
      'quotas    12.000 kWh used of 60.000 kWh, 20 %',
      '',
      'CHARGER  USER         STATUS    KWH    KW   LEFT   QUOTA ENDS',
      'CP1/2    Ada Example  Charging  0.183  7.2  1.234  2026-11-26 21:13',
      '',
    ].join('\n'),
  );
  t.end();
});

void t.test('a site that has just begun', (t) => {
  const chargers = { total: 0, connected: 0, faulted: 0, pending: 0 };
  const text = told({ chargers, sessions: { running: 0, charging: 0 }, usedWh: 0, quotaWh: 0, paceWh: null });
  for (const line of [
    'chargers  none has connected yet',
    'sessions  none running',
    'quotas    nobody has a limit',
  ])
    t.ok(text.split('\n').includes(line), line);
  t.match(text, 'used      0.000 kWh of the month\n');
  t.end();
});

void t.test('what is wrong is said, once, and alarms with their time', (t) => {
  const alarms = [
    { id: 'users-file', message: 'users1.csv has no users', since: '2026-11-26T17:00:00.000Z' },
  ];
  const health = { status: 'degraded' as const, problems: ['the disk is full', 'users1.csv has no users'] };
  const chargers = { total: 5, connected: 3, faulted: 1, pending: 2 };
  const text = told({ health, chargers, role: 'viewer' }, { alarms });
  t.match(
    text,
    'server    degraded: it works around what is wrong, or waits for it; this token\n          may read\n',
  );
  t.match(text, 'problem   the disk is full\nalarm     users1.csv has no users (since 2026-11-26 20:00)\n');
  t.equal(text.split('users1.csv has no users').length, 2);
  t.match(text, 'chargers  3 of 5 connected, 1 faulted, 2 waiting until somebody approves them\n');
  t.end();
});

void t.test('what is not known is no number, and a stop is told', (t) => {
  const odd: Session = {
    ...{ ...session, userName: '', powerW: null, leftWh: null, quotaEndsAt: null },
    stop: { reason: 'operator', since: session.startedAt, climbed: 1, by: 'ann' },
  };
  const text = told({ powerW: null, monthEndsAt: '2026-11-26T21:00:00.000Z' }, { sessions: [odd] });
  t.match(text, 'sessions  1 running, 1 charging, power not known\n');
  t.match(text, 'in less than a day\n');
  t.match(text, 'CP1/2    A     stopping  0.183  -   -     -\n');
  t.end();
});

void t.test('long and hostile texts stay within 80 columns, and steer no terminal', (t) => {
  const long = 'a very long sentence '.repeat(20);
  const alarms = [{ id: 'a', message: `${long}\u001b[2J\u202e`, since: session.startedAt }];
  const sessions = [{ ...session, chargerId: 'C'.repeat(60), userName: `\u001b[31m${'N'.repeat(60)}` }];
  const text = told({ siteName: '\u001b]0;owned\u0007' }, { alarms, sessions });
  t.notMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  t.ok(Math.max(...text.split('\n').map((line) => line.length)) <= 80, text);
  t.end();
});
