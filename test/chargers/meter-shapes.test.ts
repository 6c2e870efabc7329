// Catalogue of chargers, energy values continued: values outside a transaction, phases, signed data, spikes, meters that say little.
import t from 'tap';
import { Site } from '../kit/services.ts';
import { registerGaps } from '../../src/domain/register-gaps.ts';
import { Charger, sessionsOf } from './charger.ts';

const REGISTER = 'Energy.Active.Import.Register';

void t.test('71: a register that runs on between transactions is billed to nobody', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const first = charger.start({ meterStart: 2_250_000 });
  charger.wait(60);
  charger.stop({ transactionId: first.transactionId, meterStop: 2_259_988 });
  charger.wait(1);
  charger.register('2259992.1');
  charger.wait(600);
  charger.register('2260040', { connectorId: 0 });
  const second = charger.start({ idTag: 'B', meterStart: 2_260_045 });
  charger.wait(10);
  charger.register('2260545', { transactionId: second.transactionId });
  charger.register('9900000', { connectorId: 0 });
  t.same([site.used('A'), site.used('B')], [9988, 500]);
  t.equal(sessionsOf(site).length, 2);
  t.end();
});

void t.test(
  '96: what a register gains without a session is told for audit, until a queue explains it',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const gaps = () => registerGaps(sessionsOf(site)).map(({ connectorId, wh }) => [connectorId, wh]);
    charger.stop({ ...charger.start({ meterStart: 1000 }), meterStop: 3000 });
    const first = charger.now();
    charger.wait(300);
    const live = charger.start({ meterStart: 9000 });
    charger.stop({ ...charger.start({ connectorId: 2, meterStart: 500 }), meterStop: 900 });
    charger.start({ connectorId: 2, meterStart: 950 });
    t.same(gaps(), [[1, 6000]], 'not the own consumption of 50 Wh');
    t.same(site.used('A'), 2000 + 400, 'billed to nobody');
    const late = charger.start({ idTag: 'B', meterStart: 3000, timestamp: first });
    charger.stop({ ...late, meterStop: 9000, timestamp: first.replace('T12', 'T14') });
    t.same(gaps(), []);
    t.same([site.used('A'), site.used('B')], [2400, 6000]);
    t.equal(charger.session(live.transactionId).end, null);
    t.end();
  },
);

void t.test(
  '72: a closing sample after StopTransaction neither adds to meterStop nor reopens the session',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 40_000 });
    charger.wait(30);
    charger.register('45000', { transactionId });
    charger.wait(1);
    charger.stop({ transactionId, meterStop: 45_120 });
    charger.samples([{ value: '45120', context: 'Transaction.End' }], { transactionId });
    charger.wait(1);
    charger.samples([{ value: '45124', context: 'Sample.Periodic' }], { transactionId });
    t.equal(site.used('A'), 5120);
    t.match(charger.session(transactionId).end, { evidence: 'meterStop' });
    t.end();
  },
);

void t.test('72: a closing sample completes a session whose StopTransaction had no meterStop', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 40_000 });
  charger.wait(30);
  charger.register('45000', { transactionId });
  charger.wait(1);
  charger.stop({ transactionId, meterStop: -1 });
  charger.wait(1);
  charger.samples([{ value: '45130', context: 'Transaction.End' }], { transactionId });
  t.equal(site.used('A'), 5130);
  charger.wait(20);
  charger.register('45900', { transactionId });
  t.equal(site.used('A'), 5130, 'what comes later is something else');
  t.end();
});

void t.test('73: phases without a total are summed, beside a total they are left alone', (t) => {
  const phase = (name: string, value: string) => ({ value, phase: name, measurand: REGISTER });
  for (const [sampledValue, usedWh] of [
    [[phase('L1', '1000'), phase('L2', '1100'), phase('L3', '900')], 3000],
    [[phase('L1-N', '1000'), phase('L2-N', '1100'), phase('L3-N', '900')], 3000],
    [[{ value: '3000' }, phase('L1', '1000'), phase('L2', '1100'), phase('L3', '900')], 3000],
    [[phase('L1', '1000'), phase('L2', '1100'), phase('L3', '900'), { value: '3000' }], 3000],
    [[phase('L1', '3000')], 3000],
    [[phase('N', '7'), phase('L1', '3000')], 3000],
  ] as const) {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 0 });
    charger.wait(20);
    charger.samples(sampledValue, { transactionId });
    t.equal(site.used('A'), usedWh, sampledValue.map((sample) => Object.values(sample).join(' ')).join(', '));
  }
  t.end();
});

