// What is set at a charger after it has connected, what is not tried again, and what a person is told.
import t from 'tap';
import { until } from '../../test/kit/until.ts';
import { ConfiguredSite } from '../../test/kit/configured-site.ts';
import { answered } from '../../test/kit/services.ts';
import type { Answer } from './remote.ts';

void t.test('what differs is set and seen to hold; what is as wanted is left alone', async (t) => {
  const cp = new ConfiguredSite({
    MeterValueSampleInterval: { value: '900' },
    HeartbeatInterval: { value: '60' },
  });
  cp.wanted = { keys: { MeterValueSampleInterval: '60', HeartbeatInterval: '60' }, localStart: 'allow' };
  await cp.connect();
  t.same(cp.reads(), ['all', 'MeterValueSampleInterval']);
  t.same(cp.writes(), ['MeterValueSampleInterval=60']);
  await cp.reconnectLater();
  t.same(cp.reads(), ['all']);
  t.same(cp.writes(), []);
  t.same(cp.alarms(), []);
});

void t.test('an interval shorter than wanted is not made longer', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '30' } });
  await cp.connect();
  t.same(cp.writes(), []);
});

void t.test('where nothing is wanted, nothing is asked', async (t) => {
  const cp = new ConfiguredSite({});
  cp.wanted = { keys: {}, localStart: 'allow' };
  await cp.connect();
  t.same(cp.site.calls, []);
});

void t.test('a key is written as the charger spells it', async (t) => {
  const cp = new ConfiguredSite({ metervaluesampleinterval: { value: '600' } });
  await cp.connect();
  t.same(cp.writes(), ['metervaluesampleinterval=60']);
});

void t.test('a refusal is remembered for the firmware and the value, also over a restart', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '900' } });
  cp.change = () => 'Rejected';
  await cp.connect();
  t.same(cp.writes(), ['MeterValueSampleInterval=60']);
  t.match(cp.alarms(), [/metering\/CP1: CP1 sends a sample every 900 s only/]);
  await cp.reconnectLater();
  t.same(cp.writes(), [], 'not again');
  cp.site.restart();
  await cp.reconnectLater();
  t.same(cp.writes(), [], 'nor after a restart of kwota');
  cp.wanted = { keys: { MeterValueSampleInterval: '120' }, localStart: 'allow' };
  await cp.reconnectLater();
  t.same(cp.writes(), ['MeterValueSampleInterval=120'], 'another value is tried');
  cp.boot('2.0');
  cp.change = () => 'Accepted';
  await cp.reconnectLater();
  t.same(cp.writes(), ['MeterValueSampleInterval=120'], 'and with another firmware all of it');
  t.same(cp.alarms(), []);
});

void t.test('a read-only key is not written, and told if it matters', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '0', readonly: 'true' } });
  await cp.connect();
  await cp.reconnectLater();
  t.same(cp.writes(), []);
  t.match(cp.alarms(), [/sends no samples/]);
  cp.configuration['MeterValueSampleInterval'] = { value: '60', readonly: true };
  await cp.reconnectLater();
  t.same(cp.alarms(), []);
});

void t.test(
  'a refused list of measurands is tried shorter, and what was taken is not written again',
  async (t) => {
    const list = 'Energy.Active.Import.Register,Power.Active.Import,Frequency';
    const taken = 'Energy.Active.Import.Register,Power.Active.Import';
    const cp = new ConfiguredSite({ MeterValuesSampledData: { value: 'Voltage' } });
    cp.wanted = { keys: { MeterValuesSampledData: list }, localStart: 'allow' };
    cp.change = (_, value) => (value.includes('Frequency') ? 'Rejected' : 'Accepted');
    await cp.connect();
    t.same(cp.writes(), [`MeterValuesSampledData=${list}`, `MeterValuesSampledData=${taken}`]);
    await cp.reconnectLater();
    t.same(cp.writes(), []);
    cp.configuration['MeterValuesSampledData'] = { value: 'Voltage' };
    await cp.reconnectLater();
    t.same(cp.writes(), [`MeterValuesSampledData=${taken}`], 'lost, it is set again');
  },
);

void t.test('what is accepted but not kept is not written at each connect', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '900' } });
  cp.site.answer = (action) =>
    action === 'ChangeConfiguration'
      ? answered('Accepted')
      : Promise.resolve({
          kind: 'result',
          payload: { configurationKey: [{ key: 'MeterValueSampleInterval', value: '900' }] },
        });
  await cp.connect();
  t.same(cp.writes(), ['MeterValueSampleInterval=60']);
  t.match(cp.alarms(), [/every 900 s only/]);
  await cp.reconnectLater();
  t.same(cp.writes(), []);
});

void t.test('a key that cannot be read is written once', async (t) => {
  const cp = new ConfiguredSite({ Other: { value: '1' } });
  cp.wanted = { keys: { AuthorizationKey: 'sample-key' }, localStart: 'allow' };
  cp.insteadOfRead = (keys) => ({ kind: 'result', payload: { unknownKey: keys ?? [] } });
  await cp.connect();
  // It is kept as a hash first, which takes a moment.
  await until('the key is written', () => cp.writes().length > 0 || null);
  t.same(cp.writes(), ['AuthorizationKey=sample-key']);
  await cp.reconnectLater();
  t.same(cp.writes(), []);
  t.notMatch(JSON.stringify(cp.site.services.journal.live.chargePoint('CP1')), 'sample-key');
});

