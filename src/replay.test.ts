// Replays of short recordings, written by hand: what a charger said comes to the same sessions, energy and quotas again.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { sampleUser } from './domain/sample.fixture.ts';
import type { TraceLine } from './domain/trace.ts';
import { readRecording, type Recording } from './recording.ts';
import { replay } from './replay.ts';

function recorded(name: string): Recording {
  const url = new URL(`../test/recordings/${name}.jsonl`, import.meta.url);
  return readRecording(readFileSync(url, 'utf8'), name);
}

/** The recording with these lines in place of its own; each `seconds` after the one before. */
function withLines(
  recording: Recording,
  lines: readonly (readonly [seconds: number, kind: TraceLine['kind'], text: string])[],
): Recording {
  let atMs = Date.UTC(2026, 10, 30, 12);
  const trace = lines.map(([seconds, kind, text], index) => {
    atMs += seconds * 1000;
    return { seq: index + 1, atMs, kind, text };
  });
  return { ...recording, lines: trace };
}

const frame = (...parts: readonly unknown[]): string => JSON.stringify(parts);

const startOf = (tag: string, meterStart: number) => ({
  connectorId: 1,
  idTag: tag,
  meterStart,
  timestamp: '2026-11-30T12:00:00Z',
});

const meterOf = (transactionId: number, wh: number, timestamp?: string) => ({
  connectorId: 1,
  transactionId,
  meterValue: [{ timestamp, sampledValue: [{ value: String(wh) }] }],
});

/** A charge of TAG1, whose quota is 5 kWh, past it in two minutes; nobody stops it. */
const OVERRUN = [
  [0, 'connected', '/GARAGE_01'],
  [0, 'in', frame(2, '1', 'StartTransaction', startOf('TAG1', 0))],
  [0, 'out', frame(3, '1', { idTagInfo: { status: 'Accepted' }, transactionId: 77 })],
  [1200, 'in', frame(2, '2', 'MeterValues', meterOf(77, 5100))],
] as const;

void t.test('a charge to the quota: booked, stopped, and the card has nothing left', async (t) => {
  const report = await replay(recorded('charge-to-the-quota'));
  t.match(report.recording, {
    chargePointId: 'GARAGE_01',
    timeZone: 'Europe/Istanbul',
    from: '2026-11-30T09:00:00.000Z',
    lines: 24,
    messages: 10,
    unreadable: 0,
    warnings: [],
  });
  t.strictSame(report.sessions, [
    {
      transactionId: 178870001,
      connectorId: 1,
      idTag: 'TAG1',
      origin: 'start',
      authorization: 'Accepted',
      from: '2026-11-30T09:00:36.000Z',
      to: '2026-11-30T09:50:41.000Z',
      startRegisterWh: 100_000,
      endRegisterWh: 105_050,
      wh: 5050,
      whByMonth: { '2026-11': 5050 },
      evidence: 'meterStop',
      reason: 'Remote',
      flags: [],
      suspectedUnit: null,
      stop: null,
    },
  ]);
  t.strictSame(report.energy, [{ month: '2026-11', idTag: 'TAG1', wh: 5050 }]);
  t.strictSame(report.quotas, [
    { idTags: ['TAG1'], account: null, month: '2026-11', quotaWh: 5000, usedWh: 5050, leftWh: -50 },
  ]);
  t.strictSame(report.otherAnswers, []);
  const at = '2026-11-30T09:50:36.000Z';
  const payload = { transactionId: 178870001 };
  const call = { action: 'RemoteStopTransaction', payload, answer: 'Accepted' };
  t.strictSame(report.calls, [{ ...call, times: 1, first: at, last: at }]);
});

void t.test(
  'a repeated start, garbage, and a stop of nobody knows what, over the end of a month',
  async (t) => {
    const report = await replay(recorded('odd-charger'));
    t.match(report.recording, { messages: 8, unreadable: 1 });
    t.strictSame(report.quirks.map(({ quirk }) => quirk).sort(), [
      'broken-json',
      'no-boot-on-connect',
      'repeated-start',
      'stop-without-start',
      'unreadable-message',
    ]);
    const [charge, unknown] = report.sessions;
    t.equal(report.sessions.length, 2);
    // The register stood at 4000 Wh at 20:30:25 UTC and at 8000 Wh at 21:30:20; the month turned at 21:00.
    const inNovember = 2000 + Math.round((4000 * 1775) / 3595);
    t.match(charge, {
      transactionId: 178880007,
      wh: 7000,
      whByMonth: { '2026-11': inNovember, '2026-12': 7000 - inNovember },
      evidence: 'meterStop',
    });
    t.match(unknown, { transactionId: 4711, idTag: 'TAG2', origin: 'stopOnly', wh: 1500 });
    t.strictSame(report.energy, [
      { month: '2026-11', idTag: 'TAG1', wh: inNovember },
      { month: '2026-12', idTag: 'TAG1', wh: 7000 - inNovember },
      { month: '2026-12', idTag: 'TAG2', wh: 1500 },
    ]);
    t.strictSame(report.otherAnswers, []);
  },
);

