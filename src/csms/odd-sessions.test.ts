// Samples that belong to nobody, to somebody else or to a transaction kwota never saw, and starts that were refused.
import t from 'tap';
import { sampleSession, sampleUser } from '../domain/sample.fixture.ts';
import { Site } from '../../test/kit/services.ts';
import { UNATTRIBUTED_TAG } from './unknown-transaction.ts';

const HOUR = 3_600_000;

void t.test('samples without a transaction id count for the session on their connector', (t) => {
  const site = new Site();
  site.start();
  site.start({ connectorId: 2, idTag: 'B' });
  site.clock.advance(60_000);
  site.meter(null, 100);
  site.meter(null, 70, { connectorId: 2 });
  site.meter(99, 130);
  site.meter(null, 999, { connectorId: 3 });
  site.meter(null, 999, { connectorId: 0 });
  site.meter(null, 999, { chargePointId: 'CP2' });
  t.same([site.used('A'), site.used('B')], [130, 70], 'an unknown id is a hint, no more');
  t.equal([...site.services.journal.live.sessions()].length, 2, 'and nothing is made of the others');
  t.end();
});

void t.test(
  'a sample of the session before, repeated without an id, does not count for whoever charges now',
  (t) => {
    const site = new Site();
    const first = site.start();
    site.clock.advance(60_000);
    const timestamp = site.timestamp();
    site.meter(null, 5000, { timestamp });
    site.stop(first, 5000);
    site.clock.advance(60_000);
    const second = site.start({ idTag: 'B' });
    site.meter(null, 5000, { timestamp });
    site.meter(first, 5000, { timestamp });
    t.equal(site.used('B'), 0);
    site.clock.advance(60_000);
    site.meter(second, 40);
    t.same([site.used('A'), site.used('B')], [5000, 40]);
    t.end();
  },
);

void t.test('samples after the end of a session change nothing', (t) => {
  const site = new Site();
  const id = site.start();
  site.stop(id, 100);
  site.clock.advance(60_000);
  site.meter(id, 900);
  t.equal(site.used('A'), 100);
  t.equal([...site.services.journal.live.sessions()].length, 1);
  t.end();
});

void t.test('samples with the id of a session that is over count no further than the next one began', (t) => {
  const site = new Site({ now: '2026-11-10T12:00:00Z' });
  const lost = site.start();
  site.clock.advance(600_000);
  site.meter(lost, 500);
  site.clock.advance(60_000);
  const next = site.start({ idTag: 'B', meterStart: 1100 });
  for (const wh of [1500, 1800]) {
    site.clock.advance(60_000);
    site.meter(next, wh);
    site.meter(lost, wh);
  }
  t.same([site.used('A'), site.used('B')], [1100, 700], 'the same energy is nobody else’s');
  site.stop(next, 1900);
  site.stop(lost, 1900);
  t.same([site.used('A'), site.used('B')], [1100, 800]);
  t.end();
});

void t.test('a session closed by hand does not come back while another one charges in its place', (t) => {
  const site = new Site({ now: '2026-11-10T12:00:00Z' });
  const closed = site.start();
  site.clock.advance(600_000);
  site.meter(closed, 1000);
  site.services.sessions.closeByHand(site.session(closed), null, 'ann', site.clock.now());
  site.clock.advance(60_000);
  const next = site.start({ idTag: 'B', meterStart: 1200 });
  site.clock.advance(60_000);
  site.meter(next, 1500);
  site.meter(closed, 1500);
  t.match(site.session(closed), { end: { evidence: 'byHand' } });
  t.same([site.used('A'), site.used('B')], [1200, 300]);
  site.stop(closed, 1600);
  t.same([site.used('A'), site.used('B')], [1200, 300], 'nor by its stop');
  t.end();
});

void t.test(
  'late samples of a session count whole where the register began anew, or says something else',
  (t) => {
    for (const [meterStart, first, late, expected] of [
      [0, 400, 900, 900],
      [50, 5000, 5600, 5600],
    ] as const) {
      const site = new Site({ now: '2026-11-10T12:00:00Z' });
      const lost = site.start();
      site.clock.advance(600_000);
      site.meter(lost, first);
      site.clock.advance(60_000);
      site.start({ idTag: 'B', meterStart });
      site.clock.advance(60_000);
      site.meter(lost, late);
      t.equal(site.used('A'), expected, `the next one began at ${meterStart}`);
    }
    t.end();
  },
);

void t.test('a transaction that is first known by its samples is adopted, and counts from there', (t) => {
  const site = new Site();
  site.meter(4711, 500_000);
  t.match(site.session(4711), { origin: 'adopted', idTag: UNATTRIBUTED_TAG, connectorId: 1, end: null });
  site.clock.advance(60_000);
  site.meter(4711, 500_200);
  site.clock.advance(60_000);
  site.stop(4711, 500_300, { idTag: 'A' });
  t.equal(site.used(UNATTRIBUTED_TAG), 300);
  t.match(site.session(4711), { end: { evidence: 'meterStop' } });
  t.end();
});

