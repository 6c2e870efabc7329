// Waits for something to become true, bounded in time: for tests that watch real processes and files.
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
/** Far more than anything takes: a busy machine stops a process for seconds. */
const DEFAULT_WITHIN_MS = 60_000;

/** Resolves with the first value of `look` that is neither null nor false; rejects with `what` when it takes too long. */
export async function until<T>(
  what: string,
  look: () => T | null | false | Promise<T | null | false>,
  withinMs: number = DEFAULT_WITHIN_MS,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let seen: unknown;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== null && found !== false) return found;
    seen = found;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error(`waited ${withinMs} ms for ${what} (last: ${JSON.stringify(seen)})`);
}
