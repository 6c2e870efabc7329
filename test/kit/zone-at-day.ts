// A time zone in which it is day: a test that charges now, or in the last hours, does not meet the turn of a month there.

export type ZoneAtDay = 'Europe/Istanbul' | 'Pacific/Honolulu';

/** Hours ahead of UTC, all year: 13 hours apart, so that it is day in one of them. */
const ISTANBUL_HOURS = 3;
const [MORNING, EVENING] = [6, 18];

/** Midnight there is hours away, in both directions. */
export function zoneAtDay(nowMs: number = Date.now()): ZoneAtDay {
  const hour = (new Date(nowMs).getUTCHours() + ISTANBUL_HOURS) % 24;
  return hour >= MORNING && hour < EVENING ? 'Europe/Istanbul' : 'Pacific/Honolulu';
}
