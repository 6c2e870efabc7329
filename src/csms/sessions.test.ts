// Transaction messages in the order a sane charger sends them, repeated, out of place, or refused.
import t from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import { Site } from '../../test/kit/services.ts';
import { UNATTRIBUTED_TAG } from './unknown-transaction.ts';

void t.test('a charge is booked sample by sample and ends at meterStop', (t) => {
  const site = new Site();
  const id = site.start({ meterStart: 100_000 });
  site.clock.advance(60_000);
  site.meter(id, 100_200);
  t.equal(site.used('A'), 200, 'while it runs');
  site.clock.advance(60_000);
  site.meter(id, 100_400);
  site.clock.advance(10_000);
  site.stop(id, 100_430);
  t.equal(site.used('A'), 430);
  t.match(site.session(id), {
    origin: 'start',
    authorization: 'Accepted',
    meterStartWh: 100_000,
    end: { evidence: 'meterStop', register: { wh: 100_430 }, reason: 'Local', atMs: site.clock.now() },
  });
  t.same([...site.services.journal.live.runningSessions()], []);
  t.end();
});

void t.test('a repeated StartTransaction gets the same answer and starts nothing', (t) => {
  const site = new Site();
  const timestamp = site.timestamp();
  const id = site.start({ timestamp, meterStart: 5 });
  site.clock.advance(3_600_000);
  t.equal(site.start({ timestamp, meterStart: 5 }), id, 'while it runs');
  site.stop(id, 100);
  t.equal(site.start({ timestamp, meterStart: 5 }), id, 'after it has ended');
  t.equal([...site.services.journal.live.sessions()].length, 1);
  t.not(site.start({ timestamp, meterStart: 6 }), id, 'another meterStart is another session');
  t.not(site.start({ timestamp, meterStart: 5, connectorId: 2 }), id, 'so is another connector');
  t.not(site.start({ timestamp, meterStart: 5, chargePointId: 'CP2' }), id, 'another charger');
  t.not(site.start({ timestamp, meterStart: 5, idTag: 'B' }), id, 'and another card');
  t.end();
});

void t.test(
  'a repeated refused StartTransaction is refused again, also when the quota was raised meanwhile',
  (t) => {
    const site = new Site({ users: [sampleUser('A', { quotaWh: 0 })] });
    const { sessions } = site.services;
    const message = {
      chargePointId: 'CP1',
      connectorId: 1,
      idTag: 'A',
      meterStart: 0,
      timestamp: site.timestamp(),
    };
    const answer = sessions.start({ ...message, receivedAtMs: site.clock.now() });
    t.equal(answer.status, 'Blocked');
    site.putUsers(sampleUser('A'));
    t.same(sessions.start({ ...message, receivedAtMs: site.clock.now() }), answer);
    t.end();
  },
);

void t.test('a clock in 1970: two starts alike are one only while nothing was booked', (t) => {
  const site = new Site();
  const timestamp = '1970-01-01T00:00:12Z';
  const id = site.start({ timestamp });
  t.equal(site.session(id).startedMs, site.clock.now(), 'the time of arrival stands in');
  t.equal(site.start({ timestamp }), id);
  site.clock.advance(60_000);
  site.meter(id, 100, { timestamp });
  t.equal(site.used('A'), 100);
  const second = site.start({ timestamp });
  t.not(second, id);
  t.equal(site.start({ timestamp }), second, 'the key belongs to the later one now');
  site.stop(second, 0);
  t.not(site.start({ timestamp }), second, 'nor after it has ended');
  t.end();
});

void t.test('a StartTransaction without a timestamp is never taken for a repetition', (t) => {
  const site = new Site();
  const message = {
    chargePointId: 'CP1',
    connectorId: 1,
    idTag: 'A',
    meterStart: 0,
    receivedAtMs: site.clock.now(),
  };
  const { sessions } = site.services;
  t.not(sessions.start(message).transactionId, sessions.start(message).transactionId);
  t.end();
});

