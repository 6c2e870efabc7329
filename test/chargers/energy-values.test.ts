// Catalogue of chargers, energy values: registers as they are really sent, and what is booked for them.
import t from 'tap';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import { Site } from '../kit/services.ts';
import { Charger, sessionsOf } from './charger.ts';

const REGISTER = 'Energy.Active.Import.Register';

void t.test('60: a value without measurand, unit and context is the register in Wh, amperes are not', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 12_000 });
  charger.wait(5);
  charger.samples([{ value: '12345' }], { transactionId });
  t.equal(site.used('A'), 345);
  charger.wait(5);
  charger.samples([{ value: '32', unit: 'A', context: 'CurrentMax' }], { transactionId });
  charger.samples([{ value: '99999', unit: 'W' }], { transactionId });
  t.equal(site.used('A'), 345, 'what has the unit of something else is no register');
  t.same(charger.session(transactionId).flags, []);
  t.end();
});

void t.test('61: MeterValues in kWh with decimals, StartTransaction and StopTransaction in Wh', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 4_210_250 });
  charger.wait(30);
  charger.samples([{ value: '4213.750', measurand: REGISTER, unit: 'kWh' }], { transactionId });
  t.equal(site.used('A'), 3500);
  charger.wait(10);
  charger.stop({ transactionId, meterStop: 4_214_900 });
  t.equal(site.used('A'), 4650);
  t.same(charger.session(transactionId).flags, []);
  t.end();
});

void t.test('62: kWh labelled Wh are asked about, and the quota is held to the larger reading', async (t) => {
  const site = new Site({ users: [sampleUser('A', { quotaWh: 2500 })] });
  const charger = new Charger(site);
  charger.status('Charging');
  const { transactionId } = charger.start({ meterStart: 361 });
  for (const value of ['361', '362', '363']) {
    charger.wait(7);
    charger.samples([{ value, unit: 'Wh' }], { transactionId });
  }
  t.equal(charger.session(transactionId).suspectedUnit, null, 'fourteen minutes prove nothing');
  await site.settle();
  t.same(site.stops, []);
  charger.wait(7);
  charger.samples([{ value: '364', unit: 'Wh' }], { transactionId });
  await site.settle();
  t.equal(charger.session(transactionId).suspectedUnit, 'kWh');
  t.match(site.services.alarms.active(), [{ id: 'unit/CP1' }], 'the operator is asked');
  t.match(site.stops, [{ transactionId }], '3 kWh would be more than the quota');
  t.equal(site.used('A'), 3, 'nothing is billed anew before the answer');
  site.services.enforcer.close();
});

void t.test('63: registers with decimals or as JSON numbers count to the Wh', (t) => {
  for (const [meterStart, value, meterStop, usedWh] of [
    [3_050_000, '3058620.000', 3_058_700, [8620, 8700]],
    [24_788_000, '24788713.9', 24_788_800, [714, 800]],
    [51_000, 51_608.5, 51_700, [609, 700]],
    [600, 604.213, '700', [4, 100]],
    [26_000, ' 26004 ', 26_008.333, [4, 8]],
    [1000, '1.2E3', '1300.0', [200, 300]],
    [1000, '1200,5', 1300, [201, 300]],
  ] as const) {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart });
    charger.wait(10);
    charger.register(value, { transactionId });
    const sampledWh = site.used('A');
    charger.wait(1);
    charger.stop({ transactionId, meterStop });
    t.same([sampledWh, site.used('A')], usedWh, String(value));
  }
  t.end();
});

void t.test('63: text that is no number is no register, and takes no other sample with it', (t) => {
  const junk = ['', ' ', 'NaN', 'Infinity', '-Infinity', '0x10', 'null', '1,234', '1.234,5', '--5', null, {}];
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 5000 });
  for (const value of junk) {
    charger.wait(1);
    charger.register(value, { transactionId });
    t.equal(site.used('A'), 0, JSON.stringify(value));
  }
  charger.samples([{ value: 'NaN' }, { value: '5600' }, { value: '' }], { transactionId });
  t.equal(site.used('A'), 600);
  t.same(charger.session(transactionId).flags, []);
  t.end();
});

void t.test('64: a meter that cannot be read says -1: the samples count from the first good one', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: -1 });
  charger.wait(1);
  charger.register('-1', { transactionId });
  charger.wait(1);
  charger.register('880000', { transactionId });
  charger.wait(10);
  charger.register('-1', { transactionId });
  charger.register('881500', { transactionId });
  charger.wait(1);
  charger.stop({ transactionId, meterStop: -1 });
  t.equal(site.used('A'), 1500);
  t.match(charger.session(transactionId), {
    meterStartWh: null,
    end: { evidence: 'lastSample', register: null },
    flags: ['baselineFromSample'],
  });
  t.end();
});

