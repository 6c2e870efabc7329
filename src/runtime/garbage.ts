// Memory that is garbage goes back to the system after a surge. V8 collects when more is wanted, and a server whose thousand
// chargers have just connected, or whose years of sessions were just read, wants nothing more for a long time.
import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { every, type CancelTimer, type Clock } from './clock.ts';
import type { Log } from './log.ts';

const LOOK_EVERY_MS = 10_000;
const MIB = 1024 * 1024;
/** So much more than the last collection left is worth a look. */
const SURGE_BYTES = 48 * MIB;
/** A collection holds everybody up for some 0.1 s: it waits until the program is idle for nine tenths of the time. */
const MAX_BUSY_SHARE = 0.1;

export interface GarbageParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Bytes in use, garbage among them. */
  readonly heapBytes: () => number;
  /** How much of the time since it was asked last the program was busy, 0 to 1. */
  readonly busyShare: () => number;
  readonly collect: () => void;
}

/** The parts of this process. */
export function ownGarbage(): Pick<GarbageParts, 'heapBytes' | 'busyShare' | 'collect'> {
  let before = performance.eventLoopUtilization();
  let collect: (() => void) | null = null;
  return {
    heapBytes: () => getHeapStatistics().used_heap_size,
    busyShare() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    collect: () => (collect ??= collector())(),
  };
}

/** What is left of the heap V8 then gives back by itself, in small steps. */
export function watchGarbage({ clock, log, heapBytes, busyShare, collect }: GarbageParts): CancelTimer {
  let leftBytes = 0;
  return every(clock, LOOK_EVERY_MS, () => {
    const isQuiet = busyShare() <= MAX_BUSY_SHARE;
    const usedBytes = heapBytes();
    if (!isQuiet || usedBytes < leftBytes + SURGE_BYTES) return;
    const beganMs = clock.monotonicMs();
    collect();
    leftBytes = heapBytes();
    const [fromMib, toMib] = [usedBytes, leftBytes].map((bytes) => Math.round(bytes / MIB));
    log.debug('PERF', 'garbage collected', { fromMib, toMib, ms: Math.round(clock.monotonicMs() - beganMs) });
  });
}

/** The engine's own, which has no other way to it. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
