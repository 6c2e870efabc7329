// The embedded store: joins the file, the group commit and the writer thread into a Store.
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import type { RecordKind, RecordVersion } from '../../domain/record.ts';
import { recordValue } from '../../domain/record-json.ts';
import type { TraceBlock } from '../../domain/trace.ts';
import { GroupCommit } from '../group-commit.ts';
import type { Loaded, Store, TraceRange } from '../store.ts';
import { corruptError, storeErrorOf } from './connection.ts';
import { openDatabase, type OpenOptions } from './database.ts';
import {
  findReadings,
  lastReadingSeq,
  newestReadingIdsOf,
  newestReadingsOf,
  readingsAfter,
} from './meter-log-reader.ts';
import {
  COUNT_RECORDS,
  SELECT_LAST_TRACE_SEQS,
  SELECT_RECORDS,
  SELECT_TRACE_AFTER,
  SELECT_TRACE_BEFORE,
} from './schema.ts';
import { WorkerWriter, type WorkerWriterOptions } from './worker-writer.ts';

export interface SqliteStoreOptions
  extends OpenOptions, Pick<WorkerWriterOptions, 'maxPages' | 'startWorker'> {
  readonly clock: Clock;
  readonly log: Log;
  /** See GroupCommitOptions. */
  readonly maxPendingRows?: number;
}

/** Opens the store of a data folder; throws StoreError when that cannot be. The caller keeps other servers out. */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { clock, log, maxPages, startWorker, maxPendingRows } = options;
  const { db, path, lastLseq } = openDatabase(options);
  const writer = new WorkerWriter({
    path,
    clock,
    log,
    ...(maxPages === undefined ? {} : { maxPages }),
    ...(startWorker === undefined ? {} : { startWorker }),
  });
  const group = new GroupCommit(writer, {
    clock,
    log,
    lastLseq,
    ...(maxPendingRows === undefined ? {} : { maxPendingRows }),
  });
  return {
    load: (newestReadings, newestIds = newestReadings) => load(db, path, newestReadings, newestIds),
    commit: (change) => group.commit(change),
    health: () => group.health(),
    onHealth: (listener) => group.onHealth(listener),
    findReadings: (query) => findReadings(db, path, query),
    readingsAfter: (seq, limit) => readingsAfter(db, path, seq, limit),
    lastReadingSeq: () => lastReadingSeq(db, path),
    forgetReadingsBefore: (at) => writer.forgetReadingsBefore(at),
    saveTrace: (blocks, limits) => writer.saveTrace(blocks, limits),
    loadTrace: (chargePointId, range, maxBlocks) => loadTrace(db, path, chargePointId, range, maxBlocks),
    lastTraceSeqs: () => lastTraceSeqs(db, path),
    forgetTracesBefore: (at) => writer.forgetTracesBefore(at),
    async close(withinMs) {
      // When this throws, the connection stays open: closing the last one would wait for a disk that fails.
      await group.close(withinMs);
      if (db.isOpen) db.close();
    },
  };
}

type RecordCells = [RecordKind, string, string | null, string | null, string, number, number, string];
function load(db: DatabaseSync, path: string, newestReadings: number, newestIds: number): Loaded {
  try {
    const records: RecordVersion[] = [];
    const selectRecords = db.prepare(SELECT_RECORDS);
    selectRecords.setReturnArrays(true);
    for (const row of selectRecords.iterate())
      records.push(toRecordVersion(row as unknown as RecordCells, path));
    // No record is read by the index, but every commit needs it: what is wrong with it is to be found now.
    const indexed = db.prepare(COUNT_RECORDS).get()?.['records'];
    if (indexed !== records.length) throw corruptError(path, 'the index of its records is not whole');
    const readings = newestReadingsOf(db, newestReadings);
    return { records, readings, readingIds: newestReadingIdsOf(db, newestIds) };
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

function toRecordVersion(cells: RecordCells, path: string): RecordVersion {
  const [kind, id, chargePointId, account, node, epoch, rev, json] = cells;
  try {
    const value = recordValue(kind, json);
    return { kind, id, chargePointId, account, node, epoch, rev, value };
  } catch (error) {
    throw corruptError(path, `the value of ${kind}/${id} cannot be read`, { cause: error });
  }
}

type TraceCells = [number, number, number, number, Uint8Array];

function loadTrace(
  db: DatabaseSync,
  path: string,
  chargePointId: string,
  range: TraceRange,
  maxBlocks: number,
): TraceBlock[] {
  try {
    const [sql, seq] =
      'afterSeq' in range
        ? ([SELECT_TRACE_AFTER, range.afterSeq] as const)
        : ([SELECT_TRACE_BEFORE, range.beforeSeq] as const);
    const select = db.prepare(sql);
    select.setReturnArrays(true);
    const rows = select.all(chargePointId, seq, maxBlocks) as unknown as TraceCells[];
    return rows.map(([firstSeq, lastSeq, firstMs, lastMs, lines]) => ({
      chargePointId,
      firstSeq,
      lastSeq,
      firstMs,
      lastMs,
      lines,
    }));
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

function lastTraceSeqs(db: DatabaseSync, path: string): Map<string, number> {
  try {
    const select = db.prepare(SELECT_LAST_TRACE_SEQS);
    select.setReturnArrays(true);
    return new Map(select.all() as unknown as [string, number][]);
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}
