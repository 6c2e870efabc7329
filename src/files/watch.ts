// Watches one file by looking at it now and then, which works on every file system. It does not know what the file means.
import { readFile } from 'node:fs/promises';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import { FileError } from './file-error.ts';
import { identify, sameFile, type FileIdentity } from './file-identity.ts';

const DEFAULT_POLL_INTERVAL_MS = 500;
const DEFAULT_STABLE_FOR_MS = 300;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

export interface WatchOptions {
  readonly clock: Clock;
  /** Default 500 ms. */
  readonly pollIntervalMs?: number;
  /** How long a file must have stayed as it is before it is read: its writer may be half way. Default 300 ms. */
  readonly stableForMs?: number;
  /** Larger files are a problem instead of a change. Default 64 MiB. */
  readonly maxBytes?: number;
  /** What the caller has seen already (null: no file), which is then no change. Without it the first look reports. */
  readonly known?: FileIdentity | null;
  /** Told once for each new problem, and again after it had gone; the file is tried again at each look. */
  readonly onProblem: (problem: Error) => void;
}

/**
 * The new content, or null when the file is gone. Awaited before the next look; when it rejects, that is a problem and
 * the change is reported again at the next look. It must not wait for checkNow(), which waits for it.
 */
export type OnFileChange = (content: Buffer | null, identity: FileIdentity | null) => void | Promise<void>;

/** `pending`: something is new but not stable or not readable yet. `reported`: onChange has been told and has ended. */
export type LookOutcome = 'unchanged' | 'pending' | 'reported';

export interface FileWatch {
  /** Looks at once, without waiting for the next turn; stability is asked for all the same. */
  checkNow(): Promise<LookOutcome>;
  /** Takes a state of the file as seen, so that it is no change: for the one who wrote it. */
  acknowledge(identity: FileIdentity | null): void;
  /** No further look is begun, and nothing is reported any more. */
  close(): void;
}

export function watchFile(path: string, options: WatchOptions, onChange: OnFileChange): FileWatch {
  const { clock, onProblem } = options;
  const pollIntervalMs = options.pollIntervalMs ?? DEFAULT_POLL_INTERVAL_MS;
  const stableForMs = options.stableForMs ?? DEFAULT_STABLE_FOR_MS;
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  let seen: FileIdentity | null | undefined = options.known;
  let candidate: { identity: FileIdentity | null; sinceMs: number } | null = null;
  let lastProblem: string | null = null;
  let isClosed = false;
  let turn: Promise<unknown> = Promise.resolve();
  let cancelTimer: CancelTimer = () => undefined;

  async function look(): Promise<LookOutcome> {
    const identity = await identify(path);
    if (seen !== undefined && sameFile(identity, seen)) {
      candidate = null;
      return 'unchanged';
    }
    if (candidate === null || !sameFile(identity, candidate.identity)) {
      candidate = { identity, sinceMs: clock.monotonicMs() };
    }
    if (clock.monotonicMs() - candidate.sinceMs < stableForMs) return 'pending';
    const content = identity === null ? null : await readWhole(path, identity, maxBytes);
    // Written to while it was read: what was read may be a mixture, so the wait begins anew.
    if (!sameFile(await identify(path), identity)) return 'pending';
    if (isClosed) return 'pending';
    await onChange(content, identity);
    seen = identity;
    candidate = null;
    return 'reported';
  }

  async function lookSafely(): Promise<LookOutcome> {
    if (isClosed) return 'unchanged';
    try {
      const outcome = await look();
      if (outcome !== 'pending') lastProblem = null;
      return outcome;
    } catch (error) {
      tell(error instanceof Error ? error : FileError.from(error, path, `read ${path}`));
      return 'pending';
    }
  }

  function tell(problem: Error): void {
    if (problem.message !== lastProblem && !isClosed) onProblem(problem);
    lastProblem = problem.message;
  }

  /** One look at a time: a second one waits for the first. */
  function checkNow(): Promise<LookOutcome> {
    const outcome = turn.then(lookSafely);
    turn = outcome;
    return outcome;
  }

  function plan(delayMs: number): void {
    if (isClosed) return;
    cancelTimer = clock.after(delayMs, () => {
      void checkNow().then((outcome) => {
        // What is new is looked at again as soon as it can be stable, so that a slow poll does not delay it twice.
        plan(outcome === 'pending' ? Math.min(stableForMs, pollIntervalMs) : pollIntervalMs);
      });
    });
  }

  plan(0);
  return {
    checkNow,
    acknowledge(identity) {
      seen = identity;
    },
    close() {
      isClosed = true;
      cancelTimer();
    },
  };
}

async function readWhole(path: string, identity: FileIdentity, maxBytes: number): Promise<Buffer> {
  if (!identity.isFile) throw new FileError('notAFile', path, `cannot read ${path}: it is not a file`);
  if (identity.sizeBytes > BigInt(maxBytes)) {
    throw new FileError('tooLarge', path, `cannot read ${path}: it is larger than ${maxBytes} bytes`);
  }
  try {
    return await readFile(path);
  } catch (error) {
    throw FileError.from(error, path, `read ${path}`);
  }
}
