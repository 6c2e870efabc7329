// Runs the energy property as often as asked, spread over processes with seeds of their own, and reports. Started by
// properties.mjs; exit code 1 when a run failed, with what makes it fail again.
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { anyTrace, checkTrace, failureOf, type Tally } from '../test/kit/energy-property.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const DEFAULT_RUNS = '100000';
const MAX_SEED = 1_000_000_000;
/** A share is checked in pieces, so that progress can be told, and memory stays small. */
const RUNS_IN_A_PIECE = 1_000;
const PROGRESS_EVERY_MS = 10_000;

interface Share {
  readonly runs: number;
  readonly seed: number;
  readonly path: string | null;
}

interface Piece {
  readonly runs: number;
  readonly tally: readonly (readonly [string, number])[];
  /** What fast-check says of a failure: seed, path and the shortest trace. */
  readonly failure: string | null;
}

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** One piece: with a path it replays a failure, and nothing else. */
async function check(runs: number, seed: number, path: string | null): Promise<Piece> {
  const tally: Tally = new Map();
  const property = fc.asyncProperty(anyTrace, (trace) => checkTrace(trace, tally));
  const result = await fc.check(property, { numRuns: runs, seed, ...(path === null ? {} : { path }) });
  return { runs: result.numRuns, tally: [...tally], failure: failureOf(result) };
}

/** In a process of its own: pieces with seeds that follow one another, until one fails. */
async function work({ runs, seed, path }: Share): Promise<void> {
  for (let done = 0, piece = 0; done < runs; done += RUNS_IN_A_PIECE, piece += 1) {
    const found = await check(Math.min(RUNS_IN_A_PIECE, runs - done), seed + piece, path);
    process.send?.(found);
    if (found.failure !== null) break;
  }
  process.disconnect();
}

/** Shares of whole pieces, each with the seeds after those of the one before: the same for any number of cores. */
function sharesOf(runs: number, seed: number, path: string | null): Share[] {
  if (path !== null) return [{ runs: RUNS_IN_A_PIECE, seed, path }];
  const pieces = Math.ceil(runs / RUNS_IN_A_PIECE);
  const perWorker = Math.ceil(pieces / Math.min(availableParallelism(), pieces));
  const shares: Share[] = [];
  for (let first = 0; first < pieces; first += perWorker) {
    const until = Math.min(runs, (first + perWorker) * RUNS_IN_A_PIECE);
    shares.push({ runs: until - first * RUNS_IN_A_PIECE, seed: seed + first, path });
  }
  return shares;
}

class Progress {
  readonly tally: Tally = new Map();
  readonly failures: string[] = [];
  #done = 0;
  readonly #startedMs = performance.now();
  #toldMs = 0;

  add({ runs, tally, failure }: Piece): void {
    this.#done += runs;
    for (const [what, count] of tally) this.tally.set(what, (this.tally.get(what) ?? 0) + count);
    if (failure !== null) this.failures.push(failure);
    if (performance.now() - this.#toldMs < PROGRESS_EVERY_MS) return;
    this.#toldMs = performance.now();
    this.tell();
  }

  tell(): void {
    const seconds = (performance.now() - this.#startedMs) / 1000;
    const rate = Math.round(this.#done / seconds);
    process.stdout.write(`${this.#done} runs, ${Math.round(seconds)} s, ${rate} runs/s\n`);
  }
}

/** Resolves when the worker has ended; one that dies without a word is a failure. */
function startWorker(share: Share, progress: Progress): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['worker', JSON.stringify(share)]);
  child.on('message', (piece) => progress.add(piece as Piece));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      if (code !== 0) progress.failures.push(`a worker ended with ${signal ?? `exit code ${code}`}`);
      resolve();
    });
  });
}

async function lead(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: DEFAULT_RUNS },
      seed: { type: 'string', default: String(Date.now() % MAX_SEED) },
      path: { type: 'string' },
    },
  });
  const runs = wholeNumber(values.runs);
  const seed = wholeNumber(values.seed);
  if (runs === null || runs === 0 || seed === null) {
    process.stderr.write('properties: --runs and --seed take whole numbers\n');
    process.exitCode = EXIT_USAGE;
    return;
  }
  const shares = sharesOf(runs, seed, values.path ?? null);
  process.stdout.write(
    `seed ${seed}, ${shares.length} processes, ${RUNS_IN_A_PIECE} runs with each seed from it on\n`,
  );
  const progress = new Progress();
  await Promise.all(shares.map((share) => startWorker(share, progress)));
  progress.tell();
  const counts = [...progress.tally].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [what, count] of counts) process.stdout.write(`  ${what} ${count}\n`);
  for (const failure of progress.failures) process.stdout.write(`FAILED: ${failure}\n`);
  if (progress.failures.length > 0) {
    process.stdout.write(
      'again: npm run test:properties -- --seed SEED --path PATH, both as written above\n',
    );
    process.exitCode = EXIT_FAILED;
  } else process.stdout.write('the energy was that of the model in every run\n');
}

if (process.argv[2] === 'worker') await work(JSON.parse(process.argv[3] ?? '') as Share);
else await lead();
