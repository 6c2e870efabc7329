// npm run bench:start [-- --runs N FILE …]: size and cold start of executables beside the bundle, in turns in one run.
// Without a FILE, the one in release/ that this machine can run. FILE may be a bundle (.cjs) as well.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { timeOf, timeToPicture, timeToReady, withServer, type Command } from './start-times.ts';

const EXIT_USAGE = 2;
const DEFAULT_RUNS = '10';
const NAME = 34;
const CELL = 20;
const BUNDLE = join('dist', 'kwota.cjs');
const OWN_EXECUTABLE = join(
  'release',
  process.platform === 'win32'
    ? `kwota-win-${process.arch}.exe`
    : `kwota-${process.platform}-${process.arch}`,
);

/** What is started. */
interface Subject {
  readonly name: string;
  readonly command: Command;
  readonly sizeMb: number | null;
}

/** Named, with how it is measured; `dataDir` is that of a server that runs. */
const MEASURES: readonly (readonly [string, (command: Command, dataDir: string) => Promise<number>])[] = [
  ['--version', (command) => timeOf(command, ['--version'])],
  ['[READY]', timeToReady],
  // script(1) makes a terminal on Linux only.
  ...(process.platform === 'linux' ? ([['dashboard', timeToPicture]] as const) : []),
];

function subjectOf(file: string): Subject {
  const sizeMb = statSync(file).size / 1e6;
  if (file.endsWith('.cjs')) return { name: `node ${file}`, command: [process.execPath, file], sizeMb };
  return { name: file, command: [file], sizeMb };
}

function cell(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const ms = (at: number) => (sorted[at] ?? Number.NaN).toFixed(0);
  return `${ms(Math.floor(sorted.length / 2))} (${ms(0)}-${ms(sorted.length - 1)})`;
}

async function report(subjects: readonly [Subject, ...Subject[]], runs: number): Promise<void> {
  const times = new Map(subjects.map((subject) => [subject, MEASURES.map(() => [] as number[])]));
  const floor: number[] = [];
  await withServer(subjects[0].command, async (dataDir) => {
    for (let run = 0; run < runs; run += 1) {
      for (const [{ command }, rows] of times)
        for (const [at, [, measure]] of MEASURES.entries()) rows[at]?.push(await measure(command, dataDir));
      floor.push(await timeOf([process.execPath], ['--eval', '0']));
    }
  });
  const print = (cells: readonly string[]) =>
    process.stdout.write(
      `${(cells[0] ?? '').padEnd(NAME)}${cells
        .slice(1)
        .map((text) => text.padStart(CELL))
        .join('')}\n`,
    );
  process.stdout.write(`median (least-most) of ${runs} starts each, in ms\n\n`);
  print(['', ...MEASURES.map(([name]) => name), 'size (MB)']);
  for (const [{ name, sizeMb }, rows] of times) print([name, ...rows.map(cell), sizeMb?.toFixed(1) ?? '']);
  print(['node --eval 0', cell(floor)]);
}

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: DEFAULT_RUNS } },
  allowPositionals: true,
});
const [first = BUNDLE, ...more] = positionals.length > 0 ? positionals : [BUNDLE, OWN_EXECUTABLE];
const missing = [first, ...more].find((file) => !existsSync(file));
if (!/^[1-9]\d{0,3}$/.test(values.runs) || missing !== undefined) {
  const why = missing === undefined ? '--runs is a whole number' : `there is no ${missing}: npm run package`;
  process.stderr.write(`kwota: ${why}\n`);
  process.exitCode = EXIT_USAGE;
} else await report([subjectOf(first), ...more.map(subjectOf)], Number(values.runs));