void t.test(
  'a start on a connector with an open session ends that one with the gap up to the new meterStart',
  (t) => {
    const site = new Site();
    const first = site.start({ meterStart: 1000 });
    site.clock.advance(60_000);
    site.meter(first, 1200);
    const lastSampleMs = site.clock.now();
    site.clock.advance(600_000);
    const other = site.start({ idTag: 'B', connectorId: 2, meterStart: 50 });
    t.equal(site.session(first).end, null, 'another connector ends nothing');
    const second = site.start({ idTag: 'B', meterStart: 1500 });
    t.equal(site.used('A'), 500, 'the gap belongs to who charged there last');
    t.match(site.session(first).end, { evidence: 'nextStart', atMs: lastSampleMs, register: { wh: 1500 } });
    t.equal(site.session(other).end, null);
    site.stop(first, 1480);
    t.equal(site.used('A'), 480, 'its own StopTransaction, late, corrects the gap');
    t.equal(site.session(first).end?.evidence, 'meterStop');
    site.stop(second, 1500);
    t.equal(site.used('B'), 0);
    t.end();
  },
);

void t.test('a session-relative register leaves no gap to be booked at the next start', (t) => {
  const site = new Site();
  const first = site.start({ meterStart: 0 });
  site.clock.advance(60_000);
  site.meter(first, 300);
  site.start({ idTag: 'B', meterStart: 0 });
  t.equal(site.used('A'), 300);
  t.equal(site.used('B'), 0);
  t.end();
});

void t.test('a repeated StopTransaction books nothing more', (t) => {
  const site = new Site();
  const id = site.start();
  site.clock.advance(60_000);
  const stop = { timestamp: site.timestamp() };
  site.stop(id, 500, stop);
  site.clock.advance(86_400_000);
  site.stop(id, 500, stop);
  site.stop(id, 900, stop);
  t.equal(site.services.journal.live.usedWh('2026-11', 'A'), 900, 'a larger meterStop is late truth');
  t.equal([...site.services.journal.live.sessions()].length, 1);
  t.end();
});

void t.test(
  'a StopTransaction without a meterStop leaves the samples, a later one with it corrects them',
  (t) => {
    const site = new Site();
    const id = site.start();
    site.clock.advance(60_000);
    site.meter(id, 500);
    site.stop(id, null);
    t.match(site.session(id), { end: { evidence: 'lastSample' } });
    t.equal(site.used('A'), 500);
    site.stop(id, -1);
    t.equal(site.used('A'), 500, '−1 is a meter that could not be read');
    site.stop(id, 530);
    t.match(site.session(id), { end: { evidence: 'meterStop' } });
    t.equal(site.used('A'), 530);
    t.end();
  },
);

void t.test(
  'a StopTransaction of an unknown transaction is kept, on the tag it names, without energy',
  (t) => {
    const site = new Site();
    site.stop(4711, 500_000, { idTag: 'B' });
    t.match(site.session(4711), {
      origin: 'stopOnly',
      idTag: 'B',
      end: { evidence: 'meterStop', register: { wh: 500_000 } },
    });
    t.equal(site.used('B'), 0);
    site.stop(4712, 500_000);
    t.match(site.session(4712), { idTag: UNATTRIBUTED_TAG });
    site.stop(4711, 500_000, { idTag: 'B' });
    site.stop(null, 600_000);
    t.equal(
      [...site.services.journal.live.sessions()].length,
      3,
      'the repetition is no third, one without an id is',
    );
    t.end();
  },
);

void t.test('a second StopTransaction that cannot be does not take back what the first one closed', (t) => {
  const site = new Site();
  const id = site.start();
  site.clock.advance(600_000);
  site.meter(id, 1000);
  site.clock.advance(60_000);
  site.stop(id, 1100);
  const closed = site.session(id);
  for (const meterStop of [9_000_000, 2 ** 52]) site.stop(id, meterStop);
  t.equal(site.session(id), closed, `it is as it was, with ${site.used('A')} Wh`);
  site.clock.advance(60_000);
  site.stop(id, 1150);
  t.equal(site.used('A'), 1150, 'one that shows more is late truth');
  t.end();
});

