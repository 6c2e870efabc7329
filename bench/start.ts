// npm run bench:start [-- --runs N FILE …]: size and cold start of executables beside the bundle, in turns in one run.
// Without a FILE, those in release/ that this machine can run. FILE may be a bundle (.cjs) as well.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const EXIT_USAGE = 2;
const DEFAULT_RUNS = '10';
const LIMIT_MS = 20_000;
const NAME = 34;
const CELL = 20;
const BUNDLE = join('dist', 'kwota.cjs');
const OWN_EXECUTABLE = join(
  'release',
  process.platform === 'win32'
    ? `kwota-win-${process.arch}.exe`
    : `kwota-${process.platform}-${process.arch}`,
);

/** What is started, and the arguments that come before those of kwota. */
interface Subject {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly sizeMb: number | null;
}

/** From the start of a process to `until`: the line on its standard output, or its end. */
type Measure = (subject: Subject) => Promise<number>;

function subjectOf(file: string): Subject {
  const sizeMb = statSync(file).size / 1e6;
  if (file.endsWith('.cjs')) return { name: `node ${file}`, command: [process.execPath, file], sizeMb };
  return { name: file, command: [file], sizeMb };
}

/** An empty environment, as a service has it. Windows starts no socket without SystemRoot. */
function environment(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return SystemRoot === undefined ? {} : { SystemRoot };
}

async function timeOf(
  { command: [file, ...before] }: Subject,
  args: readonly string[],
  line: string | null,
): Promise<number> {
  const began = performance.now();
  const child = spawn(file, [...before, ...args], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: LIMIT_MS,
  });
  let said = '';
  let seenMs: number | null = null;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (line === null || seenMs !== null || !said.includes(line)) return;
    seenMs = performance.now() - began;
    child.kill();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (line !== null && seenMs === null)
        reject(new Error(`${file} ended with ${code ?? 'a signal'} and did not say ${line}`));
      else resolve(seenMs ?? performance.now() - began);
    });
  });
}

const toVersion: Measure = (subject) => timeOf(subject, ['--version'], null);

/** A folder of its own each time: it is the first start of a new site, the slowest there is. */
async function toReady(subject: Subject): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'kwota-start-'));
  try {
    const args = ['serve', '--data', data, '--ocpp-port', '0', '--api-port', '0'];
    return await timeOf(subject, args, '[READY]');
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

const MEASURES: readonly (readonly [string, Measure])[] = [
  ['--version', toVersion],
  ['[READY]', toReady],
];

function cell(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const ms = (at: number) => (sorted[at] ?? Number.NaN).toFixed(0);
  return `${ms(Math.floor(sorted.length / 2))} (${ms(0)}-${ms(sorted.length - 1)})`;
}

async function report(subjects: readonly Subject[], runs: number): Promise<void> {
  const times = new Map(subjects.map((subject) => [subject, MEASURES.map(() => [] as number[])]));
  for (let run = 0; run < runs; run += 1) {
    for (const [subject, rows] of times)
      for (const [at, [, measure]] of MEASURES.entries()) rows[at]?.push(await measure(subject));
  }
  const floor: number[] = [];
  const node: Subject = { name: 'node', command: [process.execPath], sizeMb: null };
  for (let run = 0; run < runs; run += 1) floor.push(await timeOf(node, ['--eval', '0'], null));
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
const files = positionals.length > 0 ? positionals : [BUNDLE, OWN_EXECUTABLE];
const missing = files.find((file) => !existsSync(file));
if (!/^[1-9]\d{0,3}$/.test(values.runs) || missing !== undefined) {
  const why = missing === undefined ? '--runs is a whole number' : `there is no ${missing}: npm run package`;
  process.stderr.write(`kwota: ${why}\n`);
  process.exitCode = EXIT_USAGE;
} else await report(files.map(subjectOf), Number(values.runs));
