// A time zone in which it is neither night nor near it: no day and no month turns under a test that charged some time ago.

const MARGIN_HOURS = 6;
const HOURS_PER_DAY = 24;

/** Its date is the one of UTC, and 06:00 to 18:00 its time. POSIX writes the zones east of Greenwich with a minus. */
export const DAYTIME_ZONE = zoneAt(new Date().getUTCHours());

function zoneAt(utcHour: number): string {
  if (utcHour < MARGIN_HOURS) return `Etc/GMT-${MARGIN_HOURS}`;
  return utcHour >= HOURS_PER_DAY - MARGIN_HOURS ? `Etc/GMT+${MARGIN_HOURS}` : 'UTC';
}