void t.test('what needs a restart is told until it holds, and not written again', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '120' } });
  cp.change = () => 'RebootRequired';
  await cp.connect();
  t.match(cp.alarms(), [/has to be restarted before it takes MeterValueSampleInterval/]);
  cp.site.calls.length = 0;
  await cp.connect();
  t.same(cp.reads(), ['all'], 'it is looked at as soon as it is back');
  t.same(cp.writes(), []);
  t.equal(cp.alarms().length, 1, 'it was no restart');
  cp.configuration['MeterValueSampleInterval'] = { value: '60' };
  await cp.reconnectLater();
  t.same(cp.alarms(), []);
  cp.configuration['MeterValueSampleInterval'] = { value: '120' };
  await cp.reconnectLater();
  t.same(cp.writes(), ['MeterValueSampleInterval=60'], 'lost, it is set again');
});

void t.test('a list that is taken with the next restart is not shortened meanwhile', async (t) => {
  const list = 'Energy.Active.Import.Register,Frequency';
  const cp = new ConfiguredSite({ MeterValuesSampledData: { value: 'Voltage' } });
  cp.wanted = { keys: { MeterValuesSampledData: list }, localStart: 'allow' };
  cp.change = () => 'RebootRequired';
  await cp.connect();
  await cp.reconnectLater();
  t.same(cp.writes(), []);
});

void t.test('a charger that answers no question about all its keys is asked for each', async (t) => {
  const answers: Record<string, Answer> = {
    'an error': { kind: 'error', code: 'InternalError', description: '' },
    nothing: { kind: 'result', payload: {} },
    'no answer': { kind: 'timeout' },
    'a part': { kind: 'result', payload: { configurationKey: [{ key: 'Other', value: '1' }] } },
  };
  for (const [what, answer] of Object.entries(answers)) {
    const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '900' } });
    cp.insteadOfRead = (keys) => (keys === undefined ? answer : undefined);
    await cp.connect();
    t.same(cp.reads().slice(0, 2), ['all', 'MeterValueSampleInterval'], what);
    t.same(cp.writes(), ['MeterValueSampleInterval=60'], what);
  }
});

void t.test('a charger that hangs up on a question twice is not asked it again', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '900' } });
  cp.insteadOfRead = (keys) => (keys === undefined ? { kind: 'offline' } : undefined);
  await cp.connect();
  t.same(cp.reads(), ['all']);
  t.same(cp.writes(), [], 'it has gone');
  await cp.connect();
  t.same(cp.reads(), ['all', 'all'], 'once may be the network');
  await cp.connect();
  t.same(cp.reads().slice(2), ['MeterValueSampleInterval', 'MeterValueSampleInterval']);
  t.same(cp.writes(), ['MeterValueSampleInterval=60']);
});

void t.test('a charger that is busy has refused nothing', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '900' } });
  cp.change = () => 'Accepted';
  cp.insteadOfRead = () => ({ kind: 'cancelled' });
  const { live } = cp.site.services.journal;
  for (let i = 0; i < 3; i += 1) await cp.connect();
  t.equal(live.chargePoint('CP1')?.refusals, undefined);
});

void t.test('a setting that makes it hang up is given up after the second time', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '900' } });
  cp.change = () => 'offline';
  for (let i = 0; i < 4; i += 1) await cp.connect();
  t.equal(cp.writes().length, 2);
  t.match(cp.alarms(), [/every 900 s only/]);
});

void t.test('a charger that connects again and again is looked at once in ten minutes', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '60' } });
  for (let i = 0; i < 50; i += 1) await cp.connect();
  t.same(cp.reads(), ['all']);
  cp.boot('2.0');
  await cp.settle();
  t.same(cp.reads(), ['all', 'all'], 'another firmware may have forgotten everything');
  await cp.reconnectLater();
  t.same(cp.reads(), ['all']);
});

void t.test('a charger that does not answer is left alone for ten minutes', async (t) => {
  const cp = new ConfiguredSite({});
  cp.insteadOfRead = () => ({ kind: 'timeout' });
  await cp.connect();
  const asked = cp.reads().length;
  await cp.connect();
  t.equal(cp.reads().length, asked);
});

void t.test('connected anew while it is asked, it is asked again', async (t) => {
  const cp = new ConfiguredSite({ MeterValueSampleInterval: { value: '900' } });
  const lost = Promise.withResolvers<Answer>();
  let isFirst = true;
  const answer = cp.site.answer;
  cp.site.answer = (action, payload) => {
    if (!isFirst) return answer(action, payload);
    isFirst = false;
    return lost.promise;
  };
  await cp.connect();
  await cp.connect();
  t.same(cp.reads(), ['all'], 'one at a time');
  lost.resolve({ kind: 'offline' });
  await cp.settle();
  t.same(cp.writes(), ['MeterValueSampleInterval=60']);
});

void t.test('local starts are switched off where the site says so, whatever else it wants', async (t) => {
  const cp = new ConfiguredSite({
    AllowOfflineTxForUnknownId: { value: 'true' },
    localpreauthorize: { value: 'true' },
    AuthorizationCacheEnabled: { value: 'false' },
    LocalAuthorizeOffline: { value: 'true', readonly: true },
  });
  cp.wanted = { keys: { LocalPreAuthorize: 'true' }, localStart: 'forbid' };
  cp.change = (key) => (key === 'LocalAuthListEnabled' ? 'NotSupported' : 'Accepted');
  await cp.connect();
  t.same(
    cp.writes().sort(),
    ['AllowOfflineTxForUnknownId=false', 'LocalAuthListEnabled=false', 'localpreauthorize=false'].sort(),
  );
  t.same(cp.alarms(), [
    'localStart/CP1: CP1 can start charges without asking: it keeps LocalAuthorizeOffline',
  ]);
  await cp.reconnectLater();
  t.same(cp.writes(), []);
});
