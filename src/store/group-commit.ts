// Group commit without a timer: what arrives while one batch is written is the next batch. It decides what is written
// when, and who is told; a BatchWriter does the writing. Nothing overtakes a failed batch.
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { atEndOfTurn as systemEndOfTurn } from '../runtime/turn.ts';
import type { Reading } from '../domain/reading.ts';
import {
  type BatchWriter,
  type RecordRow,
  checkReading,
  isAccepted,
  recordKey,
  toRecordRow,
} from './batch.ts';
import { type Change, StoreError, type StoreHealth } from './store.ts';

/** Above this many rows not yet durable the store says that it is congested; below half of it, that it is no more. */
const DEFAULT_MAX_PENDING_ROWS = 20_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
const REMINDER_MS = 60_000;

export interface GroupCommitOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The highest local commit order number in the store, 0 in a new one. */
  readonly lastLseq: number;
  readonly maxPendingRows?: number;
  /** When an idle store posts a batch; the end of the event-loop turn unless a test says otherwise. */
  readonly atEndOfTurn?: (run: () => void) => void;
}

/** A batch that is being gathered or written, and those who wait for it. */
interface Group {
  readonly records: Map<string, RecordRow>;
  readonly readings: Reading[];
  readonly durable: PromiseWithResolvers<undefined>;
}

interface Outage {
  readonly reason: string;
  readonly damage: StoreError | null;
  readonly sinceMs: number;
  failures: number;
  loggedMs: number;
  retryMs: number;
}

function newGroup(): Group {
  const durable = Promise.withResolvers<undefined>();
  // Whoever waits is told; a change that nobody waits for must not end the process when close() gives it up.
  durable.promise.catch(() => undefined);
  return { records: new Map(), readings: [], durable };
}

function rowsOf(group: Group | null): number {
  return group === null ? 0 : group.records.size + group.readings.length;
}

/** The part of a Store that commits, whatever the writer behind it is. */
export class GroupCommit {
  readonly #writer: BatchWriter;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #maxPendingRows: number;
  readonly #atEndOfTurn: (run: () => void) => void;
  readonly #listeners: ((health: StoreHealth) => void)[] = [];
  #lastLseq: number;
  #gathering: Group | null = null;
  #writing: Group | null = null;
  #isScheduled = false;
  #outage: Outage | null = null;
  #isCongested = false;
  #closing: Promise<void> | null = null;
  #isAbandoned = false;
  #retryNow: () => void = () => undefined;

  constructor(writer: BatchWriter, options: GroupCommitOptions) {
    this.#writer = writer;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#lastLseq = options.lastLseq;
    this.#maxPendingRows = options.maxPendingRows ?? DEFAULT_MAX_PENDING_ROWS;
    this.#atEndOfTurn = options.atEndOfTurn ?? systemEndOfTurn;
  }

