// Opens the store of a data folder and reads it; a store that is damaged or gone is told with the backup to put back.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newestBackup, wayBack } from './backup/kept-backups.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';
import { holdLog, storeErrorOf } from './store/sqlite/connection.ts';
import { hasLog, lossOf, lostError } from './store/sqlite/lost-store.ts';
import { readBeginning } from './store/sqlite/snapshot.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';
import { StoreError, type Loaded, type Store } from './store/store.ts';

export interface OpenedStore {
  readonly store: Store;
  readonly loaded: Loaded;
}

export interface StoreParts {
  readonly dataDir: string;
  readonly newestReadings: number;
  readonly newestReadingIds: number;
  readonly clock: Clock;
  readonly log: Log;
}

const CLOSE_MS = 2_000;

/** Throws a StoreError; then nothing of it is open. */
export async function openStore(parts: StoreParts): Promise<OpenedStore> {
  const { dataDir, newestReadings, newestReadingIds, clock, log } = parts;
  let store: Store | null = null;
  try {
    refuseIfLost(dataDir);
    store = openSqliteStore({ dataDir, clock, log });
    const loaded = store.load(newestReadings, newestReadingIds);
    const hasBegun = loaded.records.some(({ kind }) => kind === 'site');
    if (!hasBegun && wasUsed(dataDir)) throw lostError(pathOf(dataDir), 'has nothing in it');
    return { store, loaded };
  } catch (error) {
    const release = store ? holdLog(pathOf(dataDir)) : null;
    await store?.close(CLOSE_MS);
    release?.();
    throw withBackup(error, dataDir);
  }
}

/** Why a start refuses the store before it looks at what is in it; null: it does not. It changes nothing. */
export function refusalOf(dataDir: string): StoreError | null {
  try {
    refuseIfLost(dataDir);
    if (lossOf(pathOf(dataDir)) === null) readBeginning(pathOf(dataDir));
    return null;
  } catch (error) {
    const refusal = withBackup(error, dataDir);
    if (refusal instanceof StoreError) return refusal;
    throw refusal;
  }
}

/**
 * Before SQLite sees it: it would take an empty file for a new store, and delete the log beside it, which may have
 * everything. And the old files would be taken over once more, with energy that is in no book.
 */
function refuseIfLost(dataDir: string): void {
  const path = pathOf(dataDir);
  const loss = lossOf(path);
  if (loss !== null && (wasUsed(dataDir) || hasLog(path))) throw lostError(path, loss);
}

/** Whether a server has begun in this folder: these are made after the store had its first record. */
function wasUsed(dataDir: string): boolean {
  return existsSync(join(dataDir, '.kwota', 'admin-token')) || newestBackup(dataDir) !== null;
}

function withBackup(cause: unknown, dataDir: string): Error {
  const error = storeErrorOf(cause, pathOf(dataDir));
  if (!(error instanceof StoreError) || !error.isBeyondRepair) return error;
  return new StoreError(error.code, error.message, wayBack(error, dataDir), { cause: error });
}

function pathOf(dataDir: string): string {
  return join(dataDir, '.kwota', 'kwota.sqlite');
}
