// The writer thread's part for traces: blocks in, the oldest out. It has a connection of its own: whatever fails here,
// the one that commits never hears of it.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TraceBlock, TraceLimits } from '../../domain/trace.ts';
import { openConnection } from './connection.ts';
import {
  DELETE_OLDEST_TRACE,
  DELETE_OLDEST_TRACE_OF_CHARGER,
  DELETE_TRACES_BEFORE,
  INSERT_TRACE,
  SELECT_TRACE_BYTES,
} from './schema.ts';
import type { WriterData } from './wire.ts';

/** What a row takes beside its lines: its columns and its places in two indexes, about. */
const ROW_BYTES = 256;
/** Most blocks deleted in one transaction, so that it stays short; what is left goes with the next. */
const MAX_DELETED = 128;

interface Connection {
  readonly db: DatabaseSync;
  readonly insert: StatementSync;
  readonly deleteOldest: StatementSync;
  readonly deleteOldestOfCharger: StatementSync;
  readonly deleteBefore: StatementSync;
  /** What is stored, kept up to date: counting it anew for each block would take longer than writing it. */
  readonly bytesOf: Map<string, number>;
  bytesOfAll: number;
}

interface SizeRow {
  readonly charge_point_id: string;
  readonly bytes: number;
}

export class TraceWriter {
  readonly #data: WriterData;
  #connection: Connection | null = null;

  constructor(data: WriterData) {
    this.#data = data;
  }

  /** Writes the blocks and deletes what is above the limits; throws when nothing of that happened. */
  save(blocks: readonly TraceBlock[], limits: TraceLimits): void {
    this.#inTransaction((connection) => {
      for (const block of blocks) insert(connection, block);
      let deletable = MAX_DELETED;
      for (const chargePointId of new Set(blocks.map((block) => block.chargePointId))) {
        while (deletable > 0 && (connection.bytesOf.get(chargePointId) ?? 0) > limits.bytesOfCharger) {
          subtract(connection, connection.deleteOldestOfCharger.all(chargePointId));
          deletable -= 1;
        }
      }
      while (deletable > 0 && connection.bytesOfAll > limits.bytesOfAll) {
        subtract(connection, connection.deleteOldest.all());
        deletable -= 1;
      }
    });
  }

  /** Deletes some of the blocks that ended before this; false when there was none left. */
  forgetSome(before: number): boolean {
    return this.#inTransaction((connection) => {
      const deleted = connection.deleteBefore.all(before, MAX_DELETED);
      subtract(connection, deleted);
      return deleted.length === MAX_DELETED;
    });
  }

  /** Closes the connection, undoing what was not committed; the next use opens another. */
  disconnect(): void {
    const last = this.#connection;
    this.#connection = null;
    last?.db.close();
  }

  #inTransaction<T>(work: (connection: Connection) => T): T {
    try {
      const connection = (this.#connection ??= connect(this.#data));
      connection.db.exec('BEGIN IMMEDIATE');
      const result = work(connection);
      connection.db.exec('COMMIT');
      return result;
    } catch (error) {
      this.disconnect();
      throw error;
    }
  }
}

function connect({ path, maxPages }: WriterData): Connection {
  const db = openConnection(path);
  try {
    // Not synced: a power failure may take the last blocks, and no commit waits for their sync.
    db.exec('PRAGMA synchronous = NORMAL');
    if (maxPages !== null) db.exec(`PRAGMA max_page_count = ${maxPages}`);
    const sums = db.prepare(SELECT_TRACE_BYTES).all() as unknown as SizeRow[];
    const bytesOf = new Map(sums.map((row) => [row.charge_point_id, row.bytes]));
    return {
      db,
      insert: db.prepare(INSERT_TRACE),
      deleteOldest: db.prepare(DELETE_OLDEST_TRACE),
      deleteOldestOfCharger: db.prepare(DELETE_OLDEST_TRACE_OF_CHARGER),
      deleteBefore: db.prepare(DELETE_TRACES_BEFORE),
      bytesOf,
      bytesOfAll: sums.reduce((sum, row) => sum + row.bytes, 0),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function insert(connection: Connection, block: TraceBlock): void {
  const { chargePointId, firstSeq, lastSeq, firstMs, lastMs, lines } = block;
  const bytes = lines.byteLength + ROW_BYTES;
  const { changes } = connection.insert.run(chargePointId, firstSeq, lastSeq, firstMs, lastMs, bytes, lines);
  if (changes !== 0) add(connection, chargePointId, bytes);
}

function subtract(connection: Connection, deleted: readonly unknown[]): void {
  for (const row of deleted as readonly SizeRow[]) add(connection, row.charge_point_id, -row.bytes);
}

function add(connection: Connection, chargePointId: string, bytes: number): void {
  const sum = (connection.bytesOf.get(chargePointId) ?? 0) + bytes;
  if (sum > 0) connection.bytesOf.set(chargePointId, sum);
  else connection.bytesOf.delete(chargePointId);
  connection.bytesOfAll += bytes;
}
