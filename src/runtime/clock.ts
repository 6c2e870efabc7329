// The only source of time and timers: the server gets the system's clock, tests a clock they move by hand.

/** A point in time, in milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** Stops the timer; harmless when it has fired already. */
export type CancelTimer = () => void;

export interface Clock {
  /** The current time. It may jump (NTP, an operator, a suspend): never measure durations with it. */
  now(): EpochMs;
  /** Milliseconds that only go forward, from an arbitrary origin: for durations and timeouts. */
  monotonicMs(): number;
  /** Runs `fire` once after `delayMs`. A timer does not keep the process alive. */
  after(delayMs: number, fire: () => void): CancelTimer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Repeats `fire` every `intervalMs` until cancelled; the next turn is planned when the last has ended. */
export function every(clock: Clock, intervalMs: number, fire: () => void): CancelTimer {
  let cancelled = false;
  let cancel: CancelTimer = () => undefined;
  const plan = () => {
    cancel = clock.after(intervalMs, () => {
      fire();
      if (!cancelled) plan();
    });
  };
  plan();
  return () => {
    cancelled = true;
    cancel();
  };
}
