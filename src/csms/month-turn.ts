// Notices that the billing month has turned, also after a clock jump or a suspend: what was used up is available again.
import type { SiteCalendar } from '../domain/site-calendar.ts';
import { every, type CancelTimer, type Clock } from '../runtime/clock.ts';

const LOOK_EVERY_MS = 5_000;

/** Nothing is reset, for usage is a fold by month; this only tells those who show or act on the current one. */
export function watchMonth(
  clock: Clock,
  calendar: SiteCalendar,
  onTurn: (month: string) => void,
): CancelTimer {
  let current = calendar.monthAt(clock.now());
  return every(clock, LOOK_EVERY_MS, () => {
    const month = calendar.monthAt(clock.now());
    if (month === current) return;
    current = month;
    onTurn(month);
  });
}
