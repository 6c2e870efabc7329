// Times that no setting of the clock moves: for what is reckoned from how long ago something was, and until when something will be.
import type { Clock, EpochMs } from './clock.ts';

/** A message is handled at once, or waited for the disk and those before it: no longer than this. */
const MAX_AGE_MS = 60_000;

/** Like milliseconds since 1970, but counted on from when this was made; not the time of day once the clock was set. */
export type SteadyMs = number;

export interface SteadyTime {
  now(): SteadyMs;
  /** Of something that has just happened by the clock: its age is believed, where it can be so. */
  ofRecent(atMs: EpochMs): SteadyMs;
  /** What the clock will say then, as it is set now. */
  toClock(steadyMs: SteadyMs): EpochMs;
}

export function createSteadyTime(clock: Clock): SteadyTime {
  const originMs = clock.now() - clock.monotonicMs();
  const now = () => originMs + clock.monotonicMs();
  return {
    now,
    ofRecent: (atMs) => now() - Math.min(Math.max(clock.now() - atMs, 0), MAX_AGE_MS),
    toClock: (steadyMs) => clock.now() + (steadyMs - now()),
  };
}
