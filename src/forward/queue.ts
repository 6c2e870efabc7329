// The readings that wait, a lane for each charger: what may be sent next, what was sent. It sends nothing.
// A reading waits in the meter log, where it was stored with the message that brought it; here are only places in that log.
import type { Reading } from '../domain/reading.ts';
import type { Cursor, ForwardBooks, MeterLogSource, QueueBook, SeqRange } from './ports.ts';

/** Held in memory at most; the rest waits in the meter log. */
const MAX_HELD = 5_000;
/** The meter log is read when fewer are held. */
const REFILL_BELOW = 2_500;
const READ_AT_ONCE = 500;
/** How far the start of the next scan may lag behind: what is looked at twice after a power cut. */
const SCAN_STEP = 1_000;

/** Readings of one charger, oldest first, that go into one request. */
export interface Parcel {
  readonly chargePointId: string;
  readonly readings: readonly [Reading, ...Reading[]];
}

interface Lane {
  readonly chargePointId: string;
  readonly waiting: Reading[];
  sentSeq: number;
  /** A parcel that was begun has the same readings each time, also after a power cut: it has one Idempotency-Key. */
  batchTo: number | null;
  /** Up to here each reading goes by itself: the parcel that they were in was refused. */
  singlyTo: number;
  /** Nothing was sent since the start: one reading may have been on its way by itself when the last run ended. */
  isFresh: boolean;
  isBusy: boolean;
}

export interface QueueParts {
  readonly books: ForwardBooks;
  readonly meterLog: MeterLogSource;
  /** The newest reading that is durable. */
  readonly lastSeq: number;
  /** The most readings of a parcel. */
  readonly batch: number;
  /** Readings that were too old to be kept went away before they were sent. */
  readonly onForgotten: (count: number) => void;
}

export class ForwardQueue {
  readonly #parts: QueueParts;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes with something to send and nothing on its way; the one that has waited longest first. */
  readonly #ready = new Set<Lane>();
  #book: QueueBook;
  #lastSeq: number;
  /** Everything up to here is in a lane, or was seen and needs not to be. */
  #loadedSeq: number;
  #held = 0;

  constructor(parts: QueueParts) {
    this.#parts = parts;
    this.#lastSeq = parts.lastSeq;
    this.#book = switchedOn(parts.books.queue(), parts.lastSeq);
    parts.books.putQueue(this.#book);
    this.#loadedSeq = this.#book.scannedSeq;
    for (const cursor of parts.books.cursors()) this.#lanes.set(cursor.chargePointId, laneOf(cursor));
    this.#fill();
  }

  get pausedBy(): string | null {
    return this.#book.pausedBy;
  }

  setPausedBy(pausedBy: string | null): void {
    this.#putBook({ pausedBy });
  }

  /** How many wait, those on their way included. */
  get size(): number {
    return this.#held + this.#beyond();
  }

  /** When the reading was taken that has waited longest; null: none waits. */
  get oldestMs(): number | null {
    return this.#oldest()?.at ?? null;
  }

  /** Readings that have become durable, in their order. */
  add(readings: readonly Reading[]): void {
    for (const reading of readings) {
      const isNext = this.#loadedSeq === this.#lastSeq;
      this.#lastSeq = Math.max(this.#lastSeq, reading.seq);
      if (!isNext || this.#held >= MAX_HELD) continue;
      this.#loadedSeq = reading.seq;
      this.#enqueue(reading);
    }
    this.#fill();
  }

  /** The next to be sent, in order of each charger; it is on its way until it is settled by one of the methods below. */
  take(): Parcel | null {
    const lane = this.#nextReady();
    if (lane === null) return null;
    this.#ready.delete(lane);
    lane.isBusy = true;
    const readings = this.#nextOf(lane);
    const last = readings.at(-1);
    if (this.#parts.batch > 1 && last !== undefined && lane.batchTo === null) {
      lane.batchTo = last.seq;
      this.#putCursor(lane);
    }
    const [first, ...rest] = readings;
    return first === undefined ? null : { chargePointId: lane.chargePointId, readings: [first, ...rest] };
  }

  /** It was delivered, or is not to be sent any more. */
  done({ chargePointId, readings }: Parcel): void {
    const lane = this.#lane(chargePointId);
    lane.waiting.splice(0, readings.length);
    this.#held -= readings.length;
    lane.sentSeq = readings.at(-1)?.seq ?? lane.sentSeq;
    lane.batchTo = null;
    lane.isFresh = false;
    this.#putCursor(lane);
    this.#release(lane);
    this.#fill();
    this.#advance(SCAN_STEP);
  }

  /** It was not delivered, and is to be sent once more. */
  giveBack({ chargePointId }: Parcel): void {
    this.#release(this.#lane(chargePointId));
  }

  /** It was refused as a whole: each of its readings is to be sent by itself. */
  split({ chargePointId, readings }: Parcel): void {
    const lane = this.#lane(chargePointId);
    lane.singlyTo = readings.at(-1)?.seq ?? lane.singlyTo;
    lane.batchTo = null;
    this.#putCursor(lane);
    this.#release(lane);
  }

  /** So that the next start has nothing to look at twice. */
  close(): void {
    this.#advance(1);
  }

  #lane(chargePointId: string): Lane {
    const known = this.#lanes.get(chargePointId);
    if (known !== undefined) return known;
    const lane = laneOf({ chargePointId, sentSeq: 0, batchTo: null });
    this.#lanes.set(chargePointId, lane);
    return lane;
  }

  #release(lane: Lane): void {
    lane.isBusy = false;
    if (lane.waiting.length > 0) this.#ready.add(lane);
  }