void t.test('74: other measurands and unheard-of ones leave the register alone', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0 });
  const odd = [
    { value: '77777', measurand: 'Request.Energy' },
    { value: '50.01', measurand: 'Frequency', unit: 'Hz' },
    { value: '41', measurand: 'Temperature', unit: 'Celcius' },
    { value: '120', measurand: 'Energy.Active.Export.Interval', unit: 'Wh' },
    { value: '66666', measurand: 'Energy.Active.Export.Register', unit: 'Wh' },
    { value: '99.5', measurand: 'Power.Active.Import', unit: 'kW' },
  ];
  charger.wait(5);
  charger.samples(odd, { transactionId });
  charger.samples([], { transactionId });
  t.equal(site.used('A'), 0);
  charger.samples([...odd, { value: '0.6', measurand: REGISTER, unit: 'kWh' }], { transactionId });
  t.equal(site.used('A'), 600);
  t.end();
});

const INTERVAL = 'Energy.Active.Import.Interval';

void t.test(
  '74: intervals are summed where a charger tells no register, each once, and meterStop closes them',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 880_000 });
    for (let told = 1; told <= 3; told += 1) {
      charger.wait(5);
      charger.samples([{ value: '0.5', measurand: INTERVAL, unit: 'kWh' }], { transactionId });
      charger.samples([{ value: '0.5', measurand: INTERVAL, unit: 'kWh' }], { transactionId });
      t.equal(site.used('A'), told * 500);
    }
    t.match(charger.session(transactionId).flags, ['intervalsSummed']);
    charger.stop({ transactionId, meterStop: 881_620 });
    t.equal(site.used('A'), 1620);
    t.end();
  },
);

void t.test(
  '74: intervals that are repeated after a restart count once, however much others told in between',
  async (t) => {
    const site = new Site({ readingsLoaded: 1 });
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 880_000 });
    charger.wait(5);
    const sampledValue = [{ value: '5', measurand: INTERVAL }];
    const meterValue = Array.from({ length: 200 }, (_, index) => ({
      timestamp: minutesBefore(site.timestamp(), index / 60),
      sampledValue,
    }));
    const message = { connectorId: 1, transactionId, meterValue };
    charger.meterValues(message);
    charger.register('70', { connectorId: 2 });
    await site.services.journal.durable();
    site.restart();
    charger.meterValues(message);
    t.equal(site.used('A'), 1000);
    charger.wait(5);
    charger.samples(sampledValue, { transactionId });
    t.equal(site.used('A'), 1005);
  },
);

/** An interval as it is told, and how many minutes before now it ended; null: without a time. */
type ToldInterval = readonly [value: string, minutesAgo: number | null];

const INTERVALS: Readonly<
  Record<string, readonly [messages: readonly (readonly ToldInterval[])[], wh: number]>
> = {
  'without a time, as large as the one before': [[[['200', null]], [['200', null]], [['200', null]]], 600],
  'without a time, in one message': [
    [
      [
        ['200', null],
        ['200', null],
      ],
    ],
    400,
  ],
  'at one moment, of different size': [[[['100', 5]], [['200', 5]], [['300', 5]]], 600],
  'of parts of a Wh': [Array.from({ length: 100 }, (_, index) => [['0.4', 100 - index]] as const), 40],
  'newest first in one message': [
    [
      [
        ['9000', 0],
        ['9000', 15],
        ['9000', 30],
        ['9000', 45],
      ],
    ],
    36_000,
  ],
};

void t.test(
  '74: intervals without a time, at one moment, of parts of a Wh or newest first are all summed',
  (t) => {
    for (const [how, [messages, wh]] of Object.entries(INTERVALS)) {
      const site = new Site();
      const charger = new Charger(site);
      const { transactionId } = charger.start({ meterStart: 880_000 });
      charger.wait(120);
      for (const message of messages) {
        const meterValue = message.map(([value, minutesAgo]) => ({
          ...(minutesAgo === null ? {} : { timestamp: minutesBefore(site.timestamp(), minutesAgo) }),
          sampledValue: [{ value, measurand: INTERVAL }],
        }));
        charger.meterValues({ connectorId: 1, transactionId, meterValue });
        if (message[0]?.[1] === null) charger.wait(1);
      }
      t.equal(site.used('A'), wh, how);
    }
    t.end();
  },
);

