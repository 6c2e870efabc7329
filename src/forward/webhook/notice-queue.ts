// The notices of one webhook: those that wait, oldest first, and those that were refused. Bounded, and on disk. It sends nothing.
import type { Notice, NoticeBooks, Refusal, StoredNotice } from './ports.ts';

/** More do not wait: a receiver that is away for so long is better asked what is so now (/api/alarms). */
export const MAX_WAITING = 1_000;
/** Of more that are refused the oldest go: they are all refused for the same reason. */
export const MAX_PARKED = 100;

/** One that is kept: its place is taken. */
export interface KeptNotice extends StoredNotice {
  readonly notice: Notice;
}

export interface ParkedNotice extends KeptNotice {
  readonly refusal: Refusal;
}

export class NoticeQueue {
  readonly #webhook: string;
  readonly #books: NoticeBooks;
  #waiting: KeptNotice[] = [];
  #parked: ParkedNotice[] = [];
  readonly #free: number[] = [];
  #slots = 0;
  #lastSeq = 0;

  constructor(webhook: string, books: NoticeBooks) {
    this.#webhook = webhook;
    this.#books = books;
    for (const stored of books.notices()) {
      if (stored.webhook !== webhook) continue;
      this.#slots = Math.max(this.#slots, stored.slot + 1);
      this.#lastSeq = Math.max(this.#lastSeq, stored.seq);
      if (!isKept(stored)) this.#free.push(stored.slot);
      else if (isParked(stored)) this.#parked.push(stored);
      else this.#waiting.push(stored);
    }
    this.#waiting.sort(bySeq);
    this.#parked.sort(bySeq);
  }

  /** Those that are to be sent, in their order; the first may be on its way. */
  get waiting(): readonly KeptNotice[] {
    return this.#waiting;
  }

  /** Oldest first. */
  get parked(): readonly ParkedNotice[] {
    return this.#parked;
  }

  /** Returns the one that had to go for it; null: there was room. */
  add(notice: Notice): Notice | null {
    // The first may be on its way: the one behind it goes.
    const tooMany = this.#waiting.length >= MAX_WAITING ? this.#waiting[1] : undefined;
    if (tooMany) this.#release(tooMany);
    const slot = this.#free.pop() ?? this.#slots++;
    this.#lastSeq += 1;
    const stored = { webhook: this.#webhook, slot, seq: this.#lastSeq, notice, refusal: null };
    this.#waiting.push(stored);
    this.#books.putNotice(stored);
    return tooMany?.notice ?? null;
  }

  /** It was delivered. */
  done(kept: KeptNotice): void {
    this.#release(kept);
  }

  /** It will never be taken as it is; the next ones go on. */
  park(kept: KeptNotice, refusal: Refusal): void {
    const oldest = this.#parked.length >= MAX_PARKED ? this.#parked[0] : undefined;
    if (oldest) this.#release(oldest);
    const parked = { ...kept, refusal };
    this.#waiting = this.#waiting.filter(({ slot }) => slot !== kept.slot);
    this.#parked.push(parked);
    this.#books.putNotice(parked);
  }

  /** All that are parked wait again, before what came later; returns how many. */
  retryParked(): number {
    const again = this.#parked.map((parked) => ({ ...parked, refusal: null }));
    this.#parked = [];
    for (const kept of again) this.#books.putNotice(kept);
    this.#waiting = [...this.#waiting, ...again].sort(bySeq);
    return again.length;
  }

  /** All that are parked are given up; returns how many. */
  dropParked(): number {
    const parked = [...this.#parked];
    for (const one of parked) this.#release(one);
    return parked.length;
  }

  #release({ webhook, slot, seq }: KeptNotice): void {
    this.#waiting = this.#waiting.filter((one) => one.slot !== slot);
    this.#parked = this.#parked.filter((one) => one.slot !== slot);
    this.#free.push(slot);
    this.#books.putNotice({ webhook, slot, seq, notice: null, refusal: null });
  }
}

function isKept(stored: StoredNotice): stored is KeptNotice {
  return stored.notice !== null;
}

function isParked(stored: KeptNotice): stored is ParkedNotice {
  return stored.refusal !== null;
}

function bySeq(a: StoredNotice, b: StoredNotice): number {
  return a.seq - b.seq;
}
