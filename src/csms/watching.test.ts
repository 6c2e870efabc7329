// What is watched over: alarms, the turn of the month, and who the charge points are.
import t from 'tap';
import { createSiteCalendar } from '../domain/site-calendar.ts';
import { createManualClock } from '../runtime/manual-clock.ts';
import { silentLog, type Log } from '../runtime/log.ts';
import { Site } from '../../test/kit/services.ts';
import { Alarms } from './alarms.ts';
import { watchMonth } from './month-turn.ts';

void t.test('an alarm is raised once, changes its words, and is over once', (t) => {
  const clock = createManualClock();
  const lines: string[] = [];
  const log: Log = {
    ...silentLog,
    warn: (_, message) => lines.push(`warn ${message}`),
    info: (_, message) => lines.push(`info ${message}`),
  };
  const alarms = new Alarms(clock, log);
  clock.advance(1000);
  alarms.raise('users-file', 'DATA', 'line 3');
  clock.advance(1000);
  alarms.raise('users-file', 'DATA', 'line 3');
  t.same(lines, ['warn line 3'], 'the same again is not told again');
  alarms.raise('users-file', 'DATA', 'line 4');
  alarms.raise('disk', 'DATA', 'full');
  t.same(alarms.active(), [
    { id: 'users-file', message: 'line 4', sinceMs: 1000, scope: 'server' },
    { id: 'disk', message: 'full', sinceMs: 2000, scope: 'server' },
  ]);
  alarms.clear('users-file', 'DATA');
  alarms.clear('users-file', 'DATA');
  t.same(lines.slice(1), ['warn line 4', 'warn full', 'info alarm is over']);
  t.equal(alarms.active().length, 1);
  t.end();
});

void t.test('the turn of the month is noticed, also after a jump of the clock, once', (t) => {
  const clock = createManualClock();
  clock.advance(Date.parse('2026-11-30T20:59:50Z'));
  const turns: string[] = [];
  const cancel = watchMonth(clock, createSiteCalendar('Europe/Istanbul', 1), (month) => turns.push(month));
  clock.advance(5000);
  t.same(turns, [], 'five seconds before midnight of the site');
  clock.advance(60_000);
  t.same(turns, ['2026-12']);
  clock.advance(40 * 86_400_000);
  t.equal(turns.at(-1), '2027-01');
  t.equal(turns.length, 2);
  cancel();
  t.equal(clock.pending(), 0);
  t.end();
});

void t.test(
  'a charger is known from its first connection, offline when it is gone, and the same in any case',
  async (t) => {
    const site = new Site();
    const { chargePoints } = site.services;
    chargePoints.connected('Box/1');
    t.ok(chargePoints.isConnected('Box/1'));
    t.equal(chargePoints.connectedCount(), 1);
    t.equal(chargePoints.canonicalId('BOX/1'), 'Box/1');
    t.equal(chargePoints.canonicalId('BOX/2'), 'BOX/2');
    site.clock.advance(5000);
    chargePoints.heard('Box/1', site.clock.now());
    chargePoints.disconnected('Box/1');
    t.notOk(chargePoints.isConnected('Box/1'));
    await site.services.journal.durable();
    site.restart();
    const known = site.services.journal.live.chargePoint('Box/1')!;
    t.equal(known.firstSeenMs, site.clock.now() - 5000);
    t.equal(
      site.services.chargePoints.lastHeardMs(known),
      site.clock.now(),
      'when it was heard last survives',
    );
    t.equal(site.services.chargePoints.canonicalId('box/1'), 'Box/1');
  },
);

void t.test(
  'BootNotification tells who it is; what it leaves out stays known, what is too long is cut',
  (t) => {
    const site = new Site();
    const { chargePoints, journal } = site.services;
    chargePoints.connected('CP1');
    chargePoints.booted('CP1', { vendor: 'ACME', model: ' One ', firmwareVersion: '1' });
    chargePoints.booted('CP1', { vendor: '', model: 'x'.repeat(300), firmwareVersion: '2' });
    t.match(journal.live.chargePoint('CP1'), {
      vendor: 'ACME',
      model: 'x'.repeat(255),
      firmwareVersion: '2',
      serialNumber: '',
    });
    t.equal(journal.live.chargePoint('CP1')?.lastBootMs, site.clock.now());
    t.end();
  },
);

void t.test(
  'StatusNotification changes its connector; a repetition changes nothing, an absurd connector is none',
  async (t) => {
    const site = new Site();
    const { chargePoints, journal } = site.services;
    chargePoints.connected('CP1');
    const status = (connectorId: number, text: string, errorCode = 'NoError') =>
      chargePoints.statusChanged('CP1', { connectorId, status: text, errorCode }, site.clock.now());
    status(1, 'Charging');
    status(2, 'Available');
    await journal.durable();
    const before = journal.live.chargePoint('CP1');
    site.clock.advance(1000);
    status(1, 'Charging');
    status(-1, 'Charging');
    status(65, 'Charging');
    t.equal(journal.live.chargePoint('CP1'), before);
    status(1, 'Charging', 'GroundFailure');
    t.match(journal.live.chargePoint('CP1')?.connectors, {
      1: { status: 'Charging', errorCode: 'GroundFailure', sinceMs: site.clock.now() },
      2: { status: 'Available', sinceMs: site.clock.now() - 1000 },
    });
  },
);