  /** See Store.commit. Rejects at once, with nothing taken, for a change that cannot be written at all. */
  commit(change: Change): Promise<void> {
    if (this.#closing !== null) return Promise.reject(closedError());
    if (change.records.length === 0 && change.readings.length === 0) {
      return (this.#gathering ?? this.#writing)?.durable.promise ?? Promise.resolve();
    }
    let rows: RecordRow[];
    try {
      rows = change.records.map(toRecordRow);
      change.readings.forEach(checkReading);
    } catch (error) {
      return Promise.reject(new TypeError('a change that cannot be stored', { cause: error }));
    }
    const group = (this.#gathering ??= newGroup());
    for (const row of rows) this.#gather(group, row);
    group.readings.push(...change.readings);
    if (this.#writing === null && !this.#isScheduled) {
      this.#isScheduled = true;
      this.#atEndOfTurn(() => {
        this.#isScheduled = false;
        if (this.#writing === null) this.#startNext();
      });
    }
    this.#updateHealth(this.#outage);
    return group.durable.promise;
  }

  health(): StoreHealth {
    return {
      status: this.#outage === null ? 'ok' : 'degraded',
      reason: this.#outage?.reason ?? null,
      damage: this.#outage?.damage ?? null,
      pendingRows: this.#pendingRows(),
      isCongested: this.#isCongested,
    };
  }

  onHealth(listener: (health: StoreHealth) => void): void {
    this.#listeners.push(listener);
  }

  /** See Store.close. Rejects when rows had to be given up, and says how many. */
  close(withinMs: number): Promise<void> {
    return (this.#closing ??= this.#drainAndClose(withinMs));
  }

  #pendingRows(): number {
    return rowsOf(this.#writing) + rowsOf(this.#gathering);
  }

  #gather(group: Group, row: RecordRow): void {
    const key = recordKey(row);
    const earlier = group.records.get(key);
    if (earlier === undefined || isAccepted(earlier, row)) group.records.set(key, row);
    else this.#logRefused(row);
  }

  #startNext(): void {
    const group = this.#gathering;
    if (group === null) return;
    this.#gathering = null;
    this.#writing = group;
    const batch = {
      firstLseq: this.#lastLseq + 1,
      records: [...group.records.values()],
      readings: group.readings,
    };
    this.#lastLseq += batch.records.length;
    const attempt = () => {
      this.#retryNow = () => undefined;
      if (this.#isAbandoned) return;
      this.#writer.write(batch).then(
        (refused) => {
          for (const index of refused) this.#logRefused(batch.records[index]);
          this.#succeeded(group);
        },
        (error: unknown) => this.#failed(error, attempt),
      );
    };
    attempt();
  }

  #succeeded(group: Group): void {
    if (this.#isAbandoned) return;
    this.#writing = null;
    this.#startNext();
    group.durable.resolve(undefined);
    if (this.#outage !== null) {
      const seconds = Math.round((this.#clock.monotonicMs() - this.#outage.sinceMs) / 1000);
      this.#log.info('DATA', 'writing works again', {
        afterSeconds: seconds,
        failures: this.#outage.failures,
      });
    }
    this.#updateHealth(null);
  }

  #failed(error: unknown, attempt: () => void): void {
    if (this.#isAbandoned) return;
    const nowMs = this.#clock.monotonicMs();
    const reason = error instanceof Error ? error.message : String(error);
    const last = this.#outage;
    const outage: Outage = {
      reason,
      damage: error instanceof StoreError && error.code === 'corrupt' ? error : null,
      sinceMs: last?.sinceMs ?? nowMs,
      failures: (last?.failures ?? 0) + 1,
      loggedMs: last?.loggedMs ?? nowMs,
      retryMs: last === null ? FIRST_RETRY_MS : Math.min(last.retryMs * 2, LONGEST_RETRY_MS),
    };
    if (last === null || nowMs - outage.loggedMs >= REMINDER_MS) {
      outage.loggedMs = nowMs;
      const fields = { reason, pendingRows: this.#pendingRows(), failures: outage.failures };
      this.#log.error('DATA', 'writing fails; nothing is acknowledged until it works again', fields);
    }
    const cancel: CancelTimer = this.#clock.after(outage.retryMs, attempt);
    this.#retryNow = () => {
      cancel();
      attempt();
    };
    this.#updateHealth(outage);
  }

  #updateHealth(outage: Outage | null): void {
    const hasTurned = (outage === null) !== (this.#outage === null);
    this.#outage = outage;
    const pendingRows = this.#pendingRows();
    const isCongested = this.#isCongested
      ? pendingRows * 2 >= this.#maxPendingRows
      : pendingRows > this.#maxPendingRows;
    const hasPassed = isCongested !== this.#isCongested;
    this.#isCongested = isCongested;
    if (!hasTurned && !hasPassed) return;
    const health = this.health();
    for (const listener of this.#listeners) listener(health);
  }

  #logRefused(row: RecordRow | undefined): void {
    if (row === undefined) return;
    const { kind, id, epoch, rev, node } = row;
    this.#log.error('DATA', 'a version was not stored: a newer one is', { kind, id, epoch, rev, node });
  }

  async #drainAndClose(withinMs: number): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + withinMs;
    const last = this.#gathering ?? this.#writing;
    if (last !== null) {
      const timeUp = Promise.withResolvers<undefined>();
      const cancel = this.#clock.after(withinMs, () => timeUp.resolve(undefined));
      this.#retryNow();
      await Promise.race([last.durable.promise, timeUp.promise]);
      cancel();
    }
    const lostRows = this.#pendingRows();
    this.#isAbandoned = lostRows > 0;
    this.#writing?.durable.reject(closedError());
    this.#gathering?.durable.reject(closedError());
    await this.#writer.close(Math.max(0, deadlineMs - this.#clock.monotonicMs()));
    if (lostRows === 0) return;
    const reason = this.#outage?.reason ?? `not written within ${withinMs} ms`;
    throw new StoreError(
      'unwritable',
      `${lostRows} rows were not written before the store was closed: ${reason}`,
      'they were never acknowledged; chargers will send them again',
    );
  }
}

function closedError(): StoreError {
  return new StoreError('closed', 'the store is closed', 'nothing can be stored any more; start kwota again');
}