void t.test('a charger that counts in kWh, in a recording that begins in mid-connection', async (t) => {
  const report = await replay(recorded('kwh-charger'));
  t.match(report.sessions, [
    { idTag: 'TAG3', wh: 7000, evidence: 'meterStop', startRegisterWh: 0, endRegisterWh: 7000 },
    { idTag: 'TAG4', wh: 1000, evidence: null, to: null },
  ]);
  t.match(report.quotas, [{ idTags: ['TAG3', 'TAG4'], account: 'FLAT 4', usedWh: 8000, leftWh: 12_000 }]);
  t.match(
    report.otherAnswers,
    [{ action: 'StartTransaction', idTag: 'TAG4', recorded: 'Blocked', replayed: 'Accepted' }],
    'and it is told where the recorded server knew of more than the recording',
  );
});

void t.test('other users than the recorded ones change what is allowed, not what was measured', async (t) => {
  const recording = recorded('charge-to-the-quota');
  const report = await replay(recording, [sampleUser('TAG1', { quotaWh: 20_000 }), sampleUser('TAG9')]);
  t.match(report.energy, [{ wh: 5050 }]);
  t.strictSame(report.calls, [], 'nothing to stop');
  t.match(report.quotas, [{ idTags: ['TAG1'], leftWh: 14_950 }]);
  t.equal(report.quotas.length, 1, 'only of cards that occur');
  t.match(report.otherAnswers, [{ action: 'Authorize', recorded: 'Blocked', replayed: 'Accepted' }]);
});

void t.test(
  'a stop that the recorded charger was not asked for is sent again as long as it charges',
  async (t) => {
    const recording = withLines(recorded('charge-to-the-quota'), [
      ...OVERRUN,
      [600, 'in', frame(2, '3', 'Heartbeat', {})],
    ]);
    const { calls, sessions } = await replay(recording);
    // Each is waited for 30 s; then 15, 30, … s pass. The fourth comes when nothing else has helped.
    const first = '2026-11-30T12:20:00.000Z';
    const last = '2026-11-30T12:27:15.000Z';
    const payload = { transactionId: 77 };
    const call = { action: 'RemoteStopTransaction', payload, answer: 'not answered' };
    t.strictSame(calls[0], { ...call, times: 4, first, last });
    t.strictSame(
      calls.slice(1, 3).map(({ action }) => action),
      ['SetChargingProfile', 'ChangeAvailability'],
    );
    t.match(sessions, [{ stop: 'quotaUsedUp', to: null }]);
  },
);

void t.test('a recorded answer is one to its own call, and no other', async (t) => {
  const stop = frame(2, 'k1', 'RemoteStopTransaction', { transactionId: 77 });
  const answered = withLines(recorded('charge-to-the-quota'), [
    ...OVERRUN,
    [20, 'out', stop],
    [1, 'in', frame(3, 'k1', { status: 'Rejected' })],
    [70, 'in', frame(2, '3', 'Heartbeat', {})],
  ]);
  t.match((await replay(answered)).calls, [
    { answer: 'Rejected', times: 1 },
    { answer: 'not answered', times: 2, first: '2026-11-30T12:20:15.000Z' },
  ]);
  const another = frame(2, 'k1', 'RemoteStopTransaction', { transactionId: 78 });
  for (const [seconds, text] of [
    [61, stop],
    [1, another],
  ] as const) {
    const other = withLines(recorded('charge-to-the-quota'), [
      ...OVERRUN,
      [seconds, 'out', text],
      [1, 'in', frame(3, 'k1', { status: 'Accepted' })],
    ]);
    t.match((await replay(other)).calls[0], { answer: 'not answered' });
  }
});

