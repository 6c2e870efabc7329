// Readings that the external API refuses for good: kept, bounded in number, until a person sends them again or drops them.
import type { Reading } from '../domain/reading.ts';
import type { ForwardBooks, ParkedReading } from './ports.ts';

/** When so many are refused it is not the readings that are wrong: more are not parked, and forwarding waits. */
export const MAX_PARKED = 1_000;

/** One that is kept: its place is taken. */
export interface Kept extends ParkedReading {
  readonly state: 'parked' | 'queued';
  readonly reading: Reading;
}

export class Parking {
  readonly #books: ForwardBooks;
  readonly #kept = new Map<number, Kept>();
  readonly #free: number[] = [];
  readonly #onItsWay = new Set<number>();
  #slots = 0;

  constructor(books: ForwardBooks) {
    this.#books = books;
    for (const one of books.parked()) {
      this.#slots = Math.max(this.#slots, one.slot + 1);
      if (isKept(one)) this.#kept.set(one.slot, one);
      else this.#free.push(one.slot);
    }
  }

  get isFull(): boolean {
    return this.#kept.size >= MAX_PARKED;
  }

  /** By when they were parked, oldest first; those that are to be sent once more among them. */
  list(): readonly Kept[] {
    return [...this.#kept.values()].toSorted((a, b) => a.parkedMs - b.parkedMs || a.slot - b.slot);
  }

  park(reading: Reading, refusal: { readonly status: number; readonly reason: string }, nowMs: number): void {
    const slot = this.#free.pop() ?? this.#slots++;
    this.#put({ slot, state: 'parked', reading, ...refusal, parkedMs: nowMs });
  }

  /** They are to be sent once more; returns how many. */
  retry(chosen: readonly Kept[]): number {
    for (const one of chosen) this.#put({ ...one, state: 'queued' });
    return chosen.length;
  }

  /** They are given up; returns how many. */
  drop(chosen: readonly Kept[]): number {
    for (const one of chosen) this.#release(one);
    return chosen.length;
  }

  /** The next that is to be sent once more; it is on its way until it is settled by one of the methods below. */
  take(): Kept | null {
    for (const one of this.#kept.values()) {
      if (one.state !== 'queued' || this.#onItsWay.has(one.slot)) continue;
      this.#onItsWay.add(one.slot);
      return one;
    }
    return null;
  }

  delivered(one: Kept): void {
    this.#onItsWay.delete(one.slot);
    this.#release(one);
  }

  giveBack(one: Kept): void {
    this.#onItsWay.delete(one.slot);
  }

  /** It was refused once more. */
  parkAgain(one: Kept, refusal: { readonly status: number; readonly reason: string }): void {
    this.#onItsWay.delete(one.slot);
    if (this.#isKept(one)) this.#put({ ...one, ...refusal, state: 'parked' });
  }

  #put(one: Kept): void {
    this.#kept.set(one.slot, one);
    this.#books.putParked(one);
  }

  /** Somebody may have dropped it while it was on its way, and another one have its place. */
  #isKept({ slot, reading }: Kept): boolean {
    return this.#kept.get(slot)?.reading === reading;
  }

  #release(one: Kept): void {
    if (!this.#isKept(one)) return;
    const { slot, status, reason, parkedMs } = one;
    this.#kept.delete(slot);
    this.#free.push(slot);
    this.#books.putParked({ slot, status, reason, parkedMs, state: null, reading: null });
  }
}

function isKept(one: ParkedReading): one is Kept {
  return one.state !== null && one.reading !== null;
}
