// SampledValues as chargers send them: numbers and what only looks like one, units, phases, contexts, defaults.
import fc from 'fast-check';
import t from 'tap';
import {
  parseDecimal,
  readMeterValue,
  registerWh,
  type EnergyUnit,
  type SampledValue,
} from './meter-value.ts';

const read = (samples: readonly SampledValue[], unit: EnergyUnit = 'auto') => readMeterValue(samples, unit);
const wh = (samples: readonly SampledValue[], unit?: EnergyUnit) => read(samples, unit).registerWh;
const energy = (value: string, more: SampledValue = {}): SampledValue => ({
  value,
  measurand: 'Energy.Active.Import.Register',
  unit: 'Wh',
  ...more,
});

void t.test('decimal numbers are read', (t) => {
  for (const [text, number] of [
    ['0', 0],
    ['12345', 12_345],
    ['165333.00', 165_333],
    [' 12 ', 12],
    ['+5', 5],
    ['-1', -1],
    ['007', 7],
    ['1.5e3', 1500],
    ['2E-1', 0.2],
  ] as const)
    t.equal(parseDecimal(text), number, JSON.stringify(text));
  t.end();
});

void t.test('what only looks like a number is none', (t) => {
  const junk = [
    '',
    ' ',
    'NaN',
    'Infinity',
    '-Infinity',
    '0x10',
    '0b1',
    '1,234',
    '1.234,5',
    '12 Wh',
    '.5',
    '5.',
    '1e400',
  ];
  junk.push('null', 'true', '1_000', '1 000', '--1', '1.2.3', '\u0661\u0662', '1'.repeat(41));
  for (const text of junk) t.equal(parseDecimal(text), null, JSON.stringify(text));
  t.equal(parseDecimal(undefined), null);
  t.equal(parseDecimal('1'.repeat(40)), Number('1'.repeat(40)), '40 characters are read');
  t.end();
});

void t.test('every text is either a finite number or none', (t) => {
  const texts = fc.oneof(fc.string(), fc.double().map(String), fc.float().map(String));
  fc.assert(
    fc.property(texts, (text) => {
      const number = parseDecimal(text);
      return number === null || (Number.isFinite(number) && number === Number(text));
    }),
  );
  t.end();
});

void t.test('a register is whole Wh, not negative, and no more than a meter can show', (t) => {
  t.equal(registerWh(12.4, false), 12);
  t.equal(registerWh(12.5, false), 13);
  t.equal(registerWh(1.2345, true), 1235);
  t.equal(registerWh(0, false), 0);
  t.equal(registerWh(-1, false), null, 'a meter that cannot be read');
  t.equal(registerWh(null, false), null);
  t.equal(registerWh(1e13, false), 1e13);
  t.equal(registerWh(1e13 + 1000, false), null);
  t.equal(registerWh(1e10 + 1, true), null);
  t.end();
});

void t.test('measurand, unit and context have the defaults of the standard', (t) => {
  t.same(read([{ value: '12345' }]), {
    registerWh: 12_345,
    intervalMilliWh: null,
    powerW: null,
    frequencyMilliHz: null,
    context: 'Sample.Periodic',
  });
  t.equal(wh([{ value: '5', measurand: '' }]), 5, 'an empty measurand is a missing one');
  t.equal(wh([{ value: '5', unit: 'kWh' }]), 5000, 'a unit of energy goes with the default measurand');
  t.equal(wh([{ value: '5', unit: '' }]), 5);
  t.equal(wh([{ value: '16', unit: 'A', context: 'CurrentMax' }]), null, 'a unit of something else does not');
  t.equal(wh([]), null);
  t.end();
});

void t.test('the unit tag is believed unless the charger is known to be wrong', (t) => {
  t.equal(wh([energy('1.5', { unit: 'kWh' })]), 1500);
  t.equal(wh([energy('1.5', { unit: 'KWH' })]), 1500);
  t.equal(wh([energy('1500', { unit: 'Wh' })]), 1500);
  t.equal(wh([{ value: '1500', measurand: 'Energy.Active.Import.Register' }]), 1500);
  t.equal(wh([energy('23', { unit: 'Wh' })], 'kWh'), 23_000, 'kWh tagged Wh');
  t.equal(wh([energy('23000', { unit: 'kWh' })], 'Wh'), 23_000, 'Wh tagged kWh');
  t.equal(wh([{ value: '23' }], 'kWh'), 23_000, 'kWh without a tag');
  t.end();
});

