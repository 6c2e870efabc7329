// What forwarding needs of the rest, as it needs it: the meter log to read from, and books that survive a power cut.
import type { Reading } from '../domain/reading.ts';

/** The meter log: every reading is in it, in the commit of the message that brought it. */
export interface MeterLogSource {
  /** Oldest first. What is too old to be kept is not among them. */
  readingsAfter(seq: number, limit: number): readonly Reading[];
}

/** How far the readings of one charger have come. */
export interface Cursor {
  readonly chargePointId: string;
  /** Everything up to here was delivered, parked or dropped. */
  readonly sentSeq: number;
  /** The last of the readings that are being sent as one request, where several may be; null: none is. */
  readonly batchTo: number | null;
}

/** Readings between two seqs, the first not included. */
export interface SeqRange {
  readonly afterSeq: number;
  readonly toSeq: number;
}

export interface QueueBook {
  /** Nothing up to here waits. */
  readonly scannedSeq: number;
  /** Taken while forwarding was switched off: never sent. */
  readonly skipped: readonly SeqRange[];
  /** The last reading before it was switched off; null: it is on. */
  readonly offSinceSeq: number | null;
  /** Who paused it; null: it is not paused. */
  readonly pausedBy: string | null;
}

/** A reading that the external API refuses: kept until somebody decides. */
export interface ParkedReading {
  /** Its place: places are used again, so that they do not pile up. */
  readonly slot: number;
  /** `queued`: to be sent once more. Null: the place is free. */
  readonly state: 'parked' | 'queued' | null;
  readonly reading: Reading | null;
  readonly status: number;
  /** In the words of the external API. */
  readonly reason: string;
  readonly parkedMs: number;
}

/** What is written is durable some time later, in order; `durable()` waits for it. */
export interface ForwardBooks {
  queue(): QueueBook | null;
  cursors(): Iterable<Cursor>;
  parked(): Iterable<ParkedReading>;
  putQueue(book: QueueBook): void;
  putCursor(cursor: Cursor): void;
  putParked(parked: ParkedReading): void;
  durable(): Promise<void>;
}
