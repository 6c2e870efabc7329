// The store as a port: records in, durable. One embedded implementation (sqlite/), one in memory for tests and replay.
import type { Reading } from '../domain/reading.ts';
import type { RecordVersion } from '../domain/record.ts';
import type { TraceBlock, TraceLimits } from '../domain/trace.ts';

/** What one message changed. It is stored as a whole: all of it or nothing. */
export interface Change {
  readonly records: readonly RecordVersion[];
  readonly readings: readonly Reading[];
}

export interface Loaded {
  /** The newest version of every record. */
  readonly records: readonly RecordVersion[];
  /** The newest readings, oldest first, at most as many as asked for. */
  readonly readings: readonly Reading[];
  /** The ids of the newest readings, oldest first, likewise. */
  readonly readingIds: readonly number[];
}

/** Blocks that have a line after `afterSeq`, oldest first; or those that end before `beforeSeq`, newest first. */
export type TraceRange = { readonly afterSeq: number } | { readonly beforeSeq: number };

/** One look into the meter log, from its newest end: readings of these that come before `beforeSeq`. */
export interface ReadingQuery {
  readonly chargePointId?: string | undefined;
  readonly transactionId?: number | undefined;
  /** Milliseconds since 1970: from here on, and before there. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** null: from the newest on. */
  readonly beforeSeq: number | null;
  readonly limit: number;
}

/** Newest first. `beforeSeq`: where the next look goes on; null: the log has been seen to its end. */
export interface FoundReadings {
  readonly readings: readonly Reading[];
  readonly beforeSeq: number | null;
}

/** A look goes through so many rows at most, found or not: charging waits for it. */
export const READINGS_SCANNED = 20_000;

export interface StoreHealth {
  readonly status: 'ok' | 'degraded';
  /** Why commits fail at present, in the words of the failure; null when they do not. */
  readonly reason: string | null;
  /** When the reason is that the store is damaged: then it does not end by itself. */
  readonly damage: StoreError | null;
  /** Records and readings handed over but not yet durable. */
  readonly pendingRows: number;
  /** Whether pendingRows went above its bound and has not come down to half of it: read no more from sockets. */
  readonly isCongested: boolean;
}

export interface Store {
  /** Without `newestIds`: the ids of those readings. */
  load(newestReadings: number, newestIds?: number): Loaded;
  /**
   * Resolves when the change, and everything handed over before it, is durable. It never rejects for a failing disk:
   * a failed commit is repeated as it is until it succeeds (health says so meanwhile). It rejects only after close().
   */
  commit(change: Change): Promise<void>;
  health(): StoreHealth;
  /** Told at each change between ok and degraded, and when pendingRows passes the bound in either direction. */
  onHealth(listener: (health: StoreHealth) => void): void;
  /** Of what is durable. It may find less than `limit`, or nothing, and say where to go on. */
  findReadings(query: ReadingQuery): FoundReadings;
  /** Of what is durable: those after this one, oldest first. */
  readingsAfter(seq: number, limit: number): readonly Reading[];
  /** Of the newest reading that is durable; 0 when there is none. */
  lastReadingSeq(): number;
  /** Deletes readings older than this (retention), but for the newest: its seq is not to be used again. */
  forgetReadingsBefore(at: number): void;
  /**
   * Stores blocks of traces and drops the oldest above the limits, in a transaction of its own that no commit waits for
   * longer than it lasts. Rejects when it failed: it is not repeated here, and health says nothing of it.
   */
  saveTrace(blocks: readonly TraceBlock[], limits: TraceLimits): Promise<void>;
  /** The first `maxBlocks` blocks of a range; two blocks may share lines when a failed save had succeeded after all. */
  loadTrace(chargePointId: string, range: TraceRange, maxBlocks: number): readonly TraceBlock[];
  /** The last seq stored of each charger that has a trace. */
  lastTraceSeqs(): ReadonlyMap<string, number>;
  /** Deletes blocks that ended before this (retention). */
  forgetTracesBefore(at: number): void;
  /** Finishes what was handed over, as far as the disk allows within `withinMs`, and closes. */
  close(withinMs: number): Promise<void>;
}

/** A data folder that cannot be used. `code` is stable; `hint` says what to do about it. */
export class StoreError extends Error {
  readonly code: 'locked' | 'unwritable' | 'newer' | 'corrupt' | 'lost' | 'closed';
  readonly hint: string;

  constructor(code: StoreError['code'], message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
    this.hint = hint;
  }

  /** Damaged or lost: files have to be put back, from a backup or from wherever they went. */
  get isBeyondRepair(): boolean {
    return this.code === 'corrupt' || this.code === 'lost';
  }
}
