// npm run bench [-- --quick --only closed,paced]: kwota beside its baselines, in one table. docs/performance.md says what the figures mean.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from './figures.ts';
import { PARTS, PART_NAMES, type PartName, type Row, type Scale } from './parts.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const FULL: Scale = {
  chargers: [50, 200, 1000],
  turns: 15,
  warmUpTurns: 5,
  sliceMs: 1_000,
  crowd: 5_000,
  largest: 19_000,
  rounds: 3,
  users: 50_000,
  sessions: 100_000,
  silent: 4_000,
};

/** About a minute on a calm machine: for a first look, not for a claim. */
const QUICK: Scale = {
  chargers: [200],
  turns: 4,
  warmUpTurns: 2,
  sliceMs: 400,
  crowd: 2_000,
  largest: 5_000,
  rounds: 1,
  users: 10_000,
  sessions: 10_000,
  silent: 500,
};

/** It rests most of the time, and is no quicker with less. */
const SLOWEST: PartName = 'idle';

const HEAD = ['figure', 'kwota', 'ws', 'ocpp-rpc strict', 'ws + SQLite', 'must', 'ambitious'];

function cellsOf({ figure, kwota, others = [], must, ambitious }: Row): string[] {
  const [ws = '', rpc = '', sqlite = ''] = others;
  return [figure, kwota, ws, rpc, sqlite, must ?? '', ambitious ?? ''];
}

async function run(scale: Scale, names: readonly PartName[]): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'kwota-bench-'));
  const rows: Row[] = [];
  const problems: string[] = [];
  try {
    for (const name of names) {
      process.stderr.write(`bench: ${name}\n`);
      const part = await PARTS[name](join(root, name), scale);
      rows.push(...part.rows);
      problems.push(...part.problems.map((problem) => `${name}: ${problem}`));
    }
  } finally {
    rmSync(root, { recursive: true });
  }
  process.stdout.write(table(HEAD, rows.map(cellsOf)));
  for (const problem of problems) process.stdout.write(`WRONG: ${problem}\n`);
  if (problems.length > 0) process.exitCode = EXIT_FAILED;
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const asked = values.only?.split(',') ?? PART_NAMES.filter((name) => !values.quick || name !== SLOWEST);
const names = PART_NAMES.filter((name) => asked.includes(name));
if (process.platform !== 'linux') {
  process.stderr.write('bench: it reads /proc, so it runs on Linux only\n');
  process.exitCode = EXIT_USAGE;
} else if (names.length !== asked.length) {
  process.stderr.write(`bench: --only takes some of ${PART_NAMES.join(',')}\n`);
  process.exitCode = EXIT_USAGE;
} else await run(values.quick ? QUICK : FULL, names);
