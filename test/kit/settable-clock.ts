// A clock whose time stands still until a test sets it; its timers are the system's. So a server can live through the turn of a month.
import { systemClock, type Clock } from '../../src/runtime/clock.ts';

export interface SettableClock extends Clock {
  /** From here on it is this time: ISO 8601 with an offset. */
  set(time: string): void;
}

export function createSettableClock(time: string): SettableClock {
  let nowMs = Date.parse(time);
  return {
    ...systemClock,
    now: () => nowMs,
    set(next) {
      nowMs = Date.parse(next);
    },
  };
}
