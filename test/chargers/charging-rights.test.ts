// Catalogue of chargers, transactions: who may charge, and what becomes of charges that nobody may.
import t from 'tap';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import { Site } from '../kit/services.ts';
import { Charger } from './charger.ts';

void t.test('92: StartTransaction without Authorize is decided as if the card had been shown', (t) => {
  const users = [
    sampleUser('A'),
    sampleUser('EMPTY', { quotaWh: 0 }),
    sampleUser('BLOCKED', { isBlocked: true }),
  ];
  for (const [idTag, status] of [
    ['A', 'Accepted'],
    ['EMPTY', 'Blocked'],
    ['BLOCKED', 'Blocked'],
    ['STRANGER', 'Invalid'],
  ] as const) {
    const charger = new Charger(new Site({ users }));
    t.equal(charger.start({ idTag }).status, status, idTag);
  }
  t.end();
});

void t.test(
  '93: a denied start has its own id; energy that flows all the same is booked and stopped',
  async (t) => {
    const site = new Site({ users: [sampleUser('A', { quotaWh: 0 })] });
    const charger = new Charger(site);
    const { transactionId, status } = charger.start({ meterStart: 700 });
    t.equal(status, 'Blocked');
    t.ok(transactionId > 0);
    await site.settle();
    t.same(site.stops, []);
    charger.wait(1);
    charger.register('900', { transactionId });
    await site.settle();
    t.match(site.stops, [{ chargePointId: 'CP1', transactionId }]);
    charger.stop({ transactionId, meterStop: 950, reason: 'DeAuthorized' });
    t.equal(site.used('A'), 250);
    site.services.enforcer.close();
  },
);

void t.test('94: Authorize and StartTransaction decide alike', (t) => {
  const users = [
    sampleUser('A'),
    sampleUser('EMPTY', { quotaWh: 0 }),
    sampleUser('BLOCKED', { isBlocked: true }),
    sampleUser('EXPIRED', { expires: '2026-11-01' }),
  ];
  const charger = new Charger(new Site({ users }));
  for (const idTag of ['A', 'EMPTY', 'BLOCKED', 'EXPIRED', 'STRANGER']) {
    t.equal(charger.start({ idTag }).status, charger.authorize(idTag), idTag);
  }
  t.equal(charger.authorize('EMPTY'), 'Blocked', 'a used-up quota is no matter of concurrency');
  t.end();
});

void t.test(
  '95: a charger that starts by itself is denied, booked on what it calls itself, and stopped',
  async (t) => {
    for (const idTag of [undefined, '', 'freevend', 'Plug and Charge ID 01', 'CP-SERIAL-0042']) {
      const site = new Site();
      const charger = new Charger(site);
      const { transactionId, status } = charger.start({ idTag, meterStart: 0 });
      t.equal(status, 'Invalid');
      charger.wait(1);
      charger.register('150', { transactionId });
      await site.settle();
      t.equal(site.stops.length, 1, String(idTag));
      t.equal(site.used(idTag ?? ''), 150);
      t.equal(site.used('A'), 0);
      site.services.enforcer.close();
    }
  },
);

void t.test('98: one card on two chargers shares its quota, and both are stopped on it', async (t) => {
  const site = new Site({ users: [sampleUser('A', { quotaWh: 3000 })] });
  const one = new Charger(site, 'CP1');
  const two = new Charger(site, 'CP2');
  const first = one.start({ meterStart: 0 });
  const second = two.start({ meterStart: 50_000 });
  t.same([first.status, second.status], ['Accepted', 'Accepted']);
  one.wait(10);
  one.register('1500', first);
  await site.settle();
  t.same(site.stops, []);
  two.register('51500', second);
  await site.settle();
  t.same(site.stops.map((stop) => stop.chargePointId).sort(), ['CP1', 'CP2']);
  t.equal(site.used('A'), 3000);
  t.equal(new Charger(site, 'CP3').start().status, 'Blocked');
  site.services.enforcer.close();
});
