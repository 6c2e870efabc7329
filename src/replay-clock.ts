// The clock of a replay: it goes from line to line of the recording, and stops on the way wherever something is planned.
import type { Clock } from './runtime/clock.ts';
import { createManualClock } from './runtime/manual-clock.ts';
import { atEndOfTurn } from './runtime/turn.ts';

export interface ReplayClock extends Clock {
  /**
   * Moves time forward, never back. After each moment that something was planned for, all that follows from it without
   * more time passing has happened: so what a timer plans when it was answered comes at its own time.
   */
  moveTo(atMs: number): Promise<void>;
}

export function createReplayClock(startMs: number): ReplayClock {
  const clock = createManualClock();
  clock.advance(startMs);
  const planned = new Set<{ readonly dueMs: number }>();
  const nextDueMs = () => [...planned].reduce((least, { dueMs }) => Math.min(least, dueMs), Infinity);
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    after(delayMs, fire) {
      const plan = { dueMs: clock.now() + delayMs };
      planned.add(plan);
      const cancel = clock.after(delayMs, () => {
        planned.delete(plan);
        fire();
      });
      return () => {
        planned.delete(plan);
        cancel();
      };
    },
    async moveTo(atMs) {
      for (let dueMs = nextDueMs(); dueMs <= atMs; dueMs = nextDueMs()) {
        clock.advance(Math.max(0, dueMs - clock.now()));
        await settled();
      }
      clock.advance(Math.max(0, atMs - clock.now()));
    },
  };
}

/** Nothing but promises is under way in a replay: at the end of the turn all of them have come to rest. */
function settled(): Promise<void> {
  return new Promise(atEndOfTurn);
}
