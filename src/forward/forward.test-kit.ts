// Books and a meter log in memory, and readings, for the tests of forwarding. Not part of the program.
import type { Reading } from '../domain/reading.ts';
import type { Cursor, ForwardBooks, MeterLogSource, ParkedReading, QueueBook } from './ports.ts';
import { ForwardQueue } from './queue.ts';

/** The `seq`-th reading, taken `seq` seconds after 1970. */
export function reading(seq: number, chargePointId = 'CP1'): Reading {
  return {
    seq,
    id: seq,
    at: seq * 1000,
    chargePointId,
    connectorId: 1,
    transactionId: 17,
    userName: 'Ada Example',
    registerWh: 1000 + seq,
    powerW: 7200,
    frequencyMilliHz: null,
  };
}

/** What is durable: it survives whatever is opened on it. */
export class MadeUpDisk implements MeterLogSource {
  readonly readings: Reading[] = [];
  book: QueueBook | null = null;
  readonly cursors = new Map<string, Cursor>();
  readonly parked = new Map<number, ParkedReading>();

  readonly books: ForwardBooks = {
    queue: () => this.book,
    cursors: () => [...this.cursors.values()],
    parked: () => [...this.parked.values()],
    putQueue: (book) => void (this.book = book),
    putCursor: (cursor) => void this.cursors.set(cursor.chargePointId, cursor),
    putParked: (one) => void this.parked.set(one.slot, one),
    durable: () => Promise.resolve(),
  };

  get lastSeq(): number {
    return this.readings.at(-1)?.seq ?? 0;
  }

  readingsAfter(seq: number, limit: number): readonly Reading[] {
    return this.readings.filter((one) => one.seq > seq).slice(0, limit);
  }

  /** As at a start: what is in memory only is gone. */
  open(batch = 1, onForgotten: (count: number) => void = () => undefined): ForwardQueue {
    return new ForwardQueue({ books: this.books, meterLog: this, lastSeq: this.lastSeq, batch, onForgotten });
  }

  /** They become durable. */
  add(...readings: Reading[]): readonly Reading[] {
    this.readings.push(...readings);
    return readings;
  }
}
