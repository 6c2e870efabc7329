// Which alarms receivers believe to hold, over restarts: so an alarm begins once, and its end is told also when kwota was
// killed in between. It sends nothing.
import type { NoticeBooks, NoticeEvent, StoredAlarm, TellableAlarm } from './ports.ts';

export interface News {
  readonly event: NoticeEvent;
  readonly alarm: TellableAlarm;
}

interface Told extends StoredAlarm {
  readonly alarm: TellableAlarm;
}

export class ToldAlarms {
  readonly #books: NoticeBooks;
  readonly #told = new Map<string, Told>();
  readonly #free: number[] = [];
  #slots = 0;

  constructor(books: NoticeBooks) {
    this.#books = books;
    for (const stored of books.toldAlarms()) {
      this.#slots = Math.max(this.#slots, stored.slot + 1);
      if (isTold(stored)) this.#told.set(stored.alarm.id, stored);
      else this.#free.push(stored.slot);
    }
  }

  /** What is news of an alarm that holds, or is over; null: receivers know it. */
  news(alarm: TellableAlarm, isActive: boolean): News | null {
    const before = this.#told.get(alarm.id);
    if (!isActive) return before ? { event: 'over', alarm: before.alarm } : null;
    if (!before) return { event: 'began', alarm };
    if (before.alarm.message === alarm.message) return null;
    // It goes on over a restart: since when is what was told first.
    return { event: 'changed', alarm: { ...alarm, sinceMs: before.alarm.sinceMs } };
  }

  /** It was handed to every webhook; both are on disk together. */
  told({ event, alarm }: News): void {
    const before = this.#told.get(alarm.id);
    if (event === 'over') {
      if (!before) return;
      this.#told.delete(alarm.id);
      this.#free.push(before.slot);
      this.#books.putToldAlarm({ slot: before.slot, alarm: null });
      return;
    }
    const stored = { slot: before?.slot ?? this.#free.pop() ?? this.#slots++, alarm };
    this.#told.set(alarm.id, stored);
    this.#books.putToldAlarm(stored);
  }

  /** Those that are believed to hold. */
  all(): readonly TellableAlarm[] {
    return Array.from(this.#told.values(), ({ alarm }) => alarm);
  }
}

function isTold(stored: StoredAlarm): stored is Told {
  return stored.alarm !== null;
}