function minutesBefore(timestamp: string, minutes: number): string {
  return new Date(Date.parse(timestamp) - minutes * 60_000).toISOString();
}

void t.test('74: intervals beside a register are not counted, and a register takes their place', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const interval = { value: '100', measurand: INTERVAL };
  const both = charger.start({ meterStart: 5000 });
  charger.wait(5);
  charger.samples([{ value: '5100', measurand: REGISTER }, interval], both);
  charger.wait(5);
  charger.samples([interval], both);
  t.equal(site.used('A'), 100);
  charger.stop({ ...both, meterStop: 5230 });
  t.equal(site.used('A'), 230);
  const later = charger.start({ meterStart: 5230 });
  charger.wait(5);
  charger.samples([interval], later);
  charger.wait(5);
  charger.register('5480', later);
  t.equal(site.used('A'), 230 + 250);
  t.end();
});

void t.test('74: a register that does not go on from meterStart leaves the intervals alone', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const unknown = charger.start({ meterStart: -1 });
  charger.wait(5);
  charger.samples([{ value: '100', measurand: INTERVAL }], unknown);
  charger.register('7000000', unknown);
  t.equal(site.used('A'), 100);
  t.end();
});

void t.test('74: a meterValue that is an object where a list belongs is read as the only one', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0 });
  charger.wait(5);
  const sampledValue = { value: '0.45', measurand: REGISTER, unit: 'kWh' };
  charger.meterValues({
    connectorId: 1,
    transactionId,
    meterValue: { timestamp: charger.now(), sampledValue },
  });
  t.equal(site.used('A'), 450);
  t.end();
});

void t.test('75: signed data is no number, beside the raw value or instead of it', (t) => {
  const signed = { value: 'OCMF|{"RD":[{"RV":9999.9,"RU":"kWh"}]}|{"SD":"3045"}', format: 'SignedData' };
  const blob = { value: '304502210099', format: 'SignedData', measurand: REGISTER };
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 1000 });
  charger.wait(5);
  charger.samples([signed, blob], { transactionId });
  t.equal(site.used('A'), 0);
  charger.samples([{ value: '1500', format: 'Raw' }, signed, blob], { transactionId });
  t.equal(site.used('A'), 500);
  const transactionData = [{ timestamp: charger.now(), sampledValue: [signed, blob] }];
  charger.stop({ transactionId, meterStop: 1600, transactionData });
  t.equal(site.used('A'), 600);
  t.end();
});

void t.test('76: a spike is flagged and taken back by the sample that contradicts it', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 10_000 });
  for (const value of ['10200', '4294967', '10400', '10600']) {
    charger.wait(1);
    charger.register(value, { transactionId });
  }
  t.equal(site.used('A'), 600);
  t.same(charger.session(transactionId).flags, ['implausibleJump', 'valueTakenBack']);
  t.end();
});

void t.test('76: a big step after hours without a sample is energy', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 10_000 });
  charger.wait(1);
  charger.register('10100', { transactionId });
  charger.wait(300);
  charger.register('64100', { transactionId });
  t.equal(site.used('A'), 54_100);
  t.same(charger.session(transactionId).flags, []);
  t.end();
});

void t.test(
  '76: a step that power cannot explain is booked and flagged as long as nothing contradicts it',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 10_000 });
    for (const value of ['10100', '90100', '90200']) {
      charger.wait(1);
      charger.register(value, { transactionId });
    }
    t.equal(site.used('A'), 80_200);
    t.same(charger.session(transactionId).flags, ['implausibleJump']);
    t.end();
  },
);

void t.test('77: without a single sample meterStop less meterStart is the energy', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 70_000, connectorId: 2 });
  charger.status('Charging', 2);
  charger.wait(120);
  charger.stop({ transactionId, meterStop: 84_000 });
  t.equal(site.used('A'), 14_000);
  t.same(charger.session(transactionId).flags, []);
  t.end();
});

void t.test('77: a register that stands still for an hour is not the end of anything', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 70_000 });
  charger.status('Charging');
  for (let minutes = 0; minutes < 60; minutes += 1) {
    charger.wait(1);
    charger.register('70000', { transactionId });
    site.services.sessions.endAbandoned(site.clock.now());
  }
  t.equal(charger.session(transactionId).end, null);
  charger.register('71000', { transactionId });
  t.equal(site.used('A'), 1000);
  t.end();
});
