// Catalogue of chargers, LIVOLTEK: whole kWh from 0 in every session, power that is ten times too large, samples twice a minute.
import t from 'tap';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import { Site, type SiteOptions } from '../kit/services.ts';
import { Charger, sessionsOf } from './charger.ts';

const SAMPLE_S = 32;

/** A sample of whole kilowatt-hours, in the style of the brand; the unit tag may be missing. */
function sample(charger: Charger, transactionId: number, kWh: number, unit?: string): void {
  const energy = { value: kWh.toFixed(1), measurand: 'Energy.Active.Import.Register', unit };
  const power = { value: '84117', measurand: 'Power.Active.Import', unit: 'W' };
  charger.samples([power, energy], { transactionId });
}

function site(options: SiteOptions = {}): { site: Site; charger: Charger } {
  const made = new Site({ energyUnit: 'kWh', ...options });
  return { site: made, charger: new Charger(made) };
}

void t.test('L2: energyUnit kWh beats a tag that is missing or says Wh', (t) => {
  for (const unit of [undefined, 'Wh', 'kWh']) {
    const { site: made, charger } = site({ users: [sampleUser('A', { quotaWh: 50_000 })] });
    const { transactionId } = charger.start({ meterStart: 0 });
    for (let kWh = 0; kWh <= 23; kWh += 1) {
      sample(charger, transactionId, kWh, unit);
      charger.wait(7);
    }
    t.equal(made.used('A'), 23_000, String(unit));
    t.same(charger.session(transactionId).flags, []);
    t.equal(charger.session(transactionId).suspectedUnit, null);
  }
  t.end();
});

void t.test('L2: without energyUnit a tag of kWh is believed', (t) => {
  const { site: made, charger } = site({ energyUnit: 'auto' });
  const { transactionId } = charger.start({ meterStart: 0 });
  charger.wait(20);
  sample(charger, transactionId, 3, 'kWh');
  t.equal(made.used('A'), 3000);
  t.end();
});

void t.test('L3: every transaction begins at 0, whatever the one before ended at', (t) => {
  const { site: made, charger } = site();
  for (const [idTag, lastKWh] of [
    ['A', 6],
    ['B', 2],
    ['A', 3],
  ] as const) {
    const { transactionId } = charger.start({ idTag, meterStart: 0 });
    for (let kWh = 0; kWh <= lastKWh; kWh += 1) {
      sample(charger, transactionId, kWh);
      charger.wait(7);
    }
    charger.stop({ transactionId });
    t.same(charger.session(transactionId).flags, []);
  }
  t.same([made.used('A'), made.used('B')], [9000, 2000]);
  t.end();
});

void t.test('L4: a meterStop in Wh is finer than whole kWh, one in kWh is known for what it is', (t) => {
  for (const [meterStop, usedWh, flags] of [
    [23_640, 23_640, []],
    [23, 23_000, ['unitsDiffer']],
    [0, 23_000, ['stopContradicts']],
  ] as const) {
    const { site: made, charger } = site({ users: [sampleUser('A', { quotaWh: 50_000 })] });
    const { transactionId } = charger.start({ meterStart: 0 });
    charger.wait(160);
    sample(charger, transactionId, 23);
    charger.wait(4);
    charger.stop({ transactionId, meterStop });
    t.equal(made.used('A'), usedWh, `meterStop ${meterStop}`);
    t.same(charger.session(transactionId).flags, flags);
  }
  t.end();
});

void t.test(
  'L5: the quota stops on the whole kWh that reaches it, and many short sessions add up by meterStop',
  async (t) => {
    const { site: made, charger } = site({ users: [sampleUser('A', { quotaWh: 2000 }), sampleUser('B')] });
    const { transactionId } = charger.start({ meterStart: 0 });
    for (const [kWh, stops] of [
      [0, 0],
      [1, 0],
      [2, 1],
    ] as const) {
      sample(charger, transactionId, kWh);
      await made.settle();
      t.equal(made.stops.length, stops, `${kWh} kWh`);
      charger.wait(7);
    }
    charger.stop({ transactionId, meterStop: 2040 });
    t.equal(made.used('A'), 2040, 'what flowed beyond the quota stays booked');
    t.equal(charger.authorize('A'), 'Blocked');
    for (let count = 0; count < 4; count += 1) {
      const short = charger.start({ idTag: 'B', meterStart: 0 });
      sample(charger, short.transactionId, 0);
      charger.wait(5);
      charger.stop({ ...short, meterStop: 700 });
    }
    t.equal(made.used('B'), 2800);
    made.services.enforcer.close();
  },
);

void t.test('L6: power ten times too large neither bills nor vetoes energy', (t) => {
  const { site: made, charger } = site();
  const { transactionId } = charger.start({ meterStart: 0 });
  for (const [power, kWh] of [
    ['63993', 1],
    ['106837', 2],
    ['211344', 3],
    ['252', 3],
  ] as const) {
    charger.wait(7);
    const energy = { value: `${kWh}.0`, measurand: 'Energy.Active.Import.Register' };
    charger.samples([{ value: power, measurand: 'Power.Active.Import' }, energy], { transactionId });
    t.equal(made.used('A'), kWh * 1000);
  }
  t.same(charger.session(transactionId).flags, []);
  t.end();
});

void t.test('L10: a running session survives a restart of the server', async (t) => {
  const { site: made, charger } = site();
  const { transactionId } = charger.start({ meterStart: 0 });
  charger.wait(14);
  sample(charger, transactionId, 2);
  await made.settle();
  made.restart();
  made.clock.advance(SAMPLE_S * 1000);
  sample(charger, transactionId, 2);
  charger.wait(7);
  sample(charger, transactionId, 3);
  charger.stop({ transactionId });
  t.equal(made.used('A'), 3000);
  t.equal(sessionsOf(made).length, 1);
});
