// Catalogue of chargers, configuration: what can be read and set at a charger after it has connected, and what must not be tried again.
import t from 'tap';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import type { Answer } from '../../src/csms/remote.ts';
import { ConfiguredSite } from '../kit/configured-site.ts';
import { answered, Site } from '../kit/services.ts';

const REGISTER = 'Energy.Active.Import.Register';

/** A list that is printed in the installation guide of EVlink Pro AC. */
const GUIDE_LIST = [
  'Current.Import,Current.Offered',
  REGISTER,
  'Energy.Reactive.Import.Register,Frequency,Power.Active.Import,Power.Offered,Voltage',
].join(',');

void t.test('44: a question that makes the charger restart is asked no third time', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '900' } });
  cp.insteadOfRead = (keys) => (keys === undefined ? { kind: 'offline' } : undefined);
  for (let i = 0; i < 4; i += 1) await cp.connect();
  t.equal(cp.reads().filter((read) => read === 'all').length, 2);
  t.same(cp.writes(), ['MeterValueSampleInterval=60'], 'what is wanted is set all the same');
});

void t.test('96: with localStart forbid the own list and cache are switched off', async (t) => {
  const keys = ['AuthorizationCacheEnabled', 'LocalAuthListEnabled', 'LocalPreAuthorize'];
  const cp = new ConfiguredSite(Object.fromEntries(keys.map((key) => [key, { value: 'true' }])));
  cp.wanted = { keys: {}, localStart: 'forbid' };
  cp.change = (key) => (keys.includes(key) ? 'Accepted' : 'NotSupported');
  await cp.connect();
  for (const key of keys) t.same(cp.configuration[key], { value: 'false' }, key);
  t.same(cp.alarms(), [], 'what it does not know it cannot do');
});

void t.test('110: a limit that is refused in amperes is given in watts, or low in the stack', async (t) => {
  for (const taken of ['"chargingRateUnit":"W"', '"stackLevel":0']) {
    const enforcement = { onExhausted: 'throttle' } as const;
    const site = new Site({ users: [sampleUser('A', { quotaWh: 1000 })], enforcement });
    site.services.chargePoints.connected('CP1');
    const refused: Answer = { kind: 'error', code: 'PropertyConstraintViolation', description: '' };
    site.answer = (_, payload) =>
      JSON.stringify(payload).includes(taken) ? answered('Accepted') : Promise.resolve(refused);
    const id = site.start();
    await site.pass(600);
    site.meter(id, 1000);
    await site.pass(10);
    const { payload, action } = site.calls.at(-1) ?? {};
    t.equal(action, 'SetChargingProfile', 'and no stop');
    t.match(JSON.stringify(payload), taken);
    site.services.enforcer.close();
  }
});

void t.test('116: a charger that sends no samples is set to send them', async (t) => {
  const cp = new ConfiguredSite({
    MeterValueSampleInterval: { value: '0' },
    MeterValuesSampledData: { value: '' },
    ClockAlignedDataInterval: { value: '900' },
  });
  cp.wanted = {
    keys: { MeterValueSampleInterval: '60', MeterValuesSampledData: REGISTER, ClockAlignedDataInterval: '0' },
    localStart: 'allow',
  };
  await cp.connect();
  t.same(cp.writes(), [
    'MeterValueSampleInterval=60',
    `MeterValuesSampledData=${REGISTER}`,
    'ClockAlignedDataInterval=0',
  ]);
  await cp.reconnectLater();
  t.same(cp.writes(), [], 'written when different, and only then');
});

void t.test('116: a charger that meters too seldom and keeps to it raises an alarm', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '900', readonly: true } });
  await cp.connect();
  t.match(cp.alarms(), [/CP1 sends a sample every 900 s only/]);
});

void t.test('117: a list of measurands is shortened down to the register', async (t) => {
  const cp = new ConfiguredSite({ MeterValuesSampledData: { value: 'Voltage' } });
  cp.wanted = { keys: { MeterValuesSampledData: GUIDE_LIST }, localStart: 'allow' };
  cp.change = (_, value) => (value === REGISTER ? 'Accepted' : 'Rejected');
  await cp.connect();
  t.equal(cp.configuration['MeterValuesSampledData']?.value, REGISTER);
  t.equal(cp.writes().length, 4);
  await cp.reconnectLater();
  t.same(cp.writes(), [], 'it is content with that');
});

