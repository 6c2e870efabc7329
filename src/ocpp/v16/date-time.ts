// How the central system writes a point in time on the wire. It reads none: a charger's spellings are the domain's matter.
import { Temporal } from 'temporal-polyfill';
import type { EpochMs } from '../../runtime/clock.ts';

let lastSecond: number | undefined;
let lastText = '';

/** `YYYY-MM-DDTHH:mm:ssZ`, cut to the second: the form that the most chargers can read. */
export function formatDateTime(at: EpochMs): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond) {
    lastText = Temporal.Instant.fromEpochMilliseconds(second * 1000).toString({ smallestUnit: 'second' });
    lastSecond = second;
  }
  return lastText;
}
