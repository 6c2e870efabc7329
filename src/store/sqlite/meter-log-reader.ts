// Reads the meter log from the file, on the main thread's connection: a bounded piece at a time. Who writes it is the worker.
import type { DatabaseSync } from 'node:sqlite';
import type { Reading } from '../../domain/reading.ts';
import { READINGS_SCANNED, type FoundReadings, type ReadingQuery } from '../store.ts';
import { storeErrorOf } from './connection.ts';
import {
  FIND_READINGS,
  SELECT_LAST_READING_SEQ,
  SELECT_NEWEST_READING_IDS,
  SELECT_NEWEST_READINGS,
  SELECT_READINGS_AFTER,
  SELECT_SEQ_BEFORE,
} from './schema.ts';

type ReadingCells = [
  number,
  number,
  number,
  string,
  number,
  number | null,
  string,
  number | null,
  number | null,
  number | null,
];

/** Oldest first. */
export function newestReadingsOf(db: DatabaseSync, limit: number): Reading[] {
  const select = db.prepare(SELECT_NEWEST_READINGS);
  select.setReturnArrays(true);
  const rows = select.all(limit) as unknown as ReadingCells[];
  return rows.map(toReading).reverse();
}

/** Oldest first. As one text: a row for each of so many would take twice as long. */
export function newestReadingIdsOf(db: DatabaseSync, limit: number): number[] {
  const ids = db.prepare(SELECT_NEWEST_READING_IDS).get(limit)?.['ids'];
  return (JSON.parse(String(ids)) as number[]).reverse();
}

/** See Store.findReadings; throws StoreError. */
export function findReadings(db: DatabaseSync, path: string, query: ReadingQuery): FoundReadings {
  try {
    const before = query.beforeSeq ?? numberOf(db, SELECT_LAST_READING_SEQ) + 1;
    const from = Math.max(before - READINGS_SCANNED, 0);
    const select = db.prepare(FIND_READINGS);
    select.setReturnArrays(true);
    const rows = select.all({
      before,
      from,
      chargePointId: query.chargePointId ?? null,
      transactionId: query.transactionId ?? null,
      fromMs: query.fromMs ?? -Number.MAX_SAFE_INTEGER,
      toMs: query.toMs ?? Number.MAX_SAFE_INTEGER,
      limit: query.limit,
    }) as unknown as ReadingCells[];
    const readings = rows.map(toReading);
    const seenTo = readings.length === query.limit ? (readings.at(-1)?.seq ?? from) : from;
    const next = numberOf(db, SELECT_SEQ_BEFORE, seenTo);
    return { readings, beforeSeq: next === 0 ? null : next + 1 };
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

/** See Store.readingsAfter; throws StoreError. */
export function readingsAfter(db: DatabaseSync, path: string, seq: number, limit: number): Reading[] {
  try {
    const select = db.prepare(SELECT_READINGS_AFTER);
    select.setReturnArrays(true);
    return (select.all(seq, limit) as unknown as ReadingCells[]).map(toReading);
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

/** See Store.lastReadingSeq; throws StoreError. */
export function lastReadingSeq(db: DatabaseSync, path: string): number {
  try {
    return numberOf(db, SELECT_LAST_READING_SEQ);
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

function numberOf(db: DatabaseSync, sql: string, ...values: number[]): number {
  const value = Object.values(db.prepare(sql).get(...values) ?? {})[0];
  return typeof value === 'number' ? value : 0;
}

function toReading(cells: ReadingCells): Reading {
  const [seq, id, at, chargePointId, connectorId, transactionId, userName, registerWh, powerW, frequency] =
    cells;
  return {
    seq,
    id,
    at,
    chargePointId,
    connectorId,
    transactionId,
    userName,
    registerWh,
    powerW,
    frequencyMilliHz: frequency,
  };
}
