// Catalogue of chargers, transactions: starts and stops that are lost, repeated, out of place or of nobody.
import t from 'tap';
import { Site } from '../kit/services.ts';
import { Charger, sessionsOf } from './charger.ts';

void t.test('83: a StartTransaction that is sent again with its first timestamp gets the same id', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const payload = { connectorId: 1, idTag: 'A', meterStart: 0, timestamp: charger.now() };
  const first = charger.start(payload);
  charger.wait(3);
  t.same(charger.start(payload), first, 'the answer was lost');
  charger.register('200', first);
  t.same(charger.start(payload), first, 'also once energy flows');
  charger.stop({ ...first, meterStop: 900 });
  t.same(charger.start(payload), first, 'and after its end');
  t.equal(sessionsOf(site).length, 1);
  t.equal(site.used('A'), 900);
  t.end();
});

void t.test(
  '84: a start while another session is open ends that one, with the gap up to the new meterStart',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const first = charger.start({ meterStart: 300_000 });
    charger.wait(30);
    charger.register('304000', first);
    charger.wait(60);
    const second = charger.start({ idTag: 'B', meterStart: 304_150 });
    t.match(charger.session(first.transactionId).end, { evidence: 'nextStart', reason: 'anotherStarted' });
    charger.wait(10);
    charger.register('305150', second);
    t.same([site.used('A'), site.used('B')], [4150, 1000]);
    charger.stop({ ...first, meterStop: 304_100, timestamp: '2026-11-30T12:31:00Z' });
    t.same([site.used('A'), site.used('B')], [4100, 1000], 'its own meterStop, late, is the truth');
    t.end();
  },
);

void t.test('85: a StopTransaction sent twice, or again after days, books once', (t) => {
  const site = new Site({ now: '2026-11-20T12:00:00Z' });
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0 });
  charger.wait(60);
  const payload = { transactionId, meterStop: 7000, timestamp: charger.now() };
  charger.stop(payload);
  charger.stop(payload);
  charger.wait(3 * 24 * 60);
  charger.stop(payload);
  t.equal(site.used('A'), 7000);
  charger.stop({ ...payload, meterStop: 7040 });
  t.equal(site.used('A'), 7040, 'a larger meterStop says more');
  charger.stop({ ...payload, meterStop: 6000 });
  t.equal(site.used('A'), 7040);
  t.equal(sessionsOf(site).length, 1);
  t.end();
});

void t.test(
  '86: of a transaction known by its StopTransaction alone, the register since the last one counts',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    charger.status('Available');
    const known = charger.start({ meterStart: 20_000 });
    charger.wait(30);
    charger.stop({ ...known, meterStop: 24_000 });
    charger.wait(120);
    const payload = { transactionId: 5, idTag: 'B', meterStop: 26_500, timestamp: charger.now() };
    charger.stop(payload);
    charger.stop(payload);
    t.same([site.used('A'), site.used('B')], [4000, 2500]);
    t.match(charger.session(5), { origin: 'stopOnly', end: { evidence: 'meterStop' } });
    charger.wait(60);
    charger.stop({ transactionId: 6, meterStop: 27_000 });
    t.equal(site.used('UNKNOWN'), 500, 'without a tag it is seen, and on nobody');
    t.end();
  },
);

void t.test(
  '87: a StopTransaction with id 0, -1 or null ends the session of its tag, or the only one',
  (t) => {
    for (const odd of [0, -1, null]) {
      const site = new Site();
      const charger = new Charger(site);
      const a = charger.start({ meterStart: 100 });
      const b = charger.start({ meterStart: 5000, idTag: 'B', connectorId: 2 });
      charger.wait(10);
      charger.stop({ transactionId: odd, idTag: 'B', meterStop: 5600 });
      t.equal(charger.session(a.transactionId).end, null);
      t.match(charger.session(b.transactionId).end, { evidence: 'meterStop' });
      charger.wait(10);
      charger.stop({ transactionId: odd, meterStop: 1100 });
      t.match(charger.session(a.transactionId).end, { evidence: 'meterStop' });
      t.same([site.used('A'), site.used('B')], [1000, 600], String(odd));
      t.equal(sessionsOf(site).length, 2);
    }
    t.end();
  },
);

