// How the central system writes a point in time on the wire. It reads none: a charger's spellings are the domain's matter.
import { Temporal } from 'temporal-polyfill';
import type { EpochMs } from '../../runtime/clock.ts';

/** Whole seconds, or with three digits of fraction. */
export type TimeFormat = 's' | 'ms';

let lastSecond: number | undefined;
let lastText = '';

/** `YYYY-MM-DDTHH:mm:ssZ`, cut to the second: the form that the most chargers can read; as `ms` with the fraction. */
export function formatDateTime(at: EpochMs, format: TimeFormat = 's'): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond) {
    lastText = Temporal.Instant.fromEpochMilliseconds(second * 1000).toString({ smallestUnit: 'second' });
    lastSecond = second;
  }
  if (format === 's') return lastText;
  const fraction = String(Math.floor(at) - second * 1000).padStart(3, '0');
  return lastText.replace('Z', `.${fraction}Z`);
}
