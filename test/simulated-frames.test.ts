// Every brand and every scenario that kwota ships, simulated at a central system that others wrote: it refuses no frame.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { profileNames } from '../src/simulator/profiles/known.ts';
import { startLongCommand } from './kit/kwota-command.ts';
import { startStrictCentralSystem } from './kit/strict-central-system.ts';
import { until } from './kit/until.ts';

const SCENARIOS = join(import.meta.dirname, '../docs/scenarios');
const WITHIN_MS = 90_000;

t.setTimeout(300_000);

/** Each has a central system and a process of its own. */
const AT_A_TIME = { jobs: 4 };
const BESIDE_OTHERS = { buffered: true };

const COMMANDS = [
  ['GetConfiguration', {}],
  ['ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '20' }],
  ['TriggerMessage', { requestedMessage: 'StatusNotification' }],
  ['TriggerMessage', { requestedMessage: 'MeterValues' }],
  ['UnlockConnector', { connectorId: 1 }],
  ['ChangeAvailability', { connectorId: 0, type: 'Operative' }],
  ['ClearCache', {}],
] as const;

/** Returns the actions that the charger said. */
async function playProfile(t: Test, profile: string): Promise<string[]> {
  const central = await startStrictCentralSystem(t);
  const args = ['--chargers', '1', '--profile', profile, '--speed', '600', '--url', central.url];
  const simulator = startLongCommand(WITHIN_MS, t.testdir(), 'simulate', ...args);
  const says = (what: string, pattern: RegExp) => until(what, () => pattern.test(simulator.out()), WITHIN_MS);
  await says('a charge', / SIM001 started /);
  for (const [action, payload] of COMMANDS) await central.callAll(action, payload);
  await says('a charge that ended', / SIM001 stopped .* registerWh=[1-9]/);
  simulator.interrupt();
  const { code, out, err } = await simulator.ended();
  t.strictSame([code, err], [0, '']);
  t.match(out, /1 chargers, [1-9]\d* sessions, [1-9]\d* Wh by their registers, 0 errors/);
  t.strictSame(central.wrong, []);
  return [...central.seen.keys()].map((key) => key.split(' ')[1] ?? '');
}

void t.test(
  'chargers of every profile: all they say, and all they answer, is as the standard has it',
  AT_A_TIME,
  async (t) => {
    const said = new Set<string>();
    const profiles = profileNames.filter((name) => name !== 'mixed');
    const play = (profile: string) =>
      t.test(profile, BESIDE_OTHERS, async (t) => {
        for (const action of await playProfile(t, profile)) said.add(action);
      });
    await Promise.all(profiles.map(play));
    for (const action of [
      'Authorize',
      'BootNotification',
      'MeterValues',
      'StartTransaction',
      'StopTransaction',
    ])
      t.ok(said.has(action), action);
  },
);

void t.test('every scenario of the documentation plays to its end', AT_A_TIME, async (t) => {
  const play = (file: string) =>
    t.test(file, BESIDE_OTHERS, async (t) => {
      const central = await startStrictCentralSystem(t);
      const fast = ['--speed', '1800', '--interval', '900', '--quiet'];
      const args = ['--scenario', join(SCENARIOS, file), ...fast, '--url', central.url];
      const { code, out, err } = await startLongCommand(WITHIN_MS, t.testdir(), 'simulate', ...args).ended();
      t.strictSame([code, err], [0, '']);
      t.match(out, /\d+ chargers, [1-9]\d* sessions, [1-9]\d* Wh by their registers, 0 errors/);
      t.match(out, 'not compared');
      t.strictSame(central.wrong, []);
    });
  await Promise.all(readdirSync(SCENARIOS).map(play));
});
