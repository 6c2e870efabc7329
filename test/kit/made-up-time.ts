// The moment at which the made-up site is looked at.

/** Sunday 22 November 2026, 14:32:07 in Berlin. */
export const NOW_MS = Date.parse('2026-11-22T13:32:07Z');

const MINUTE_MS = 60_000;

/** So many minutes before now. */
export function ago(minutes: number): string {
  return new Date(NOW_MS - minutes * MINUTE_MS).toISOString();
}