void t.test(
  'a StopTransaction told again with the register of today takes nothing of who charged since',
  (t) => {
    for (const meterStart of [0, 1100]) {
      const site = new Site({ now: '2026-11-10T12:00:00Z' });
      const first = site.start();
      site.clock.advance(600_000);
      site.stop(first, 1100);
      site.clock.advance(600_000);
      const second = site.start({ idTag: 'B', meterStart });
      site.clock.advance(600_000);
      site.meter(second, meterStart + 1900);
      site.stop(first, meterStart + 1900);
      t.same([site.used('A'), site.used('B')], [1100, 1900], 'while B charges');
      site.stop(second, meterStart + 1900);
      site.clock.advance(86_400_000);
      site.stop(first, meterStart + 1900);
      t.same([site.used('A'), site.used('B')], [1100, 1900], 'and a day later');
    }
    const site = new Site();
    const lost = site.start();
    site.clock.advance(600_000);
    site.meter(site.start({ idTag: 'B', meterStart: 1100 }), 3000);
    site.stop(lost, 3000);
    t.same([site.used('A'), site.used('B')], [1100, 1900], 'nor the first one, if it comes so late');
    t.end();
  },
);

void t.test('a StopTransaction without an id ends the only session', (t) => {
  const site = new Site();
  const id = site.start();
  site.clock.advance(60_000);
  site.stop(null, 500, { idTag: 'OTHER' });
  t.ok(site.session(id).end, 'whoever stopped it');
  t.equal(site.used('A'), 500, 'who started it has it');
  t.end();
});

void t.test('a StopTransaction without an id, repeated, ends no other session', (t) => {
  const site = new Site();
  const a = site.start();
  const b = site.start({ connectorId: 2, idTag: 'B', meterStart: 0 });
  site.clock.advance(60_000);
  const stop = { idTag: 'A', timestamp: site.timestamp() };
  site.stop(null, 500.4, stop);
  t.ok(site.session(a).end);
  t.equal(site.session(b).end, null);
  site.clock.advance(60_000);
  site.stop(null, 500.4, stop);
  t.equal(site.session(b).end, null);
  t.equal([...site.services.journal.live.sessions()].length, 2);
  t.same([site.used('A'), site.used('B')], [500, 0]);
  t.end();
});

void t.test('samples in StopTransaction count where MeterValues did not tell them', (t) => {
  const site = new Site();
  const id = site.start({ meterStart: 100_000 });
  const startedAt = site.timestamp();
  site.clock.advance(600_000);
  const value = (wh: number, timestamp: string | undefined, context: string) => ({
    timestamp,
    sampledValue: [{ value: String(wh), context }],
  });
  const transactionData = [
    value(100_000, startedAt, 'Transaction.Begin'),
    value(100_700, site.timestamp(), 'Transaction.End'),
  ];
  site.stop(id, null, { transactionData });
  t.equal(site.used('A'), 700);
  t.end();
});

void t.test(
  'samples in StopTransaction that repeat the session from its beginning count nothing twice',
  (t) => {
    for (const [what, timestamp] of [
      ['without times', undefined],
      ['with a clock in 1970', '1970-01-01T00:00:12Z'],
      ['stamped with the time of the stop', '2026-11-30T12:02:00Z'],
    ] as const) {
      const site = new Site();
      const id = site.start({ meterStart: 0 });
      site.clock.advance(60_000);
      site.meter(id, 800);
      site.clock.advance(60_000);
      const sampledValue = (wh: number, context: string) => ({
        timestamp,
        sampledValue: [{ value: String(wh), context }],
      });
      const transactionData = [sampledValue(0, 'Transaction.Begin'), sampledValue(900, 'Transaction.End')];
      site.stop(id, 900, { transactionData });
      t.equal(site.used('A'), 900, what);
    }
    t.end();
  },
);
