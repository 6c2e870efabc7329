// New transaction ids: positive int32, never used twice, leased in blocks so that a crash skips ids and repeats none.
import assert from 'node:assert/strict';
import type { RecordVersion } from '../domain/record.ts';
import type { Journal } from './journal.ts';

const BLOCK = 1000;
const MAX_INT32 = 2_147_483_647;
const MS_PER_ID = 10_000;
const LEASE = 'transactionId';
const MS_PER_S = 1000;

interface Lease {
  /** The first id that nobody holds. */
  readonly to: number;
}

/** An id for a new transaction; it must be none that `isTaken`. */
export type NextTransactionId = (isTaken: (transactionId: number) => boolean) => number;

/** The record of the lease, among those of a store. */
export function isTransactionIdLease({ kind, id }: Pick<RecordVersion, 'kind' | 'id'>): boolean {
  return kind === 'lease' && id === LEASE;
}

/**
 * The lease for a store that is put back as it was at `backupMs`: beyond every id given out since, even where sessions
 * had begun each second. A charger may still have such a session in its queue.
 */
export function leaseAfterRestore(value: object, backupMs: number, nowMs: number): object {
  const { to } = value as Lease;
  return { to: to + BLOCK + Math.ceil(Math.max(0, nowMs - backupMs) / MS_PER_S) } satisfies Lease;
}

/**
 * Counts up from unix time / 10 s, or from where the last lease ended if that is more. So a fresh store, or one restored
 * from an old copy, never meets the id of a session that a charger still has in its queue.
 */
export class TransactionIds {
  readonly #journal: Journal;
  readonly #given: NextTransactionId | undefined;
  #next: number;
  #to: number;

  /** With `given`, ids come from there: those that a recorded server gave out. */
  constructor(journal: Journal, nowMs: number, given?: NextTransactionId) {
    this.#journal = journal;
    this.#given = given;
    const leased = journal.live.other('lease', LEASE) as Lease | undefined;
    this.#next = Math.max(leased?.to ?? 1, Math.floor(nowMs / MS_PER_ID), 1);
    this.#to = this.#next;
  }

  /** An id that this charge point has no session of (one of the old stack's may lie ahead). */
  next(isTaken: (transactionId: number) => boolean): number {
    if (this.#given) return this.#given(isTaken);
    let id = this.#take();
    while (isTaken(id)) id = this.#take();
    return id;
  }

  #take(): number {
    if (this.#next === this.#to) {
      this.#to += BLOCK;
      assert(this.#to <= MAX_INT32, 'transaction ids are used up; is the clock set right?');
      this.#journal.put('lease', LEASE, { to: this.#to } satisfies Lease, null, null);
    }
    this.#next += 1;
    return this.#next - 1;
  }
}
