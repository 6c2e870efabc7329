// How fast charging passes: a clock whose timers and durations run `speed` times as fast as those of the clock below it.
// The time of day stays as it is: a charger whose timestamps ran ahead would be a charger with a broken clock.
import type { Clock } from '../runtime/clock.ts';

export interface ChargingClock extends Clock {
  readonly speed: number;
}

/** Durations of it are charging time: at speed 60, `after(60_000, …)` fires after one second. */
export function chargingClock(clock: Clock, speed: number): ChargingClock {
  return {
    speed,
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs() * speed,
    after: (delayMs, fire) => clock.after(delayMs / speed, fire),
  };
}