void t.test('65: a register of Transaction.Begin beside the present one is no new beginning', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0 });
  for (const [value, usedWh] of [
    ['646', 646],
    ['1290', 1290],
  ] as const) {
    charger.wait(5);
    const present = { value, measurand: REGISTER, context: 'Sample.Periodic', unit: 'Wh' };
    const begin = { value: '0', measurand: REGISTER, context: 'Transaction.Begin', unit: 'Wh' };
    charger.samples(value === '646' ? [present, begin] : [begin, present], { transactionId });
    t.equal(site.used('A'), usedWh);
  }
  t.same(charger.session(transactionId).flags, []);
  t.end();
});

void t.test('65: a register of another base in the same bucket is the one of the start', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 157_440 });
  charger.wait(60);
  const begin = { value: '157440', context: 'Transaction.Begin' };
  charger.samples([{ value: '163630', context: 'Sample.Periodic' }, begin], { transactionId });
  charger.stop({ transactionId, meterStop: 163_630 });
  t.equal(site.used('A'), 6190);
  t.end();
});

void t.test('66: a session register starts at 0 with every transaction', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  for (const [idTag, registers, meterStop] of [
    ['A', ['0', '900', '2300'], 2400],
    ['B', ['0', '150'], 150],
    ['A', ['80', '300'], 310],
  ] as const) {
    const { transactionId } = charger.start({ idTag, meterStart: 0 });
    for (const value of registers) {
      charger.wait(10);
      charger.register(value, { transactionId });
    }
    charger.stop({ transactionId, meterStop });
    t.same(charger.session(transactionId).flags, []);
    charger.wait(5);
  }
  t.same([site.used('A'), site.used('B')], [2710, 150]);
  t.end();
});

void t.test('66: PARTIAL samples beside a TOTAL meterStart count from 0', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 7_654_321 });
  charger.wait(10);
  charger.register('700', { transactionId });
  charger.wait(10);
  charger.register('1500', { transactionId });
  t.equal(site.used('A'), 1500);
  charger.stop({ transactionId, meterStop: 7_655_900 });
  t.equal(site.used('A'), 1579, 'the difference of Start and Stop is finer');
  t.end();
});

void t.test('66: a young lifetime in meterStart and meterStop is not the energy of a session', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 50_000 });
  charger.wait(20);
  charger.register('600', { transactionId });
  charger.wait(20);
  charger.stop({ transactionId, meterStop: 50_900 });
  t.equal(site.used('A'), 900, 'though some connectors could give as much in that time');
  t.same(charger.session(transactionId).flags, []);
  t.end();
});

void t.test('67: a lifetime meterStop over session samples bills the session, never the lifetime', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0 });
  charger.wait(30);
  charger.register('4000', { transactionId });
  charger.stop({ transactionId, meterStop: 4_076_000_000 });
  t.equal(site.used('A'), 4000);
  t.same(charger.session(transactionId).flags, ['stopContradicts']);
  t.end();
});

void t.test('67: lifetime and session registers that alternate are counted once', (t) => {
  for (const isLifetimeFirst of [true, false]) {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: isLifetimeFirst ? 2_000_000 : 0 });
    for (let minutes = 1; minutes <= 20; minutes += 1) {
      const registers = [String(2_000_000 + minutes * 100), String(minutes * 100)];
      charger.wait(1);
      // With a transaction id it is the register of a lifetime, without one that of the session, or the other way round.
      for (const value of isLifetimeFirst ? registers : registers.reverse()) {
        charger.register(value, Number(value) > 100_000 ? { transactionId } : {});
      }
      const overWh = site.used('A') - minutes * 100;
      if (minutes > 1) t.ok(overWh >= 0 && overWh <= 100, `${minutes} min: ${overWh} Wh more`);
    }
    charger.wait(1);
    charger.register('2002100', { transactionId });
    charger.stop({ transactionId, meterStop: 2_002_150 });
    t.equal(site.used('A'), 2150);
  }
  t.end();
});

void t.test('67: without a meterStart the lifetime register is not the energy of a session', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: undefined });
  charger.wait(1);
  charger.register('9345000', { transactionId });
  charger.wait(10);
  charger.register('9346000', { transactionId });
  charger.stop({ transactionId, meterStop: 9_346_200 });
  t.equal(site.used('A'), 1200);
  t.end();
});

void t.test('67: more than the connector can have given in that time is flagged, and booked', (t) => {
  for (const [meterStop, flags] of [
    [13_000, []],
    [14_000, ['aboveMaxPower']],
  ] as const) {
    const site = new Site({ maxPowerW: 11_000 });
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 0 });
    charger.wait(60);
    charger.stop({ transactionId, meterStop });
    t.equal(site.used('A'), meterStop);
    t.same(charger.session(transactionId).flags, flags);
  }
  t.end();
});

