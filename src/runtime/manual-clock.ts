// A clock that is moved by hand: for tests, and for replays, whose time is the recording's. The server never uses it.
import type { Clock } from './clock.ts';

export interface ManualClock extends Clock {
  /** Moves time forward, firing what falls due on the way, in order. */
  advance(byMs: number): void;
  /** Sets the time, as NTP or an operator does: no time passes, and no timer knows of it. */
  step(byMs: number): void;
  /** Timers that have not fired yet. */
  pending(): number;
}

export function createManualClock(): ManualClock {
  let nowMs = 0;
  let steppedMs = 0;
  const timers = new Set<{ dueMs: number; fire: () => void }>();
  return {
    now: () => nowMs + steppedMs,
    monotonicMs: () => nowMs,
    after(delayMs, fire) {
      const timer = { dueMs: nowMs + delayMs, fire };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(byMs) {
      const endMs = nowMs + byMs;
      for (;;) {
        const due = [...timers].filter((timer) => timer.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (!due) break;
        timers.delete(due);
        nowMs = Math.max(nowMs, due.dueMs);
        due.fire();
      }
      nowMs = endMs;
    },
    step(byMs) {
      steppedMs += byMs;
    },
    pending: () => timers.size,
  };
}
