// Days and billing months of a site: when the day turns there, and which month a day is billed to.
// Time zones and daylight saving are temporal-polyfill's business, never ours.
import { Temporal } from 'temporal-polyfill';
import type { EnergyByDay } from './energy.ts';

/** A day of the site and the moments it spans, end excluded. 23 to 25 hours long. */
export interface SiteDay {
  /** `2026-11-30` */
  readonly day: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Days looked up lately are kept, for messages come from today and, in an offline queue, from a few days ago. */
const MAX_DAYS_KEPT = 64;

export interface SiteCalendar {
  dayAt(atMs: number): SiteDay;
  /** The billing month (`2026-11`) of a day: with reset day 15, that of 14 December is `2026-11`. */
  monthOf(day: string): string;
  monthAt(atMs: number): string;
  /**
   * Spreads Wh that flowed evenly from one moment to another over the days in between. The amounts are whole
   * and sum to `wh` exactly. A span of no length, or a backward one, puts it all on the day of `fromMs`.
   */
  spread(wh: number, fromMs: number, toMs: number): EnergyByDay;
  /** The moments between which days are billed to this month, end excluded. */
  spanOf(month: string): { readonly startMs: number; readonly endMs: number };
  /** The month after this one. */
  monthAfter(month: string): string;
}

/** `resetDay` is the day of the month, 1 to 28, on which quotas start anew. */
export function createSiteCalendar(timeZone: string, resetDay: number): SiteCalendar {
  const kept: SiteDay[] = [];
  const months = new Map<string, string>();

  function lookUp(atMs: number): SiteDay {
    const date = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
    const startOf = (d: Temporal.PlainDate) => d.toZonedDateTime(timeZone).epochMilliseconds;
    const found = { day: date.toString(), startMs: startOf(date), endMs: startOf(date.add({ days: 1 })) };
    kept.unshift(found);
    if (kept.length > MAX_DAYS_KEPT) kept.pop();
    return found;
  }

  function dayAt(atMs: number): SiteDay {
    const wholeMs = Math.floor(atMs);
    for (const day of kept) if (wholeMs >= day.startMs && wholeMs < day.endMs) return day;
    return lookUp(wholeMs);
  }

  function monthOf(day: string): string {
    const known = months.get(day);
    if (known !== undefined) return known;
    const month = Temporal.PlainDate.from(day)
      .subtract({ days: resetDay - 1 })
      .toPlainYearMonth()
      .toString();
    if (months.size > MAX_DAYS_KEPT * 100) months.clear();
    months.set(day, month);
    return month;
  }

  function spread(wh: number, fromMs: number, toMs: number): EnergyByDay {
    let day = dayAt(fromMs);
    if (toMs <= day.endMs) return { [day.day]: wh };
    const parts: Record<string, number> = {};
    let given = 0;
    for (; day.endMs < toMs; day = dayAt(day.endMs)) {
      const soFar = Math.round((wh * (day.endMs - fromMs)) / (toMs - fromMs));
      if (soFar !== given) parts[day.day] = soFar - given;
      given = soFar;
    }
    if (wh !== given) parts[day.day] = wh - given;
    return parts;
  }

  return {
    dayAt,
    monthOf,
    monthAt: (atMs) => monthOf(dayAt(atMs).day),
    spread,
    spanOf(month) {
      const startOf = (yearMonth: Temporal.PlainYearMonth) =>
        yearMonth.toPlainDate({ day: resetDay }).toZonedDateTime(timeZone).epochMilliseconds;
      const first = Temporal.PlainYearMonth.from(month);
      return { startMs: startOf(first), endMs: startOf(first.add({ months: 1 })) };
    },
    monthAfter: (month) => Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString(),
  };
}