void t.test('68: a register that begins anew in a session carries its total on', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0 });
  for (const value of ['1500', '3000', '0', '400', '1000']) {
    charger.wait(10);
    charger.register(value, { transactionId });
  }
  t.equal(site.used('A'), 4000);
  t.same(charger.session(transactionId).flags, ['registerRestarted']);
  charger.stop({ transactionId, meterStop: 1100 });
  t.equal(site.used('A'), 4100);
  t.end();
});

void t.test('68: a register that goes back by a few Wh is ignored until it is further on again', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 50_000 });
  for (const value of ['51000', '50997', '50999', '51500']) {
    charger.wait(5);
    charger.register(value, { transactionId });
  }
  t.equal(site.used('A'), 1500);
  t.same(charger.session(transactionId).flags, []);
  t.end();
});

void t.test('69: samples under an id that nobody gave out count for the session on their connector', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 1000 });
  charger.wait(5);
  charger.register('1200', { transactionId: transactionId - 500 });
  charger.wait(5);
  charger.register('1400', { transactionId: -424_242 });
  t.equal(site.used('A'), 400);
  t.equal(sessionsOf(site).length, 1);
  t.end();
});

void t.test(
  '69: a running transaction that kwota does not know is adopted and counts from its first sample',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    charger.register('730000', { transactionId: 88 });
    charger.wait(10);
    charger.register('731250', { transactionId: 88 });
    t.match(charger.session(88), { origin: 'adopted', connectorId: 1, end: null });
    charger.stop({ transactionId: 88, meterStop: 731_300 });
    t.same([site.used('UNKNOWN'), site.used('A')], [1300, 0], 'it is seen, and on nobody');
    t.end();
  },
);

void t.test(
  '69: a transaction without a start is that of the card shown last, and somebody is told',
  async (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const alarms = () => site.services.alarms.active().map(({ id }) => id);
    charger.authorize('A');
    charger.wait(2);
    charger.register('730000', { transactionId: 88 });
    charger.wait(10);
    charger.register('731250', { transactionId: 88 });
    t.same([site.used('UNKNOWN'), site.used('A')], [0, 1250]);
    t.match(charger.session(88), { origin: 'adopted', idTag: 'A', authorization: 'Accepted' });
    t.same(alarms(), ['adopted/CP1']);
    await site.settle();
    site.restart();
    t.same(alarms(), ['adopted/CP1'], 'also after a restart');
    charger.stop({ transactionId: 88, meterStop: 731_300 });
    t.same(alarms(), []);
  },
);

void t.test(
  '69: a card that was refused, has charged since, or was shown long ago owns no such transaction',
  (t) => {
    for (const spoil of [
      (charger: Charger) => charger.authorize('STRANGER'),
      (charger: Charger) => {
        charger.authorize('A');
        charger.stop({ ...charger.start(), meterStop: 0 });
        charger.wait(1);
      },
      (charger: Charger) => {
        charger.authorize('A');
        charger.wait(11);
      },
    ]) {
      const site = new Site();
      const charger = new Charger(site);
      spoil(charger);
      charger.register('730000', { transactionId: 88 });
      charger.wait(10);
      charger.register('731250', { transactionId: 88 });
      t.same([site.used('UNKNOWN'), site.used('A')], [1250, 0]);
    }
    t.end();
  },
);

void t.test('70: transaction ids of 0, -1, int64, text or none are resolved by the connector', (t) => {
  for (const odd of [0, -1, 2 ** 63, '9223372036854775807', 'none', null, undefined, 17.5]) {
    const site = new Site();
    const charger = new Charger(site);
    const a = charger.start({ meterStart: 1000 });
    const b = charger.start({ meterStart: 9000, idTag: 'B', connectorId: 2 });
    charger.wait(10);
    charger.register('1800', { transactionId: odd });
    charger.register('9500', { transactionId: odd, connectorId: 2 });
    t.same([site.used('A'), site.used('B')], [800, 500], String(odd));
    charger.stop({ transactionId: odd, idTag: 'B', meterStop: 9600 });
    t.same([site.used('A'), site.used('B')], [800, 600], String(odd));
    t.equal(charger.session(a.transactionId).end, null);
    t.match(charger.session(b.transactionId).end, { evidence: 'meterStop' });
    t.ok(a.transactionId > 0 && b.transactionId > 0);
  }
  t.end();
});

void t.test('70: a transaction id written as text is the number', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start();
  charger.wait(5);
  charger.register('300', { transactionId: String(transactionId), connectorId: 0 });
  charger.stop({ transactionId: ` ${transactionId} `, meterStop: '350' });
  t.equal(site.used('A'), 350);
  t.match(charger.session(transactionId).end, { evidence: 'meterStop' });
  t.end();
});
