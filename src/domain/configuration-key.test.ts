// How configuration keys are read and compared, and what they say about metering: tables with both sides of each condition.
import t from 'tap';
import {
  isAsWanted,
  LOCAL_START_OFF,
  localStartsLeft,
  mergedKeys,
  meteringFault,
  readConfiguration,
  settingText,
  valuesToTry,
  type ReportedKeys,
} from './configuration-key.ts';

const REGISTER = 'Energy.Active.Import.Register';

function reportedOf(values: Readonly<Record<string, string>>): ReportedKeys {
  const configurationKey = Object.entries(values).map(([key, value]) => ({ key, value, readonly: false }));
  return readConfiguration({ configurationKey });
}

void t.test('a value is as wanted whatever its case, blanks, quotes and the order of a list', (t) => {
  const rows: readonly (readonly [string, string, string, boolean])[] = [
    ['HeartbeatInterval', ' "60" ', '60', true],
    ['HeartbeatInterval', '30', '60', false],
    ['AuthorizationCacheEnabled', 'False', 'false', true],
    ['AuthorizationCacheEnabled', 'true', 'false', false],
    ['MeterValuesSampledData', `Voltage, ${REGISTER}`, `${REGISTER},Voltage`, true],
    ['MeterValuesSampledData', REGISTER, `${REGISTER},Voltage`, false],
  ];
  for (const [key, reported, wanted, isSame] of rows) {
    t.equal(isAsWanted(key, reported, wanted), isSame, `${key} ${reported} ${wanted}`);
  }
  t.end();
});

void t.test('an interval of samples that is shorter than wanted is good as well, none is not', (t) => {
  for (const [reported, isGood] of [
    ['60', true],
    ['30', true],
    ['60.0', true],
    ['61', false],
    ['0', false],
    ['', false],
    ['often', false],
  ] as const) {
    t.equal(isAsWanted('metervaluesampleinterval', reported, '60'), isGood, reported);
  }
  t.equal(isAsWanted('MeterValueSampleInterval', '30', '0'), false, 'who wants none gets none');
  t.end();
});

void t.test('a list of measurands is tried ever shorter, the register first and last', (t) => {
  const long = `Frequency,Voltage,Power.Active.Import,${REGISTER},Current.Import`;
  t.same(valuesToTry('MeterValuesSampledData', long), [
    long,
    `${REGISTER},Power.Active.Import,Current.Import,Voltage`,
    `${REGISTER},Power.Active.Import`,
    REGISTER,
  ]);
  t.same(valuesToTry('metervaluessampleddata', `${REGISTER},Frequency`), [`${REGISTER},Frequency`, REGISTER]);
  t.same(valuesToTry('StopTxnSampledData', REGISTER), [REGISTER]);
  t.same(valuesToTry('MeterValuesSampledData', 'Frequency'), ['Frequency'], 'nothing is made up');
  t.same(valuesToTry('ConnectorPhaseRotation', '1.RST,2.RST'), ['1.RST,2.RST'], 'another list');
  t.end();
});

void t.test('an answer is read as far as it can be', (t) => {
  const configurationKey = [
    { key: ' heartBeatInterval ', value: 60, readonly: 'True' },
    { key: 'A', value: true },
    { key: 'B' },
    { key: 7, value: 'x' },
    null,
    'C',
    { key: 'D', value: { odd: 1 }, readonly: true },
  ];
  t.same(Object.fromEntries(readConfiguration({ configurationKey })), {
    heartbeatinterval: { key: 'heartBeatInterval', value: '60', isReadonly: true },
    a: { key: 'A', value: 'true', isReadonly: false },
    b: { key: 'B', value: '', isReadonly: false },
    d: { key: 'D', value: '', isReadonly: true },
  });
  t.equal(readConfiguration({}).size, 0);
  t.equal(readConfiguration({ configurationKey: { key: 'A' } }).size, 0);
  t.end();
});

void t.test('of a key in several maps the last counts, whatever its case', (t) => {
  t.same(mergedKeys({ KeyOne: '1', KeyTwo: '2' }, { keyone: '3' }), { keyone: '3', KeyTwo: '2' });
  t.end();
});

void t.test('a secret does not show', (t) => {
  t.equal(settingText('AuthorizationKey', 'abc'), 'AuthorizationKey=***');
  t.equal(settingText('MeterValueSampleInterval', '60'), 'MeterValueSampleInterval=60');
  t.end();
});

void t.test('what stands in the way of quotas is told', (t) => {
  const rows: readonly (readonly [Readonly<Record<string, string>>, RegExp | null])[] = [
    [{ MeterValueSampleInterval: '60' }, null],
    [{ MeterValueSampleInterval: '300' }, null],
    [{ MeterValueSampleInterval: '301' }, /a sample every 301 s only/],
    [{ MeterValueSampleInterval: '0' }, /sends no samples/],
    [{ MeterValueSampleInterval: '0', ClockAlignedDataInterval: '60' }, null],
    [{ MeterValueSampleInterval: '600', ClockAlignedDataInterval: '900' }, /every 600 s only/],
    [{ MeterValueSampleInterval: '' }, null],
    [{}, null],
    [{ MeterValuesSampledData: 'Voltage,Power.Active.Import' }, /without energy/],
    [{ MeterValuesSampledData: 'energy.active.import.interval' }, null],
    [{ MeterValuesSampledData: 'true' }, null],
    [{ MeterValuesSampledData: '' }, null],
  ];
  for (const [reported, fault] of rows) {
    const told = meteringFault(reportedOf(reported));
    if (fault === null) t.equal(told, null, JSON.stringify(reported));
    else t.match(told, fault, JSON.stringify(reported));
  }
  t.end();
});

void t.test('local starts that were to be switched off and are not are named', (t) => {
  const reported = reportedOf({ allowofflinetxforunknownid: 'TRUE', LocalPreAuthorize: ' False' });
  t.same(localStartsLeft(LOCAL_START_OFF, reported), ['AllowOfflineTxForUnknownId']);
  t.same(localStartsLeft({}, reported), [], 'nobody wanted them off');
  t.end();
});