void t.test('87: of several sessions the one is ended whose register the meterStop continues', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const a = charger.start({ meterStart: 100 });
  const b = charger.start({ meterStart: 5000, idTag: 'B', connectorId: 2 });
  charger.wait(10);
  charger.stop({ transactionId: 0, meterStop: 900 });
  t.match(charger.session(a.transactionId).end, { evidence: 'meterStop' });
  t.equal(charger.session(b.transactionId).end, null);
  t.same([site.used('A'), site.used('B')], [800, 0]);
  t.end();
});

void t.test(
  '88: a stop by another card, without a card or for an unheard-of reason books on the start',
  (t) => {
    for (const payload of [{ idTag: 'B' }, {}, { idTag: null }, { idTag: 'STRANGER', reason: 'PullPlug' }]) {
      const site = new Site();
      const charger = new Charger(site);
      const { transactionId } = charger.start({ meterStart: 1000 });
      charger.wait(10);
      charger.stop({ transactionId, meterStop: 2500, ...payload });
      t.same([site.used('A'), site.used('B'), site.used('STRANGER')], [1500, 0, 0], JSON.stringify(payload));
      t.match(charger.session(transactionId).end, { evidence: 'meterStop' });
    }
    t.end();
  },
);

void t.test('89: a corrupted tag in StopTransaction changes nothing', (t) => {
  for (const idTag of ['A-5K', 'A\u0010\u000e', 'A'.repeat(500), 12_345]) {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 0 });
    charger.wait(10);
    charger.stop({ transactionId, meterStop: 800, idTag });
    t.equal(site.used('A'), 800);
    t.match(charger.session(transactionId), { idTag: 'A', end: { evidence: 'meterStop' } });
    t.equal(sessionsOf(site).length, 1);
  }
  t.end();
});

void t.test('90: a meterStop below meterStart never takes energy away', (t) => {
  for (const [registers, meterStop, usedWh] of [
    [['51000', '52000'], 0, 2000],
    [['51000', '52000'], 40_000, 2000],
    [[], 0, 0],
    [[], 40_000, 0],
  ] as const) {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 50_000 });
    for (const value of registers) {
      charger.wait(10);
      charger.register(value, { transactionId });
    }
    charger.stop({ transactionId, meterStop });
    t.equal(site.used('A'), usedWh);
    t.same(charger.session(transactionId).flags, ['stopContradicts']);
  }
  t.end();
});

void t.test(
  '91: a boot ends nothing: the session goes on with its samples, or ends with its late stop',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 10_000 });
    charger.wait(20);
    charger.register('13000', { transactionId });
    charger.wait(90);
    t.equal(charger.boot({ chargePointVendor: 'ACME', chargePointModel: 'Wall' }), 'Accepted');
    charger.boot({ chargePointVendor: 'ACME', chargePointModel: 'Wall' });
    t.equal(charger.session(transactionId).end, null);
    charger.wait(5);
    charger.register('13400', { transactionId });
    charger.wait(5);
    charger.stop({ transactionId, meterStop: 13_500, reason: 'PowerLoss' });
    t.equal(site.used('A'), 3500);
    t.equal(sessionsOf(site).length, 1);
    t.end();
  },
);

void t.test(
  '91: a session that lost its stop in a power cut ends when the connector has been free for long',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    charger.status('Charging');
    const { transactionId } = charger.start({ meterStart: 10_000 });
    charger.wait(20);
    charger.register('13000', { transactionId });
    charger.wait(90);
    charger.boot({ chargePointVendor: 'ACME', chargePointModel: 'Wall' });
    charger.status('Available');
    charger.wait(9);
    site.services.sessions.endAbandoned(site.clock.now());
    t.equal(charger.session(transactionId).end, null);
    charger.wait(1);
    site.services.sessions.endAbandoned(site.clock.now());
    t.match(charger.session(transactionId).end, { evidence: 'lastSample' });
    t.equal(site.used('A'), 3000);
    charger.wait(5);
    charger.stop({ transactionId, meterStop: 13_200, reason: 'PowerLoss' });
    t.equal(site.used('A'), 3200, 'the truth, late');
    t.end();
  },
);