void t.test('nothing is sent while the charger is away; once it is back, it is asked at once', async (t) => {
  const recording = withLines(recorded('charge-to-the-quota'), [
    [0, 'in', frame(2, '1', 'StartTransaction', startOf('TAG1', 0))],
    [0, 'out', frame(3, '1', { idTagInfo: { status: 'Accepted' }, transactionId: 77 })],
    [1200, 'in', frame(2, '2', 'MeterValues', meterOf(77, 4900))],
    [1200, 'disconnected', 'silent'],
    [60, 'connected', '/GARAGE_01'],
    [1, 'in', frame(2, '3', 'MeterValues', meterOf(77, 5100))],
    [1, 'disconnected', 'closed'],
    [3600, 'connected', '/GARAGE_01'],
    [1, 'in', frame(2, '4', 'Heartbeat', {})],
  ]);
  t.match((await replay(recording)).calls, [
    { times: 2, first: '2026-11-30T12:41:01.000Z', last: '2026-11-30T13:41:02.000Z' },
  ]);
});

void t.test('a session whose start was before the recording is adopted from its samples', async (t) => {
  const recording = withLines(recorded('charge-to-the-quota'), [
    [0, 'in', frame(2, '1', 'MeterValues', meterOf(66, 1000))],
    [60, 'in', frame(2, '2', 'MeterValues', meterOf(66, 1200))],
    [60, 'in', frame(2, '3', 'StartTransaction', startOf('TAG1', 1200))],
    [60, 'in', frame(2, '4', 'StartTransaction', startOf('nobody', 1200))],
    [60, 'in', frame(2, '5', 'StartTransaction', startOf('TAG1', 1300))],
    [0, 'out', frame(3, '5', { idTagInfo: { status: 'Accepted' }, transactionId: 1 })],
  ]);
  const { sessions } = await replay(recording);
  t.match(
    sessions.map(({ transactionId, wh }) => [transactionId, wh]).sort(),
    [
      [1, 0],
      [2, 0],
      [3, 100],
      [66, 200],
    ],
    'and starts that were never answered have the first ids that nobody has or will have',
  );
  t.match(sessions.find(({ transactionId }) => transactionId === 66)?.origin, 'adopted');
});

void t.test('a session that the charger forgot ends while the recording is silent', async (t) => {
  const free = { connectorId: 1, status: 'Available', errorCode: 'NoError' };
  const recording = withLines(recorded('charge-to-the-quota'), [
    ...OVERRUN.slice(0, 3),
    [60, 'in', frame(2, '2', 'MeterValues', meterOf(77, 300))],
    [60, 'in', frame(2, '3', 'StatusNotification', free)],
    [3600, 'in', frame(2, '4', 'Heartbeat', {})],
  ]);
  t.match((await replay(recording)).sessions, [
    { wh: 300, evidence: 'lastSample', reason: 'connectorFree', to: '2026-11-30T12:01:00.000Z' },
  ]);
});

void t.test('a quota used up in one month stops nothing in the next', async (t) => {
  const recording = withLines(recorded('charge-to-the-quota'), [
    ...OVERRUN,
    [86_400, 'in', frame(2, '3', 'Authorize', { idTag: 'TAG1' })],
    [0, 'out', frame(3, '3', { idTagInfo: { status: 'Blocked' } })],
  ]);
  const { calls, sessions, quotas, otherAnswers } = await replay(recording);
  // 21:00 UTC is midnight at the site.
  t.match(calls[0]?.last, /^2026-11-30T20:5\d/);
  t.match(sessions, [{ stop: null, to: null }]);
  t.match(quotas, [{ month: '2026-12', usedWh: 0, leftWh: 5000 }]);
  t.match(otherAnswers, [{ action: 'Authorize', recorded: 'Blocked', replayed: 'Accepted' }]);
});

void t.test('a clock that went back while it was recorded moves nothing back', async (t) => {
  const recording = withLines(recorded('charge-to-the-quota'), [
    ...OVERRUN.slice(0, 3),
    [1200, 'in', frame(2, '2', 'MeterValues', meterOf(77, 300))],
    [-600, 'in', frame(2, '3', 'StopTransaction', { transactionId: 77, meterStop: 600 })],
  ]);
  t.match((await replay(recording)).sessions, [{ wh: 600, to: '2026-11-30T12:20:00.000Z' }]);
});

void t.test('a recording without lines comes to nothing', async (t) => {
  const { recording, sessions, quotas } = await replay(withLines(recorded('charge-to-the-quota'), []));
  t.match(recording, { lines: 0, from: null, to: null });
  t.strictSame([sessions, quotas], [[], []]);
});
