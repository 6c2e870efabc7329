// Inputs nobody would send, one after the other, until one breaks a promise. The same seed makes the same inputs.
import { seededRandom } from '../kit/seeded-random.ts';
import { spoiled } from './mutation.ts';

/** One reader of what comes from outside. */
export interface FuzzTarget {
  readonly name: string;
  /** Good inputs; each try is one of them, spoiled. */
  readonly corpus: readonly string[];
  /** Rejects, or throws, when a promise is broken. */
  check(input: Buffer): unknown;
  close?(): Promise<void>;
}

export interface FuzzFailure {
  readonly target: string;
  /** `--seed` and `--at` make this input again. */
  readonly seed: number;
  readonly at: number;
  readonly input: Buffer;
  readonly reason: string;
}

export interface FuzzRun {
  readonly seed: number;
  readonly from: number;
  /** Asked before each input, with how many were tried. */
  readonly goesOn: (tried: number) => boolean;
}

/** A reader that takes longer over a small input does more than read it. Generous: machines are slow at times. */
const TOO_LONG_MS = 30_000;
const STREAMS = 1_000_003;

/** Resolves with how many inputs were tried, and with what went wrong, if anything did. */
export async function fuzz(
  target: FuzzTarget,
  { seed, from, goesOn }: FuzzRun,
): Promise<{ tried: number; failure: FuzzFailure | null }> {
  let tried = 0;
  for (let at = from; goesOn(tried); at += 1, tried += 1) {
    const input = spoiled(target.corpus, seededRandom(seed * STREAMS + at));
    const reason = await broken(target, input);
    if (reason !== null) return { tried, failure: { target: target.name, seed, at, input, reason } };
  }
  return { tried, failure: null };
}

async function broken(target: FuzzTarget, input: Buffer): Promise<string | null> {
  const began = performance.now();
  try {
    await target.check(input);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  if (Object.keys(Object.prototype).length > 0) return 'all objects have got a member more';
  const tookMs = performance.now() - began;
  return tookMs > TOO_LONG_MS ? `it took ${Math.round(tookMs)} ms` : null;
}

export function describeFailure({ target, seed, at, input, reason }: FuzzFailure): string {
  return [
    `${target}: ${reason}`,
    `input (${input.length} bytes): ${JSON.stringify(input.toString('latin1')).slice(0, 2_000)}`,
    `again: npm run fuzz -- --target ${target} --seed ${seed} --at ${at}`,
  ].join('\n');
}
