// Notices that the machine's clock was set, or that it slept: the time of day went another way than the time that passed.
import { every, type CancelTimer, type Clock } from './clock.ts';

const LOOK_EVERY_MS = 10_000;
/** Less is what NTP corrects all the time. */
const JUMP_MS = 60_000;

/** `onJump` is told by how much the time of day went ahead of the time that passed; negative: it was set back. */
export function watchClock(clock: Clock, onJump: (byMs: number) => void): CancelTimer {
  let last = { now: clock.now(), monotonic: clock.monotonicMs() };
  return every(clock, LOOK_EVERY_MS, () => {
    const next = { now: clock.now(), monotonic: clock.monotonicMs() };
    const byMs = next.now - last.now - (next.monotonic - last.monotonic);
    last = next;
    if (Math.abs(byMs) >= JUMP_MS) onJump(byMs);
  });
}