  #nextReady(): Lane | null {
    for (const lane of this.#ready) {
      // All of a parcel that was begun before the start has to be there first.
      if (lane.batchTo === null || lane.batchTo <= this.#loadedSeq) return lane;
    }
    return null;
  }

  #nextOf(lane: Lane): Reading[] {
    const { waiting, batchTo, singlyTo, isFresh } = lane;
    if (batchTo !== null) return waiting.filter(({ seq }) => seq <= batchTo);
    const first = waiting[0];
    if (isFresh || first === undefined || first.seq <= singlyTo) return waiting.slice(0, 1);
    return waiting.slice(0, this.#parts.batch);
  }

  #enqueue(reading: Reading): void {
    const { chargePointId, seq } = reading;
    const lane = this.#lane(chargePointId);
    if (seq <= lane.sentSeq || this.#book.skipped.some((range) => isIn(seq, range))) return;
    lane.waiting.push(reading);
    this.#held += 1;
    if (!lane.isBusy) this.#ready.add(lane);
  }

  /** From the meter log, as long as there is room and something in it. */
  #fill(): void {
    if (this.#held >= REFILL_BELOW) return;
    while (this.#loadedSeq < this.#lastSeq && this.#held < MAX_HELD) {
      const found = this.#parts.meterLog.readingsAfter(this.#loadedSeq, READ_AT_ONCE);
      const readings = found.filter(({ seq }) => seq <= this.#lastSeq);
      let forgotten = 0;
      for (const reading of readings) {
        forgotten += this.#countWaiting(this.#loadedSeq, reading.seq - 1);
        this.#loadedSeq = reading.seq;
        this.#enqueue(reading);
      }
      if (readings.length === 0) {
        forgotten += this.#countWaiting(this.#loadedSeq, this.#lastSeq);
        this.#loadedSeq = this.#lastSeq;
      }
      if (forgotten > 0) this.#parts.onForgotten(forgotten);
    }
  }

  /** Seqs after `afterSeq` up to `toSeq` without those that are skipped. */
  #countWaiting(afterSeq: number, toSeq: number): number {
    const skipped = this.#book.skipped.map((range) => overlap({ afterSeq, toSeq }, range));
    return Math.max(0, toSeq - afterSeq - skipped.reduce((sum, count) => sum + count, 0));
  }

  #beyond(): number {
    return this.#countWaiting(this.#loadedSeq, this.#lastSeq);
  }

  #oldest(): Reading | null {
    let oldest: Reading | null = null;
    for (const { waiting } of this.#lanes.values()) {
      const first = waiting[0];
      if (first !== undefined && (oldest === null || first.seq < oldest.seq)) oldest = first;
    }
    return oldest;
  }

  /** Writes down from where the next start has to look, when that has moved by `step` at least. */
  #advance(step: number): void {
    // Looking for the oldest takes a look at each charger: not for each reading.
    if (this.#loadedSeq - this.#book.scannedSeq < step) return;
    const scannedSeq = (this.#oldest()?.seq ?? this.#loadedSeq + 1) - 1;
    if (scannedSeq - this.#book.scannedSeq < step) return;
    this.#putBook({ scannedSeq, skipped: this.#book.skipped.filter(({ toSeq }) => toSeq > scannedSeq) });
  }

  #putBook(change: Partial<QueueBook>): void {
    this.#book = { ...this.#book, ...change };
    this.#parts.books.putQueue(this.#book);
  }

  #putCursor({ chargePointId, sentSeq, batchTo }: Lane): void {
    this.#parts.books.putCursor({ chargePointId, sentSeq, batchTo });
  }
}

/** The book of a queue that is switched on from here: what was taken while it was off is skipped. */
function switchedOn(book: QueueBook | null, lastSeq: number): QueueBook {
  if (book === null) return { scannedSeq: lastSeq, skipped: [], offSinceSeq: null, pausedBy: null };
  if (book.offSinceSeq === null) return book;
  const skipped = [...book.skipped, { afterSeq: book.offSinceSeq, toSeq: lastSeq }];
  return { ...book, offSinceSeq: null, skipped: skipped.filter(({ afterSeq, toSeq }) => toSeq > afterSeq) };
}

/** The same, switched off; null: it never was on, or is off already. */
export function switchedOff(book: QueueBook | null, lastSeq: number): QueueBook | null {
  return book?.offSinceSeq === null ? { ...book, offSinceSeq: lastSeq } : null;
}

function laneOf({ chargePointId, sentSeq, batchTo }: Cursor): Lane {
  return { chargePointId, sentSeq, batchTo, waiting: [], singlyTo: 0, isFresh: true, isBusy: false };
}

function isIn(seq: number, { afterSeq, toSeq }: SeqRange): boolean {
  return seq > afterSeq && seq <= toSeq;
}

function overlap(a: SeqRange, b: SeqRange): number {
  return Math.max(0, Math.min(a.toSeq, b.toSeq) - Math.max(a.afterSeq, b.afterSeq));
}
