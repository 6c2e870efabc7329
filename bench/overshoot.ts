// npm run bench:overshoot [-- --seed S --charges N --rules naive,kwota]: how far charges go beyond their quota, side by side.
import { parseArgs } from 'node:util';
import { RULE_NAMES, runScenario, type RuleName } from './overshoot-run.ts';
import { SCENARIOS } from './scenarios.ts';

const EXIT_USAGE = 2;
const DEFAULT_SEED = '1';
const DEFAULT_CHARGES = '100';
const CELL = 7;
const NAME = 32;

interface Options {
  readonly seed: number;
  readonly charges: number;
  readonly rules: readonly RuleName[];
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function row(name: string, groups: readonly (readonly string[])[]): string {
  const columns = groups.map((cells) => cells.map((cell) => cell.padStart(CELL)).join(''));
  return `${name.padEnd(NAME)}${columns.join('  |')}\n`;
}

/** The median and the worst as they are, the percentile of their amounts, whichever side of the quota. */
function cellsOf(errors: readonly number[]): string[] {
  const worst = errors.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? Number.NaN;
  return [quantile(errors, 0.5), quantile(errors.map(Math.abs), 0.95), worst].map((wh) => wh.toFixed(0));
}

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: DEFAULT_SEED },
      charges: { type: 'string', default: DEFAULT_CHARGES },
      rules: { type: 'string', default: RULE_NAMES.join(',') },
    },
  });
  const seed = wholeNumber(values.seed);
  const charges = wholeNumber(values.charges);
  const asked = values.rules.split(',');
  const rules = RULE_NAMES.filter((name) => asked.includes(name));
  return seed === null || charges === null || charges === 0 || rules.length !== asked.length
    ? null
    : { seed, charges, rules };
}

async function report({ seed, charges, rules }: Options): Promise<void> {
  const print = (text: string) => process.stdout.write(text);
  const all = new Map(rules.map((name) => [name, [] as number[]]));
  print(`seed ${seed}, ${charges} accounts each; final minus quota in Wh of true energy:\n`);
  print('the median, the 95th percentile of its amount, and the worst\n\n');
  print(
    row(
      '',
      rules.map((name) => [name, '', '']),
    ),
  );
  print(
    row(
      '',
      rules.map(() => ['median', 'p95', 'worst']),
    ),
  );
  for (const scenario of SCENARIOS) {
    const cells: string[][] = [];
    for (const name of rules) {
      const errors = await runScenario(scenario, name, charges, seed);
      all.get(name)?.push(...errors);
      cells.push(cellsOf(errors));
    }
    print(row(scenario.name, cells));
  }
  print(row('overall', [...all.values()].map(cellsOf)));
}

const options = readOptions();
if (options) await report(options);
else {
  process.stderr.write(
    `overshoot: --seed and --charges take whole numbers, --rules some of ${RULE_NAMES.join(',')}\n`,
  );
  process.exitCode = EXIT_USAGE;
}