void t.test('the total counts; without one, the phases together', (t) => {
  const phases = ['L1', 'L2', 'L3'].map((phase, index) => energy(String(100 * (index + 1)), { phase }));
  t.equal(wh(phases), 600);
  t.equal(wh([...phases, energy('605')]), 605, 'a total after its phases');
  t.equal(wh([energy('605'), ...phases]), 605, 'or before them');
  t.equal(wh([energy('777', { phase: 'L1' })]), 777, 'a total tagged as the only phase');
  t.equal(wh([energy('100', { phase: 'L1-N' }), energy('200', { phase: 'L2-N' })]), 300);
  t.equal(
    wh([energy('100', { phase: 'L1' }), energy('100', { phase: 'L1-N' })]),
    100,
    'one phase, named twice',
  );
  t.equal(wh([energy('100', { phase: 'N' })]), null, 'the neutral is no phase');
  t.equal(
    wh([energy('100', { phase: 'L1' }), energy('-1', { phase: 'L2' })]),
    null,
    'a phase that cannot be read',
  );
  t.end();
});

void t.test('of several contexts in one bucket, the one that tells what the meter shows now', (t) => {
  const begin = energy('0', { context: 'Transaction.Begin' });
  const periodic = energy('646', { context: 'Sample.Periodic' });
  t.equal(wh([periodic, begin]), 646);
  t.equal(wh([begin, periodic]), 646);
  t.equal(wh([energy('700', { context: 'Transaction.End' }), periodic]), 700);
  t.equal(wh([energy('640', { context: 'Interruption.Begin' }), periodic]), 646);
  t.equal(wh([energy('630', { context: 'Vendor.Special' }), begin]), 630, 'an unknown one is no beginning');
  t.equal(wh([begin]), 0, 'alone, a beginning counts');
  t.equal(read([begin]).context, 'Transaction.Begin');
  t.equal(read([energy('1', { phase: 'L1', context: 'Trigger' })]).context, 'Trigger');
  t.equal(
    wh([begin, energy('5', { context: 'Sample.Periodic', phase: 'L1' })]),
    5,
    'also over the total of a lower one',
  );
  t.end();
});

void t.test('what is no register leaves the register alone', (t) => {
  t.equal(wh([energy('OCMF|{"RV":1}', { format: 'SignedData' }), energy('50')]), 50);
  t.equal(
    wh([energy('51', { format: 'SignedData' })]),
    null,
    'signed data, also where it looks like a number',
  );
  t.equal(wh([energy('NaN'), energy('50')]), 50);
  t.equal(wh([energy('50'), energy('')]), 50);
  t.equal(wh([energy('7', { measurand: 'Energy.Active.Import.Interval' })]), null);
  t.equal(wh([energy('7', { measurand: 'Energy.Active.Export.Register' })]), null);
  t.equal(wh([{ unit: 'Wh' }]), null, 'no value at all');
  t.end();
});

void t.test('power and frequency are shown in W and mHz', (t) => {
  const power = (value: string, more: SampledValue = {}) => ({
    value,
    measurand: 'Power.Active.Import',
    ...more,
  });
  t.equal(read([power('7200', { unit: 'W' })]).powerW, 7200);
  t.equal(read([power('7.2', { unit: 'kW' })]).powerW, 7200);
  t.equal(read([power('7200')]).powerW, 7200);
  t.equal(read([power('2400', { phase: 'L1' }), power('2300', { phase: 'L2' })]).powerW, 4700);
  t.equal(read([{ value: '50.012', measurand: 'Frequency' }]).frequencyMilliHz, 50_012);
  t.equal(read([power('7200')]).registerWh, null);
  t.end();
});
