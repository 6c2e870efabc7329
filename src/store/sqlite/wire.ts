// What the main thread and the writer thread say to each other. Flat lists of plain values: cheap to copy between threads.
import type { TraceBlock, TraceLimits } from '../../domain/trace.ts';
import type { Batch } from '../batch.ts';

export type Cell = string | number | null;

export interface BatchMessage {
  readonly type: 'batch';
  readonly firstLseq: number;
  /** RECORD_CELLS cells for each record. */
  readonly records: readonly Cell[];
  /** READING_CELLS cells for each reading. */
  readonly readings: readonly Cell[];
}

/** Asks for the deletion of readings older than `before`; `now` tells a believable time from one in the future. */
export interface ForgetMessage {
  readonly type: 'forget';
  readonly before: number;
  readonly now: number;
}

export interface TraceMessage {
  readonly type: 'trace';
  readonly blocks: readonly TraceBlock[];
  readonly limits: TraceLimits;
}

export type ToWriter =
  | BatchMessage
  | ForgetMessage
  | TraceMessage
  | { readonly type: 'forgetTraces'; readonly before: number }
  | { readonly type: 'close' };

export type FromWriter =
  | { readonly type: 'written'; readonly refused: readonly number[] }
  | { readonly type: 'failed'; readonly reason: string; readonly isDamage: boolean }
  /** How the oldest trace message without an answer ended; null when its blocks are stored. */
  | { readonly type: 'traced'; readonly reason: string | null }
  /** Work that no commit waits for (checkpoint, retention) began to fail, or works again (null). */
  | { readonly type: 'upkeep'; readonly reason: string | null };

/** What the writer thread is started with. */
export interface WriterData {
  readonly path: string;
  /** The most pages the file may have (SQLite's max_page_count); null for no bound. */
  readonly maxPages: number | null;
}

export const RECORD_CELLS = 8;
export const READING_CELLS = 10;

export function toBatchMessage(batch: Batch): BatchMessage {
  const records: Cell[] = [];
  for (const row of batch.records) {
    const { kind, id, chargePointId, account, node, epoch, rev, json } = row;
    records.push(kind, id, chargePointId, account, node, epoch, rev, json);
  }
  const readings: Cell[] = [];
  for (const reading of batch.readings) {
    const { seq, id, at, chargePointId, connectorId, transactionId, userName } = reading;
    readings.push(seq, id, at, chargePointId, connectorId, transactionId, userName);
    readings.push(reading.registerWh, reading.powerW, reading.frequencyMilliHz);
  }
  return { type: 'batch', firstLseq: batch.firstLseq, records, readings };
}