void t.test(
  'a session taken over learns its connector from its samples and counts from the last_meter',
  (t) => {
    const site = new Site();
    const old = sampleSession(1_234_567_890, { origin: 'takeOver', connectorId: 0 });
    site.services.journal.putSession(old);
    site.clock.advance(HOUR);
    site.meter(old.transactionId, 1400, { connectorId: 2 });
    t.match(site.session(old.transactionId), { connectorId: 2 });
    t.equal(site.used('A'), 400);
    site.stop(old.transactionId, 1500);
    t.equal(site.used('A'), 500);
    t.end();
  },
);

void t.test(
  'a start on a charger with one connector ends a session taken over, on one with two only on its own',
  (t) => {
    for (const [connectors, hasEnded] of [
      [[1], true],
      [[1, 2], false],
    ] as const) {
      const site = new Site();
      site.services.chargePoints.connected('CP1');
      for (const connectorId of connectors) {
        const status = { connectorId, status: 'Available', errorCode: 'NoError' };
        site.services.chargePoints.statusChanged('CP1', status, site.clock.now());
      }
      site.services.journal.putSession(sampleSession(7, { origin: 'takeOver', connectorId: 0 }));
      site.start();
      t.equal(site.session(7).end !== null, hasEnded, `${connectors.length} connectors`);
    }
    t.end();
  },
);

void t.test('kWh where the charger is known to send kWh; Start and Stop are Wh all the same', (t) => {
  const site = new Site({ energyUnit: 'kWh' });
  const id = site.start({ meterStart: 23_000 });
  site.clock.advance(HOUR);
  site.meter(id, 24);
  t.equal(site.used('A'), 1000);
  site.stop(id, 24_300);
  t.equal(site.used('A'), 1300);
  t.end();
});

void t.test('a message of several samples books them all; one that cannot be read is left out', (t) => {
  const site = new Site();
  const id = site.start();
  site.clock.advance(180_000);
  const at = (secondsAgo: number, value: string) => ({
    timestamp: new Date(site.clock.now() - secondsAgo * 1000).toISOString(),
    sampledValue: [{ value }],
  });
  const meterValue = [at(120, '100'), at(60, 'NaN'), {}, at(0, '300')];
  const message = { chargePointId: 'CP1', connectorId: 1, transactionId: id, receivedAtMs: site.clock.now() };
  site.services.sessions.meterValues({ ...message, meterValue });
  t.equal(site.used('A'), 300);
  t.end();
});

void t.test('energy of a queue that comes hours late belongs to the month in which it flowed', (t) => {
  const site = new Site({ now: '2026-12-01T09:00:00+03:00', timeZone: 'Europe/Istanbul' });
  const id = site.start({ timestamp: '2026-11-30T22:00:00+03:00' });
  site.meter(id, 1000, { timestamp: '2026-11-30T23:00:00+03:00' });
  site.meter(id, 3000, { timestamp: '2026-12-01T01:00:00+03:00' });
  site.stop(id, 3500, { timestamp: '2026-12-01T02:00:00+03:00' });
  const { live } = site.services.journal;
  t.equal(live.usedWh('2026-11', 'A'), 2000);
  t.equal(live.usedWh('2026-12', 'A'), 1500);
  t.end();
});

void t.test('a refused start has a record and an id; free again, its connector ends it', (t) => {
  const site = new Site();
  const id = site.start({ idTag: 'STRANGER' });
  t.match(site.session(id), { authorization: 'Invalid', idTag: 'STRANGER', end: null });
  site.services.sessions.connectorIsFree('CP1', 2, site.clock.now());
  t.equal(site.session(id).end, null, 'another connector');
  site.services.sessions.connectorIsFree('CP1', 1, site.clock.now());
  t.match(site.session(id), { end: { evidence: 'lastSample', reason: 'refused' } });
  const accepted = site.start();
  site.services.sessions.connectorIsFree('CP1', 1, site.clock.now());
  t.equal(site.session(accepted).end, null, 'one that may charge waits for its StopTransaction');
  t.end();
});

void t.test(
  'a refused start that charges all the same is booked and stopped, whatever it was refused for',
  async (t) => {
    const users = [
      sampleUser('BLOCKED', { isBlocked: true }),
      sampleUser('EMPTY', { quotaWh: 0 }),
      sampleUser('EXPIRED', { expires: '2026-11-29' }),
      sampleUser('A'),
    ];
    for (const [idTag, status, reason] of [
      ['STRANGER', 'Invalid', 'unknownTag'],
      ['', 'Invalid', 'unknownTag'],
      ['BLOCKED', 'Blocked', 'blocked'],
      ['EMPTY', 'Blocked', 'quotaUsedUp'],
      ['EXPIRED', 'Expired', 'expired'],
      ['A', 'ConcurrentTx', 'concurrentSession'],
    ] as const) {
      const site = new Site({ users, rules: { allowsConcurrentSessions: false } });
      site.start({ connectorId: 2 });
      const id = site.start({ idTag });
      t.equal(site.session(id).authorization, status, idTag);
      await site.settle();
      t.same(site.stops, [], `${idTag}: there is nothing to stop yet`);
      site.clock.advance(60_000);
      site.meter(id, 300);
      await site.settle();
      t.match(site.stops, [{ chargePointId: 'CP1', transactionId: id }], `${idTag}: it is stopped`);
      t.equal(site.session(id).stop?.reason, reason);
      t.equal(site.used(idTag), 300, `${idTag}: it is booked`);
      site.services.enforcer.close();
    }
  },
);
