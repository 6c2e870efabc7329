// One server for each data folder. The lock is SQLite's own: the system frees it when the process dies, however it dies.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errnoOf, isNoSpace } from './file-error.ts';

const OWN_FOLDER = '.kwota';
const OWN_FOLDER_MODE = 0o700;
const LOCK_FILE = 'lock';
/** SQLITE_BUSY and SQLITE_LOCKED: the primary result code is the low byte. */
const BUSY_RESULT_CODES = [5, 6];
/** SQLITE_FULL. */
const FULL_RESULT_CODE = 13;

/** `locked`: another server has it. `unwritable`: the folder cannot hold a lock. `hint` says what to do about it. */
export class FolderLockError extends Error {
  readonly code: 'locked' | 'unwritable';
  readonly hint: string;

  constructor(code: FolderLockError['code'], message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FolderLockError';
    this.code = code;
    this.hint = hint;
  }
}

export interface FolderLock {
  /** Frees the folder; harmless when it is free already. */
  release(): void;
}

/** An unreferenced database would be closed by the garbage collector, and the lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Takes the folder for this process until release(), and makes `.kwota` in it (mode 0700) if need be. Nothing else in
 * the process may open `.kwota/lock`: closing that second handle would free the lock (POSIX).
 */
export function lockFolder(dataDir: string): FolderLock {
  const ownFolder = join(dataDir, OWN_FOLDER);
  makeOwnFolder(ownFolder);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(join(ownFolder, LOCK_FILE), { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    throw isBusy(error) ? lockedError(dataDir, error) : unwritableError(dataDir, error);
  }
  const holder = database;
  held.add(holder);
  return {
    release() {
      if (held.delete(holder)) holder.close();
    },
  };
}

/**
 * Makes the data folder, and what leads to it, where there is none. Returns the uppermost folder that it made; null: the data
 * folder was there. Throws a FolderLockError.
 */
export function makeDataFolder(dataDir: string): string | null {
  if (existsSync(dataDir)) return null;
  try {
    return makeFolder(dataDir);
  } catch (error) {
    throw unwritableError(dataDir, error);
  }
}

/** Not mkdir's own `recursive`: below a folder that lets nobody make one (in /proc) it tries for ever. */
function makeFolder(path: string): string | null {
  try {
    mkdirSync(path);
    return path;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' && dirname(path) !== path && !existsSync(dirname(path))) {
      const uppermost = makeFolder(dirname(path));
      mkdirSync(path);
      return uppermost ?? path;
    }
    if (!existsSync(path)) throw error;
    return null;
  }
}

function makeOwnFolder(ownFolder: string): void {
  try {
    mkdirSync(ownFolder, { mode: OWN_FOLDER_MODE });
  } catch (error) {
    // A file in its place shows when the lock is opened.
    if (errnoOf(error) !== 'EEXIST') throw unwritableError(join(ownFolder, '..'), error);
  }
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  return BUSY_RESULT_CODES.includes(error.errcode & 0xff);
}

/** Told by the system, or by SQLite. */
function isDiskFull(error: unknown): boolean {
  if (error instanceof Error && 'errcode' in error) return error.errcode === FULL_RESULT_CODE;
  return isNoSpace(error);
}

function lockedError(dataDir: string, cause: unknown): FolderLockError {
  return new FolderLockError(
    'locked',
    `another kwota server uses the data folder ${dataDir}`,
    'stop the other server, or use another folder with --data',
    { cause },
  );
}

function unwritableError(dataDir: string, cause: unknown): FolderLockError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const todo = isDiskFull(cause)
    ? 'make room on its disk'
    : 'make sure that it exists and that the user who runs kwota may write to it';
  return new FolderLockError(
    'unwritable',
    `the data folder ${dataDir} cannot be used: ${reason}`,
    `${todo}, or use another one with --data`,
    { cause },
  );
}
