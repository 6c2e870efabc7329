// Times and durations as people read them, in the time zone of the site.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Formats moments in one time zone; making one is slow, so keep it. */
export interface SiteTimes {
  /** `14:32:07` */
  clock(ms: number): string;
  /** `14:32` */
  minute(ms: number): string;
  /** `22 Nov 14:32` */
  dayMinute(ms: number): string;
  /** `14:32` today, `22 Nov 14:32` on another day, `22 Nov 2025 14:32` in another year. */
  short(ms: number, nowMs: number): string;
  /** In eight columns: `14:32` today, `21 17:40` this month, `30 Oct` this year, `Dec 2025` before. */
  brief(ms: number, nowMs: number): string;
  /** `21 17:40`: within one month. */
  inMonth(ms: number): string;
  /** `Sun 22 Nov 14:32:07` */
  full(ms: number): string;
  /** `22 Nov` of `2026-11-22`. */
  day(day: string): string;
  /** `Nov 2026` of `2026-11`. */
  month(month: string): string;
}

/** null, or a zone that this machine does not know: the machine's own. */
export function siteTimes(timeZone: string | null): SiteTimes {
  const formats = (options: Intl.DateTimeFormatOptions) => format(timeZone, options);
  const time = formats({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const date = formats({ day: 'numeric', month: 'short' });
  const weekday = formats({ weekday: 'short' });
  const monthName = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const dayName = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const clock = (ms: number) => time.format(ms);
  const minute = (ms: number) => clock(ms).slice(0, 5);
  const day = (ms: number) => {
    const { day: number = '', month = '' } = partsOf(date, ms);
    return `${number} ${month}`;
  };
  const years = formats({ year: 'numeric' });
  const year = (ms: number) => years.format(ms);
  const dayMinute = (ms: number) => `${day(ms)} ${minute(ms)}`;
  const inMonth = (ms: number) => `${(day(ms).split(' ')[0] ?? '').padStart(2)} ${minute(ms)}`;
  const brief = (ms: number, nowMs: number) => {
    const [number = '', month = ''] = day(ms).split(' ');
    const [today = '', thisMonth = ''] = day(nowMs).split(' ');
    if (year(ms) !== year(nowMs)) return `${month} ${year(ms)}`;
    if (month !== thisMonth) return `${number} ${month}`;
    return number === today ? minute(ms) : inMonth(ms);
  };
  return {
    clock,
    minute,
    dayMinute,
    inMonth,
    brief,
    short: (ms, nowMs) => {
      if (year(ms) !== year(nowMs)) return `${day(ms)} ${year(ms)} ${minute(ms)}`;
      return day(ms) === day(nowMs) ? minute(ms) : dayMinute(ms);
    },
    full: (ms) => `${weekday.format(ms)} ${day(ms)} ${clock(ms)}`,
    day: (date) => {
      const ms = Date.parse(`${date}T00:00:00Z`);
      return Number.isNaN(ms) ? date : dayName.format(ms);
    },
    month: (month) => {
      const ms = Date.parse(`${month}-01T00:00:00Z`);
      return Number.isNaN(ms) ? month : monthName.format(ms);
    },
  };
}

function format(timeZone: string | null, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en', timeZone === null ? options : { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en', options);
  }
}

function partsOf(dateFormat: Intl.DateTimeFormat, ms: number): Partial<Record<string, string>> {
  return Object.fromEntries(dateFormat.formatToParts(ms).map(({ type, value }) => [type, value]));
}

/** `12 s`, `41 min`, `2 h 33`, `4 d 02 h`: how long something has been so. */
export function duration(ms: number): string {
  const past = Math.max(0, ms);
  if (past < MINUTE_MS) return `${Math.floor(past / 1000)} s`;
  if (past < HOUR_MS) return `${Math.floor(past / MINUTE_MS)} min`;
  if (past < DAY_MS) return `${Math.floor(past / HOUR_MS)} h ${twoDigits((past % HOUR_MS) / MINUTE_MS)}`;
  return `${Math.floor(past / DAY_MS)} d ${twoDigits((past % DAY_MS) / HOUR_MS)} h`;
}

/** For a narrow column: `12 s`, `41 min`, `2 h 33`, `4 d`. */
export function shortDuration(ms: number): string {
  return ms < DAY_MS ? duration(ms) : `${Math.floor(ms / DAY_MS)} d`;
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

/** Milliseconds of an ISO time; null where there is none, or it is none. */
export function msOf(iso: string | null | undefined): number | null {
  if (iso === null || iso === undefined) return null;
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : ms;
}
