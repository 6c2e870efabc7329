// Opens the store of a data folder and reads it; a store that is damaged or gone is told with the backup to put back.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { newestBackup, wayBack } from './backup/kept-backups.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';
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
    if (!hasBegun && wasUsed(dataDir)) throw lost(dataDir, 'has nothing in it');
    return { store, loaded };
  } catch (error) {
    await store?.close(CLOSE_MS);
    throw withBackup(error, dataDir);
  }
}

/**
 * Before SQLite sees it: it would take an empty file for a new store, and delete the log beside it, which may have
 * everything. And the old files would be taken over once more, with energy that is in no book.
 */
function refuseIfLost(dataDir: string): void {
  const path = pathOf(dataDir);
  const size = sizeOf(path);
  if (size !== undefined && size > 0) return;
  if (wasUsed(dataDir) || (sizeOf(`${path}-wal`) ?? 0) > 0)
    throw lost(dataDir, size === undefined ? 'is gone' : 'is empty');
}

/** Whether a server has begun in this folder: these are made after the store had its first record. */
function wasUsed(dataDir: string): boolean {
  return existsSync(join(dataDir, '.kwota', 'admin-token')) || newestBackup(dataDir) !== null;
}

function lost(dataDir: string, what: string): StoreError {
  return new StoreError(
    'lost',
    `${pathOf(dataDir)} ${what}, but kwota has run on this folder before`,
    'put the file back, with those beside it that begin alike; or move .kwota away to start from the data files',
  );
}

function withBackup(error: unknown, dataDir: string): unknown {
  if (!(error instanceof StoreError) || (error.code !== 'corrupt' && error.code !== 'lost')) return error;
  return new StoreError(error.code, error.message, wayBack(error, dataDir), { cause: error });
}

function pathOf(dataDir: string): string {
  return join(dataDir, '.kwota', 'kwota.sqlite');
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
