// When a charger takes its samples during a session: the sample interval, and moments that its clock says.
import type { CancelTimer } from '../runtime/clock.ts';
import type { Configuration } from './configuration.ts';
import type { ChargingClock } from './pace.ts';
import type { Profile } from './profile.ts';
import { between, type Random } from './random.ts';
import type { ReadingContext } from './reading.ts';

/** However fast charging passes, samples do not come faster than this on the wall. */
const LEAST_WALL_MS = 50;

export interface SamplingPorts {
  readonly charging: ChargingClock;
  readonly configuration: Configuration;
  readonly profile: Profile;
  readonly random: Random;
  readonly sample: (context: ReadingContext) => void;
}

/** Samples until cancelled. A changed interval counts from the next sample on. */
export function startSampling(ports: SamplingPorts): CancelTimer {
  const { charging, profile, sample } = ports;
  let cancelPeriodic: CancelTimer = () => undefined;
  let cancelAligned: CancelTimer = () => undefined;
  const planPeriodic = () => {
    const delayMs = periodicMs(ports);
    if (delayMs === null) return;
    cancelPeriodic = charging.after(delayMs, () => {
      planPeriodic();
      sample('Sample.Periodic');
    });
  };
  const planAligned = () => {
    const delayMs = alignedMs(ports);
    if (delayMs === null) return;
    cancelAligned = charging.after(delayMs, () => {
      planAligned();
      if (profile.samples.isRephasedByAligned) {
        cancelPeriodic();
        planPeriodic();
      }
      sample('Sample.Clock');
    });
  };
  planPeriodic();
  planAligned();
  return () => {
    cancelPeriodic();
    cancelAligned();
  };
}

/** Until the next sample, in charging time; null is never. */
function periodicMs({ charging, configuration, profile, random }: SamplingPorts): number | null {
  const intervalMs = configuration.intervalMs('MeterValueSampleInterval');
  if (intervalMs === 0) return null;
  const [least, most] = profile.samples.latencyMs;
  return Math.max(intervalMs + between(random, least, most), LEAST_WALL_MS * charging.speed);
}

/** Until the charger's clock is at a multiple of the interval, in charging time. */
function alignedMs({ charging, configuration, profile }: SamplingPorts): number | null {
  const intervalMs = configuration.intervalMs('ClockAlignedDataInterval');
  if (intervalMs === 0) return null;
  const wallMs = Math.max(intervalMs / charging.speed, LEAST_WALL_MS);
  return (wallMs - ((charging.now() + profile.clockAheadMs) % wallMs)) * charging.speed;
}
