// Catalogue of chargers, transactions: what was kept while offline or went on for days, told late and in any order.
import t from 'tap';
import { Site } from '../kit/services.ts';
import { UNATTRIBUTED_TAG } from '../../src/csms/unknown-transaction.ts';
import { Charger, sessionsOf } from './charger.ts';

void t.test('97: samples of a queue in any order, before and after their stop, come to the same', (t) => {
  const samples = [
    ['2026-11-30T08:20:00Z', '2000'],
    ['2026-11-30T08:40:00Z', '4000'],
    ['2026-11-30T09:00:00Z', '6000'],
  ] as const;
  for (const [order, isStopFirst] of [
    [[0, 1, 2], false],
    [[2, 0, 1], false],
    [[2, 1, 0], true],
    [[1, 0, 2, 2, 0], true],
  ] as const) {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 0, timestamp: '2026-11-30T08:00:00Z' });
    const stop = () => charger.stop({ transactionId, meterStop: 6300, timestamp: '2026-11-30T09:05:00Z' });
    if (isStopFirst) stop();
    for (const index of order) {
      const [timestamp, value] = samples[index];
      charger.meterValues({
        connectorId: 1,
        transactionId,
        meterValue: [{ timestamp, sampledValue: [{ value }] }],
      });
    }
    if (!isStopFirst) stop();
    t.equal(site.used('A'), 6300, order.join());
    t.equal(sessionsOf(site).length, 1);
  }
  t.end();
});

void t.test('97: a stop with -1 that comes before its own start is one session with it', (t) => {
  const stopped = { transactionId: -1, meterStop: 7900, timestamp: '2026-11-30T09:00:00Z' };
  const sample = { timestamp: '2026-11-30T08:40:00Z', sampledValue: [{ value: '7000' }] };
  for (const stop of [
    { ...stopped, idTag: 'A' },
    stopped,
    { ...stopped, idTag: 'A', transactionData: [sample] },
  ]) {
    const site = new Site();
    const charger = new Charger(site);
    const start = () => charger.start({ meterStart: 5000, timestamp: '2026-11-30T08:00:00Z' });
    charger.stop(stop);
    const { transactionId } = start();
    t.equal(start().transactionId, transactionId, 'told again, the same answer');
    charger.stop(stop);
    t.equal(site.used('A'), 2900);
    t.equal(site.used(UNATTRIBUTED_TAG), 0);
    t.match(sessionsOf(site), [{ origin: 'start', idTag: 'A', end: { evidence: 'meterStop' } }]);
    t.equal(sessionsOf(site).length, 1);
    t.equal(
      charger.start({ meterStart: 7900 }).transactionId === transactionId,
      false,
      'the next one is new',
    );
  }
  t.end();
});

void t.test('97: the starts of two stops that came before them each find their own', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  charger.stop({ transactionId: -1, meterStop: 6000, idTag: 'A', timestamp: '2026-11-30T08:30:00Z' });
  charger.stop({ transactionId: -1, meterStop: 9000, idTag: 'A', timestamp: '2026-11-30T10:30:00Z' });
  const live = charger.start({ idTag: 'B', meterStart: 9500 });
  charger.start({ meterStart: 7000, timestamp: '2026-11-30T10:00:00Z' });
  charger.start({ meterStart: 5000, timestamp: '2026-11-30T08:00:00Z' });
  t.equal(site.used('A'), 1000 + 2000);
  t.equal(charger.session(live.transactionId).end, null);
  t.equal(sessionsOf(site).length, 3);
  t.end();
});

void t.test('97: a start is not that of another card, connector or register', (t) => {
  for (const other of [{ idTag: 'B' }, { connectorId: 2 }, { meterStart: 6000 }]) {
    const site = new Site();
    const charger = new Charger(site);
    charger.stop({ transactionId: -1, meterStop: 6000, idTag: 'A', timestamp: '2026-11-30T08:30:00Z' });
    const start = { meterStart: 5000, timestamp: '2026-11-30T08:00:00Z', ...other };
    const { transactionId } = charger.start(start);
    t.equal(charger.session(transactionId).end, null);
    t.equal(sessionsOf(site).length, 2);
  }
  t.end();
});

void t.test(
  '97: a session of the offline queue told after a later one has begun leaves that one running',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const live = charger.start({ idTag: 'B', meterStart: 8000 });
    charger.wait(10);
    charger.register('9000', live);
    const old = charger.start({ meterStart: 5000, timestamp: '2026-11-30T08:00:00Z' });
    t.equal(charger.session(live.transactionId).end, null);
    charger.stop({ transactionId: old.transactionId, meterStop: 7900, timestamp: '2026-11-30T09:00:00Z' });
    charger.wait(10);
    charger.register('10000', live);
    t.same([site.used('A'), site.used('B')], [2900, 2000]);
    charger.stop({ ...live, meterStop: 10_100 });
    t.same([site.used('A'), site.used('B')], [2900, 2100]);
    t.end();
  },
);

void t.test(
  '97: of an offline session whose stop never comes, the energy ends where the later one began',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const live = charger.start({ idTag: 'B', meterStart: 8000 });
    charger.wait(10);
    charger.start({ meterStart: 5000, timestamp: '2026-11-30T08:00:00Z' });
    charger.stop({ ...live, meterStop: 9000 });
    charger.wait(10);
    charger.start({ meterStart: 9000 });
    t.same([site.used('A'), site.used('B')], [3000, 1000]);
    t.end();
  },
);

void t.test(
  '99: a session of days is shared between the months by the time of its samples at the site',
  (t) => {
    const site = new Site({ now: '2026-11-29T10:00:00Z', timeZone: 'Europe/Istanbul' });
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 0 });
    for (const [hours, value] of [
      [24, '1000'],
      [10, '2000'],
      // Two hours with the turn of the month, at 21:00 UTC, in the middle.
      [2, '2800'],
      [14, '2800'],
    ] as const) {
      charger.wait(hours * 60);
      charger.register(value, { transactionId });
    }
    charger.stop({ transactionId, meterStop: 2900 });
    const { live } = site.services.journal;
    t.same([live.usedWh('2026-11', 'A'), live.usedWh('2026-12', 'A')], [2400, 500]);
    t.end();
  },
);
