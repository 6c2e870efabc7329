// What one commit writes, in the form it is written in, and the rule that decides between two versions. No I/O.
import type { Reading } from '../domain/reading.ts';
import type { RecordKind, RecordVersion } from '../domain/record.ts';
import { recordJson } from '../domain/record-json.ts';

/** A record version ready to be written: `json` is the value as it was when it was handed over. */
export interface RecordRow {
  readonly kind: RecordKind;
  readonly id: string;
  readonly chargePointId: string | null;
  readonly account: string | null;
  readonly node: string;
  readonly epoch: number;
  readonly rev: number;
  readonly json: string;
}

/** Written as a whole or not at all; at most one row of a record. */
export interface Batch {
  /** The local commit order number of the first record; the others count on from it. */
  readonly firstLseq: number;
  readonly records: readonly RecordRow[];
  readonly readings: readonly Reading[];
}

/** Where batches become durable, one at a time. */
export interface BatchWriter {
  /**
   * Resolves when the batch is durable, with the indexes of the records that were refused because a newer version is
   * stored. Rejects when nothing of it was written, or when that is not known: the same batch may be written again.
   */
  write(batch: Batch): Promise<readonly number[]>;
  /** Ends the writer, by force once `withinMs` have passed. */
  close(withinMs: number): Promise<void>;
}

type Versioned = Pick<RecordRow, 'node' | 'epoch' | 'rev'>;

/** The one rule: a version is accepted iff (epoch, rev) is greater than what is stored, or equal and from the same node. */
export function isAccepted(stored: Versioned, offered: Versioned): boolean {
  if (offered.epoch !== stored.epoch) return offered.epoch > stored.epoch;
  if (offered.rev !== stored.rev) return offered.rev > stored.rev;
  return offered.node === stored.node;
}

/** Identifies a record among those of all kinds. */
export function recordKey(record: Pick<RecordRow, 'kind' | 'id'>): string {
  return `${record.kind}/${record.id}`;
}

/** Fails on what no store could write: one such row would be repeated for ever and hold up everybody else's. */
export function toRecordRow(version: RecordVersion): RecordRow {
  const { kind, id, chargePointId, account, node, epoch, rev } = version;
  if (!isCount(epoch) || !isCount(rev)) throw new TypeError(`${kind}/${id}: epoch ${epoch}, rev ${rev}`);
  return { kind, id, chargePointId, account, node, epoch, rev, json: recordJson(version) };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Reading ids have 48 bits. */
const MAX_READING_ID = 0xffff_ffff_ffff;

/** Fails on a reading that no store could write, for the same reason as toRecordRow. */
export function checkReading(reading: Reading): void {
  const { seq, id, at, connectorId, transactionId, registerWh, powerW, frequencyMilliHz } = reading;
  const isWritable =
    isCount(seq) &&
    Number.isSafeInteger(at) &&
    isCount(id) &&
    id <= MAX_READING_ID &&
    isCount(connectorId) &&
    isFiniteOrNull(transactionId) &&
    isFiniteOrNull(registerWh) &&
    isFiniteOrNull(powerW) &&
    isFiniteOrNull(frequencyMilliHz);
  if (!isWritable) throw new TypeError(`reading that cannot be stored: ${JSON.stringify(reading)}`);
}

function isFiniteOrNull(value: number | null): boolean {
  return value === null || Number.isFinite(value);
}
