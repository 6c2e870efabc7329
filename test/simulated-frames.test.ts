// Every brand and every scenario that kwota ships, simulated at a central system that others wrote: it refuses no frame.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { profileNames } from '../src/simulator/profiles/known.ts';
import { startLongCommand } from './kit/kwota-command.ts';
import { startStrictCentralSystem } from './kit/strict-central-system.ts';
import { until } from './kit/until.ts';

const SCENARIOS = join(import.meta.dirname, '../docs/scenarios');
const WITHIN_MS = 90_000;

t.setTimeout(300_000);

void t.test(
  'chargers of every profile: all they say, and all they answer, is as the standard has it',
  async (t) => {
    const central = await startStrictCentralSystem(t);
    for (const profile of profileNames.filter((name) => name !== 'mixed'))
      await t.test(profile, async (t) => {
        const args = [
          '--chargers',
          '1',
          '--profile',
          profile,
          '--speed',
          '600',
          '--url',
          `${central.url}/${profile}`,
        ];
        const simulator = startLongCommand(WITHIN_MS, t.testdir(), 'simulate', ...args);
        await until('a charge', () => simulator.out().includes(' SIM001 started '), WITHIN_MS);
        for (const [action, payload] of [
          ['GetConfiguration', {}],
          ['ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '20' }],
          ['TriggerMessage', { requestedMessage: 'StatusNotification' }],
          ['TriggerMessage', { requestedMessage: 'MeterValues' }],
          ['UnlockConnector', { connectorId: 1 }],
          ['ChangeAvailability', { connectorId: 0, type: 'Operative' }],
          ['ClearCache', {}],
        ] as const)
          await central.callAll(action, payload);
        await until(
          'a charge that ended',
          () => / SIM001 stopped .* registerWh=[1-9]/.test(simulator.out()),
          WITHIN_MS,
        );
        simulator.interrupt();
        const { code, out, err } = await simulator.ended();
        t.strictSame([code, err], [0, '']);
        t.match(out, /1 chargers, [1-9]\d* sessions, [1-9]\d* Wh by their registers, 0 errors/);
        t.strictSame(central.wrong.splice(0), []);
      });
    const actions = new Set([...central.seen.keys()].map((key) => key.split(' ')[1]));
    for (const action of [
      'Authorize',
      'BootNotification',
      'MeterValues',
      'StartTransaction',
      'StopTransaction',
    ])
      t.ok(actions.has(action), action);
  },
);

void t.test('every scenario of the documentation plays to its end', async (t) => {
  const central = await startStrictCentralSystem(t);
  for (const file of readdirSync(SCENARIOS))
    await t.test(file, async (t) => {
      const args = [
        '--scenario',
        join(SCENARIOS, file),
        '--speed',
        '1800',
        '--interval',
        '900',
        '--url',
        central.url,
        '--quiet',
      ];
      const { code, out, err } = await startLongCommand(WITHIN_MS, t.testdir(), 'simulate', ...args).ended();
      t.strictSame([code, err], [0, '']);
      t.match(out, /\d+ chargers, [1-9]\d* sessions, [1-9]\d* Wh by their registers, 0 errors/);
      t.match(out, 'not compared');
      t.strictSame(central.wrong.splice(0), []);
    });
});
