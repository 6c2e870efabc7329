// A changed configuration: what counts at once, and what waits.
import t from 'tap';
import { settingsFor } from './charger-settings.ts';
import { LiveConfig } from './live.ts';
import { loadConfig } from './load.ts';
import type { Config } from './schema.ts';

function configOf(text: string): Config {
  const machine = { cwd: '/', timeZone: 'UTC' };
  const loaded = loadConfig({ file: { path: 'config.yaml', text }, env: {}, flags: {}, machine });
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

void t.test('keys that need no restart change in the object that everybody has', (t) => {
  const live = new LiveConfig(configOf('ocpp: {port: 9001}\n'));
  const { config } = live;
  const { quota } = config;
  const next = configOf(
    'ocpp: {port: 9002}\nquota: {unknownTags: accept, resetDay: 5}\nlog: {level: debug}\n' +
      'chargers: {unknown: pending, settings: {CP1: {energyUnit: kWh}}}\n',
  );
  t.same(live.take(next), {
    applied: ['chargers.unknown', 'chargers.settings', 'quota.unknownTags', 'log.level'],
    waiting: ['ocpp.port', 'quota.resetDay'],
  });
  t.match(config, { ocpp: { port: 9001 }, log: { level: 'debug' }, chargers: { unknown: 'pending' } });
  t.equal(quota.unknownTags, 'accept', 'also for who keeps the section');
  t.equal(quota.resetDay, 1);
  t.equal(settingsFor(config, 'CP1').energyUnit, 'kWh');
  t.end();
});

void t.test(
  'the same configuration again changes nothing, and one that is changed back waits for nothing',
  (t) => {
    const text = 'chargers: {settings: {"*": {maxPowerKw: 22}}}\n';
    const live = new LiveConfig(configOf(text));
    t.same(live.take(configOf(text)), { applied: [], waiting: [] });
    t.same(live.take(configOf(`${text}api: {port: 1}\n`)), { applied: [], waiting: ['api.port'] });
    t.same(live.take(configOf(text)), { applied: [], waiting: [] });
    t.end();
  },
);
