// The promise: charging ends on the quota, not at the next sample. The benchmark's scenarios, few charges of each.
import t from 'tap';
import { runScenario } from '../bench/overshoot-run.ts';
import { SCENARIOS } from '../bench/scenarios.ts';

const CHARGES = 20;
const SEED = 1;
const LIMIT_WH = 50;

async function errorsOf(name: string, rule: 'naive' | 'kwota'): Promise<number[]> {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error(`there is no scenario ${name}`);
  return runScenario(scenario, rule, CHARGES, SEED);
}

const amounts = (errors: readonly number[]) => errors.map(Math.abs).sort((a, b) => a - b);
const median = (errors: readonly number[]) => amounts(errors)[Math.floor(errors.length / 2)] ?? Infinity;
const p95 = (errors: readonly number[]) => amounts(errors)[Math.ceil(errors.length * 0.95) - 1] ?? Infinity;

void t.test('a steady 22 kW charge sampled once a minute ends within 50 Wh of its quota', async (t) => {
  const [naive, kwota] = [
    await errorsOf('steady 22 kW, 60 s', 'naive'),
    await errorsOf('steady 22 kW, 60 s', 'kwota'),
  ];
  t.ok(p95(kwota) <= LIMIT_WH, `p95 ${p95(kwota)} Wh`);
  t.ok(median(naive) > LIMIT_WH, 'which a stop at the next sample does not reach');
});

void t.test(
  'so does one with a slow charger, several on one account, one that cannot be asked',
  async (t) => {
    for (const name of [
      'latency 5 s',
      '4 sessions of 22 kW',
      'samples every 300 s',
      'no TriggerMessage',
      'tapering',
      'noise 20 %',
    ]) {
      const errors = await errorsOf(name, 'kwota');
      t.ok(p95(errors) <= LIMIT_WH, `${name}: p95 ${p95(errors)} Wh`);
    }
  },
);
