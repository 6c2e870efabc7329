// A store in memory, for property tests and replay: the same rules as SQLite, and no disk.
// Nothing survives the process.
import type { Reading } from '../domain/reading.ts';
import type { RecordVersion } from '../domain/record.ts';
import { recordValue } from '../domain/record-json.ts';
import type { TraceBlock, TraceLimits } from '../domain/trace.ts';
import { checkReading, isAccepted, recordKey, type RecordRow, toRecordRow } from './batch.ts';
import {
  type Change,
  type FoundReadings,
  type ReadingQuery,
  type Store,
  StoreError,
  type StoreHealth,
  type TraceRange,
} from './store.ts';

export interface MemoryStore extends Store {
  /** From here on commits wait: they are neither durable nor loaded. */
  pause(): void;
  /** Makes durable, in order, what waited, and goes on. */
  release(): void;
  /** Forgets what is not durable, as a power failure would; its commits stay unanswered for ever. */
  crash(): void;
}

interface Waiting {
  readonly rows: readonly RecordRow[];
  readonly readings: readonly Reading[];
  readonly durable: PromiseWithResolvers<undefined>;
}

/** Unless paused, a commit is durable at once, and its promise says so in a microtask. */
export function createMemoryStore(): MemoryStore {
  const records = new Map<string, RecordRow>();
  const readings = new Map<number, Reading>();
  const listeners: ((health: StoreHealth) => void)[] = [];
  let waiting: Waiting[] = [];
  let isPaused = false;
  let isClosed = false;

  const health = (): StoreHealth => ({
    status: isPaused ? 'degraded' : 'ok',
    reason: isPaused ? 'paused' : null,
    damage: null,
    pendingRows: waiting.reduce((rows, change) => rows + change.rows.length + change.readings.length, 0),
    isCongested: false,
  });
  const tell = () => {
    for (const listener of listeners) listener(health());
  };
  const apply = (change: Waiting) => {
    for (const row of change.rows) {
      const stored = records.get(recordKey(row));
      if (stored === undefined || isAccepted(stored, row)) records.set(recordKey(row), row);
    }
    for (const reading of change.readings) readings.set(reading.seq, reading);
    change.durable.resolve(undefined);
  };
  const setPaused = (paused: boolean) => {
    if (paused === isPaused) return;
    isPaused = paused;
    tell();
  };

  return {
    load: (newestReadings, newestIds = newestReadings) => ({
      records: [...records.values()].map(toRecordVersion),
      readings: newestOf(readings, newestReadings),
      readingIds: newestOf(readings, newestIds).map(({ id }) => id),
    }),
    async commit(change: Change) {
      if (isClosed) throw new StoreError('closed', 'the store is closed', 'open another one');
      change.readings.forEach(checkReading);
      const rows = change.records.map(toRecordRow);
      const entry = { rows, readings: change.readings, durable: Promise.withResolvers<undefined>() };
      if (isPaused) waiting.push(entry);
      else apply(entry);
      return entry.durable.promise;
    },
    health,
    onHealth: (listener) => {
      listeners.push(listener);
    },
    ...meterLogOf(readings),
    ...createTraces(() => !isClosed && !isPaused),
    close() {
      isClosed = true;
      return Promise.resolve();
    },
    pause: () => setPaused(true),
    release() {
      const released = waiting;
      waiting = [];
      released.forEach(apply);
      setPaused(false);
    },
    crash() {
      waiting = [];
      isPaused = false;
    },
  };
}

/** Oldest first. */
function newestOf(readings: ReadonlyMap<number, Reading>, count: number): Reading[] {
  return [...readings.values()].sort((a, b) => a.seq - b.seq).slice(Math.max(0, readings.size - count));
}

type MeterLogPart = 'findReadings' | 'readingsAfter' | 'lastReadingSeq' | 'forgetReadingsBefore';

function meterLogOf(readings: Map<number, Reading>): Pick<Store, MeterLogPart> {
  return {
    findReadings: (query) => findReadings(readings.values(), query),
    readingsAfter: (seq, limit) =>
      newestOf(readings, readings.size)
        .filter((reading) => reading.seq > seq)
        .slice(0, limit),
    lastReadingSeq: () => lastOf(readings),
    forgetReadingsBefore(at) {
      const last = lastOf(readings);
      for (const [seq, reading] of readings) if (reading.at < at && seq < last) readings.delete(seq);
    },
  };
}

function lastOf(readings: ReadonlyMap<number, Reading>): number {
  return Math.max(0, ...readings.keys());
}

function findReadings(readings: Iterable<Reading>, query: ReadingQuery): FoundReadings {
  const { chargePointId, transactionId, fromMs, toMs, beforeSeq, limit } = query;
  const found = [...readings]
    .filter(({ seq }) => seq < (beforeSeq ?? Infinity))
    .filter((one) => chargePointId === undefined || one.chargePointId === chargePointId)
    .filter((one) => transactionId === undefined || one.transactionId === transactionId)
    .filter(({ at }) => at >= (fromMs ?? -Infinity) && at < (toMs ?? Infinity))
    .sort((a, b) => b.seq - a.seq);
  const page = found.slice(0, limit);
  return { readings: page, beforeSeq: found.length > limit ? (page.at(-1)?.seq ?? null) : null };
}

function toRecordVersion(row: RecordRow): RecordVersion {
  const { json, ...version } = row;
  return { ...version, value: recordValue(row.kind, json) };
}

type TracePart = 'saveTrace' | 'loadTrace' | 'lastTraceSeqs' | 'forgetTracesBefore';

function createTraces(isWritable: () => boolean): Pick<Store, TracePart> {
  let traces: readonly TraceBlock[] = [];
  return {
    saveTrace(blocks, limits) {
      if (!isWritable()) return Promise.reject(new Error('the store is paused or closed'));
      traces = withinLimits([...traces, ...blocks], limits);
      return Promise.resolve();
    },
    loadTrace(chargePointId, range, maxBlocks) {
      const found = traces.filter((block) => block.chargePointId === chargePointId && isIn(block, range));
      return ('afterSeq' in range ? found : found.reverse()).slice(0, maxBlocks);
    },
    lastTraceSeqs: () => new Map(traces.map(({ chargePointId, lastSeq }) => [chargePointId, lastSeq])),
    forgetTracesBefore(at) {
      traces = traces.filter((block) => block.lastMs >= at);
    },
  };
}

function isIn(block: TraceBlock, range: TraceRange): boolean {
  return 'afterSeq' in range ? block.lastSeq > range.afterSeq : block.lastSeq < range.beforeSeq;
}

/** The newest of the blocks (oldest first) that fit. */
function withinLimits(blocks: readonly TraceBlock[], limits: TraceLimits): TraceBlock[] {
  const bytesOf = new Map<string, number>();
  let bytesOfAll = 0;
  const fits = ({ chargePointId, lines }: TraceBlock) => {
    const bytes = (bytesOf.get(chargePointId) ?? 0) + lines.byteLength;
    if (bytes > limits.bytesOfCharger || bytesOfAll + lines.byteLength > limits.bytesOfAll) return false;
    bytesOf.set(chargePointId, bytes);
    bytesOfAll += lines.byteLength;
    return true;
  };
  return [...blocks].reverse().filter(fits).reverse();
}
