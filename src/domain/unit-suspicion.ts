// Does a charger mean the unit it says? Judged by how its register moves, over time, and never acted on without a person.
import { WH_PER_KWH } from './energy.ts';

/** The unit that a charger seems to mean, where it says the other one. */
export type SuspectedUnit = 'Wh' | 'kWh';

/** Since when, and from where, the register of a session is watched. Immutable. */
export interface UnitWatch {
  /** By the server's clock: a queue delivered at once proves nothing. */
  readonly sinceMs: number;
  readonly sinceWh: number;
  /** At most MIN_SAMPLES. */
  readonly samples: number;
}

const MIN_SAMPLES = 3;
const MIN_SPAN_MS = 15 * 60_000;
const MS_PER_HOUR = 3_600_000;
/** A car that charges takes more than this; a register that says less moves in another unit. */
const LEAST_CHARGING_W = 150;
/** Steps that a register in kWh must have made to be told from one that stands still. */
const MIN_STEPS = 2;

export interface WatchedSample {
  readonly wh: number;
  readonly receivedAtMs: number;
  /** Whether the connector says that it is charging. */
  readonly isCharging: boolean;
  readonly maxPowerW: number;
}

/**
 * Watches one more sample. `suspected` is set when at least three samples over at least 15 minutes of charging fit only
 * the other unit: a few Wh where a kilowatt-hour each is plausible, or more than the connector can give.
 */
export function watchUnit(
  watch: UnitWatch | null,
  sample: WatchedSample,
): { watch: UnitWatch | null; suspected: SuspectedUnit | null } {
  const { wh, receivedAtMs, isCharging, maxPowerW } = sample;
  // A pause says nothing about units: the watch begins anew with the next sample that charges.
  if (!isCharging) return { watch: null, suspected: null };
  if (!watch || wh < watch.sinceWh) {
    return { watch: { sinceMs: receivedAtMs, sinceWh: wh, samples: 1 }, suspected: null };
  }
  // More than are asked for are not counted: then nothing of it changes with each sample.
  const watched = watch.samples < MIN_SAMPLES ? { ...watch, samples: watch.samples + 1 } : watch;
  const hours = (receivedAtMs - watch.sinceMs) / MS_PER_HOUR;
  if (watched.samples < MIN_SAMPLES || receivedAtMs - watch.sinceMs < MIN_SPAN_MS) {
    return { watch: watched, suspected: null };
  }
  const moved = wh - watch.sinceWh;
  const isTooLittle = moved >= MIN_STEPS && moved < LEAST_CHARGING_W * hours;
  if (isTooLittle && moved * WH_PER_KWH <= maxPowerW * hours) return { watch: watched, suspected: 'kWh' };
  if (moved > maxPowerW * hours) return { watch: watched, suspected: 'Wh' };
  return { watch: watched, suspected: null };
}
