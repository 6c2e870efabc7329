// The writer thread: the only writer of kwota.sqlite while the server runs. It writes one batch at a time as one
// transaction, blocks of traces between them, and when no batch comes it moves the write-ahead log into the file and
// deletes what is old.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../runtime/clock.ts';
import { isDamage, openConnection } from './connection.ts';
import { TraceWriter } from './trace-writer.ts';
import { DELETE_READINGS, PUT_READING, SURVEY_READINGS, UPSERT_RECORD } from './schema.ts';
import {
  type BatchMessage,
  type Cell,
  type ForgetMessage,
  type FromWriter,
  READING_CELLS,
  RECORD_CELLS,
  type ToWriter,
  type TraceMessage,
  type WriterData,
} from './wire.ts';

/** How often upkeep looks whether there is something to do, after a batch; no batch since then means idle. */
const UPKEEP_MS = 50;
/** An idle writer moves the log into the file above this many pages (4 MiB) … */
const CHECKPOINT_PAGES = 1_000;
/** … a busy one above this many (64 MiB): a commit waits for it then, but the log stays bounded. */
const FORCED_CHECKPOINT_PAGES = 16_000;
/** Old readings are looked for in stretches of this many, each deleted in a transaction of its own. */
const FORGET_ROWS = 1_000;

interface Connection {
  readonly db: DatabaseSync;
  readonly upsertRecord: StatementSync;
  readonly putReading: StatementSync;
}

const data = workerData as WriterData;
const traces = new TraceWriter(data);
let connection: Connection | null = null;
let isUpkeepPlanned = false;
let batches = 0;
let batchesAtUpkeep = 0;
let upkeepFailure: string | null = null;
let forgetting: { readonly message: ForgetMessage; cursor: number } | null = null;
let forgettingTracesBefore: number | null = null;

function say(message: FromWriter): void {
  parentPort?.postMessage(message);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function connect(): Connection {
  if (connection !== null) return connection;
  const db = openConnection(data.path);
  if (data.maxPages !== null) db.exec(`PRAGMA max_page_count = ${data.maxPages}`);
  connection = { db, upsertRecord: db.prepare(UPSERT_RECORD), putReading: db.prepare(PUT_READING) };
  return connection;
}

/** After a failure the next batch starts on a fresh connection; closing this one rolls its transaction back. */
function disconnect(): void {
  const last = connection;
  connection = null;
  last?.db.close();
}

function putRecords({ upsertRecord }: Connection, message: BatchMessage): number[] {
  const refused: number[] = [];
  const cells = message.records;
  for (let at = 0, index = 0; at < cells.length; at += RECORD_CELLS, index += 1) {
    const [kind, id, chargePointId, account, node, epoch, rev, json] = cells.slice(
      at,
      at + RECORD_CELLS,
    ) as RecordCells;
    const lseq = message.firstLseq + index;
    const { changes } = upsertRecord.run(kind, id, chargePointId, account, node, epoch, rev, lseq, json);
    if (changes === 0) refused.push(index);
  }
  return refused;
}

type RecordCells = [Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell];

function write(message: BatchMessage): number[] {
  const { db, ...statements } = connect();
  db.exec('BEGIN IMMEDIATE');
  const refused = putRecords({ db, ...statements }, message);
  for (let at = 0; at < message.readings.length; at += READING_CELLS) {
    statements.putReading.run(...message.readings.slice(at, at + READING_CELLS));
  }
  db.exec('COMMIT');
  return refused;
}

function handleBatch(message: BatchMessage): void {
  batches += 1;
  let answer: FromWriter;
  try {
    answer = { type: 'written', refused: write(message) };
  } catch (error) {
    answer = { type: 'failed', reason: reasonOf(error), isDamage: isDamage(error) };
    disconnect();
  }
  say(answer);
  planUpkeep();
}

function handleTrace({ blocks, limits }: TraceMessage): void {
  let reason: string | null = null;
  try {
    traces.save(blocks, limits);
  } catch (error) {
    reason = reasonOf(error);
  }
  say({ type: 'traced', reason });
  planUpkeep();
}

function planUpkeep(): void {
  if (isUpkeepPlanned) return;
  isUpkeepPlanned = true;
  systemClock.after(UPKEEP_MS, () => {
    isUpkeepPlanned = false;
    const isIdle = batches === batchesAtUpkeep;
    batchesAtUpkeep = batches;
    const failure = upkeep(isIdle);
    if (failure !== upkeepFailure) say({ type: 'upkeep', reason: failure });
    upkeepFailure = failure;
    if (!isIdle || forgetting !== null || forgettingTracesBefore !== null) planUpkeep();
  });
}

function upkeep(isIdle: boolean): string | null {
  try {
    const { db } = connect();
    if (forgetting !== null) forgetSome(db);
    if (forgettingTracesBefore !== null && !traces.forgetSome(forgettingTracesBefore))
      forgettingTracesBefore = null;
    if (pagesToMove(db) > (isIdle ? CHECKPOINT_PAGES : FORCED_CHECKPOINT_PAGES)) {
      db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    }
    return null;
  } catch (error) {
    // Nothing is lost: the log still holds every commit, and old readings stay until retention is asked for again.
    forgetting = null;
    forgettingTracesBefore = null;
    disconnect();
    return reasonOf(error);
  }
}

function pagesToMove(db: DatabaseSync): number {
  const row = db.prepare('PRAGMA wal_checkpoint(NOOP)').get();
  return Number(row?.['log']) - Number(row?.['checkpointed']);
}

function forgetSome(db: DatabaseSync): void {
  if (forgetting === null) return;
  const { message, cursor } = forgetting;
  const { before, now } = message;
  const survey = db.prepare(SURVEY_READINGS).get({ before, now, cursor, limit: FORGET_ROWS });
  const last = Number(survey?.['last'] ?? cursor);
  const oldRows = Number(survey?.['old']);
  if (oldRows > 0) db.prepare(DELETE_READINGS).run({ cursor, last, before });
  // Readings come in by time, nearly: a stretch without an old one ends the search, unless its times lie in the future
  // (a charger with a wrong clock must not keep everything behind it).
  const isDone = Number(survey?.['rows']) < FORGET_ROWS || (oldRows === 0 && Number(survey?.['young']) > 0);
  forgetting = isDone ? null : { message, cursor: last };
}

function close(): void {
  try {
    traces.disconnect();
    // With an empty log the next start has nothing to recover; without this it does, and nothing else is different.
    connection?.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    disconnect();
  } catch (error) {
    say({ type: 'upkeep', reason: reasonOf(error) });
  }
  parentPort?.close();
}

parentPort?.on('message', (message: ToWriter) => {
  switch (message.type) {
    case 'batch':
      handleBatch(message);
      break;
    case 'forget':
      forgetting = { message, cursor: -1 };
      planUpkeep();
      break;
    case 'trace':
      handleTrace(message);
      break;
    case 'forgetTraces':
      forgettingTracesBefore = message.before;
      planUpkeep();
      break;
    case 'close':
      close();
  }
});
