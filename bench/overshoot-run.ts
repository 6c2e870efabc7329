// One scenario of the overshoot benchmark under one rule: accounts charge one after another, on the same chargers. Prints nothing.
import { seededRandom } from '../test/kit/seeded-random.ts';
import { Charge, type ChargerModel } from './charging-world.ts';
import { productRule } from './product-rule.ts';
import type { Scenario } from './scenarios.ts';
import { forecastRule, naiveRule, type StopRule } from './stop-rules.ts';

/** Of one session; an account with several has as many times that. */
const QUOTA_WH = { least: 4000, most: 8000 } as const;
const STEP_MS = 5000;
/** A charge that is not over by then never will be. */
const MAX_STEPS = 20_000;
const SEEDS = 2 ** 31;

export type RuleName = 'naive' | 'forecast' | 'kwota';

const RULES: Readonly<Record<RuleName, (models: readonly ChargerModel[]) => StopRule>> = {
  naive: naiveRule,
  forecast: forecastRule,
  kwota: productRule,
};
export const RULE_NAMES = Object.keys(RULES) as RuleName[];

function modelsOf({ sessions, intervalS, ...scenario }: Scenario): ChargerModel[] {
  return Array.from({ length: sessions }, (_, i) => ({
    ...scenario,
    chargePointId: `CP${i + 1}`,
    intervalMs: intervalS * 1000,
  }));
}

/**
 * Final minus quota in Wh, one for each account: true energy beyond what the registers showed at the start. The same
 * seed is the same world, whatever the rule.
 */
export async function runScenario(
  scenario: Scenario,
  name: RuleName,
  charges: number,
  seed: number,
): Promise<number[]> {
  const models = modelsOf(scenario);
  const rule = RULES[name](models);
  const random = seededRandom(seed);
  const errors: number[] = [];
  for (let i = 0; i < charges; i += 1) {
    const expectedWh = random.between(QUOTA_WH.least, QUOTA_WH.most);
    const quotaWh = expectedWh * models.length;
    const idTag = `CARD${i}`;
    const begun = models.map((model) => {
      const parts = { clock: rule.clock, listener: rule, expectedWh, idTag };
      return new Charge(model, { ...parts, seed: random.below(SEEDS) });
    });
    const chargeOn = (id: string) => begun.find(({ model }) => model.chargePointId === id);
    rule.begin(idTag, quotaWh, {
      remoteStop: (id) => chargeOn(id)?.remoteStop(),
      trigger: (id) => chargeOn(id)?.trigger(),
    });
    for (let step = 0; begun.some(({ endedWh }) => endedWh === null); step += 1) {
      if (step > MAX_STEPS) throw new Error(`${name}: a charge does not end: ${scenario.name}`);
      rule.clock.advance(STEP_MS);
      await rule.settle();
    }
    errors.push(begun.reduce((sum, { endedWh }) => sum + (endedWh ?? 0), -quotaWh));
  }
  return errors;
}