void t.test('117: true or false in place of a list is no fault of its metering', async (t) => {
  const cp = new ConfiguredSite({ MeterValuesSampledData: { value: 'true' } });
  await cp.connect();
  t.same(cp.alarms(), []);
});

void t.test('118: refused, read-only, unknown, or due at the next restart: not written again', async (t) => {
  for (const status of ['Rejected', 'NotSupported', 'RebootRequired', 'read-only']) {
    const isReadonly = status === 'read-only';
    const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '120', readonly: isReadonly } });
    cp.change = () => status;
    await cp.connect();
    t.equal(cp.writes().length, isReadonly ? 0 : 1, status);
    for (let i = 0; i < 3; i += 1) await cp.reconnectLater();
    t.same(cp.writes(), [], status);
    cp.boot('another firmware');
    await cp.reconnectLater();
    t.equal(cp.writes().length, isReadonly ? 0 : 1, `${status}: another firmware may take it`);
  }
});

void t.test(
  '119: an answer about all keys that is empty, an error, cut short or odd is made up for',
  async (t) => {
    const error: Answer = { kind: 'error', code: 'FormationViolation', description: '' };
    const odd = [{ key: 'Other', value: 7 }, { key: null }, 'x'];
    for (const answer of [
      error,
      { kind: 'result', payload: {} },
      { kind: 'result', payload: { configurationKey: odd } },
    ] satisfies Answer[]) {
      const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: ' "900" ' } });
      cp.insteadOfRead = (keys) => (keys === undefined ? answer : undefined);
      await cp.connect();
      t.same(cp.writes(), ['MeterValueSampleInterval=60']);
    }
  },
);

void t.test('119: quotes, blanks and values that are no text are read for what they mean', async (t) => {
  for (const value of ['"60"', ' 60 ', '60.0', 60 as unknown as string]) {
    const cp = new ConfiguredSite({ MeterValueSampleInterval: { value } });
    await cp.connect();
    t.same(cp.writes(), [], JSON.stringify(value));
  }
});

void t.test('120: a key is known in any case, and written as the charger writes it', async (t) => {
  const cp = new ConfiguredSite({ HeartBeatInterval: { value: '180' } });
  cp.wanted = { keys: { HeartbeatInterval: '60' }, localStart: 'allow' };
  await cp.connect();
  t.same(cp.writes(), ['HeartBeatInterval=60']);
});

void t.test('E8: the list of its own guide is refused, a shorter one is taken', async (t) => {
  const cp = new ConfiguredSite({ MeterValuesSampledData: { value: REGISTER } });
  cp.wanted = { keys: { MeterValuesSampledData: GUIDE_LIST }, localStart: 'allow' };
  cp.change = (_, value) => (value.includes('Offered') ? 'Rejected' : 'Accepted');
  await cp.connect();
  t.equal(
    cp.configuration['MeterValuesSampledData']?.value,
    `${REGISTER},Power.Active.Import,Current.Import,Voltage`,
  );
  t.same(cp.alarms(), [], 'a refusal is no fault');
});

void t.test('E9: keys in lower case are set in lower case', async (t) => {
  const cp = new ConfiguredSite({ metervaluesampleinterval: { value: '600' } });
  cp.change = (key) => (key === 'metervaluesampleinterval' ? 'Accepted' : 'NotSupported');
  await cp.connect();
  t.same(cp.configuration, { metervaluesampleinterval: { value: '60' } });
});

void t.test('E10: charging unknown cards while offline is switched off where the site says so', async (t) => {
  const cp = new ConfiguredSite({ AllowOfflineTxForUnknownId: { value: 'true' } });
  await cp.connect();
  t.equal(cp.configuration['AllowOfflineTxForUnknownId']?.value, 'true', 'only where it says so');
  cp.wanted = { keys: {}, localStart: 'forbid' };
  cp.change = (key) => (key === 'AllowOfflineTxForUnknownId' ? 'Accepted' : 'NotSupported');
  await cp.reconnectLater();
  t.equal(cp.configuration['AllowOfflineTxForUnknownId']?.value, 'false');
  t.same(cp.alarms(), []);
});

void t.test('E10: a charger that keeps starting by itself raises an alarm', async (t) => {
  const cp = new ConfiguredSite({ AllowOfflineTxForUnknownId: { value: 'true' } });
  cp.wanted = { keys: {}, localStart: 'forbid' };
  cp.change = () => 'Rejected';
  await cp.connect();
  t.match(cp.alarms(), [/can start charges without asking: it keeps AllowOfflineTxForUnknownId/]);
});
