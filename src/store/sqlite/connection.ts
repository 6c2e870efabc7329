// A connection to kwota.sqlite with the settings that make a commit durable, and what SQLite's errors mean. No schema.
import { pathToFileURL } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';

/** How long a statement waits for a lock of another connection. */
export const BUSY_TIMEOUT_MS = 2_000;

/** Opens an existing file, and never makes one: an empty store must not take the place of one that was moved away. */
export function openConnection(path: string): DatabaseSync {
  const location = pathToFileURL(path);
  location.searchParams.set('mode', 'rw');
  const db = new DatabaseSync(location, { timeout: BUSY_TIMEOUT_MS });
  // fullfsync: on macOS an fsync alone does not reach the disk; elsewhere it does nothing.
  db.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA wal_autocheckpoint = 0;');
  return db;
}

/**
 * For a store that is not what it should be: other connections can be closed, and its files stay as they are. The last one to
 * close moves the log into the file and deletes it, unless it may only read, as this one. Returns what closes it.
 */
export function holdLog(path: string): () => void {
  let reader: DatabaseSync | null = null;
  try {
    reader = new DatabaseSync(pathToFileURL(path), { readOnly: true });
    // It takes part in the log from its first reading on.
    reader.prepare('PRAGMA user_version').get();
  } catch {
    // Where nothing can be read SQLite does with the log what it does.
  }
  return () => reader?.close();
}

// https://sqlite.org/rescode.html; the lower eight bits of an extended code
const ERROR = 1;
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

function resultCodeOf(error: Error): number | null {
  if (!('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

/** Whether SQLite says that the file itself is bad, which no repetition mends. */
export function isDamage(error: unknown): boolean {
  const resultCode = error instanceof Error ? resultCodeOf(error) : null;
  return resultCode === CORRUPT || resultCode === NOT_A_DATABASE;
}

/** What a failure while opening or reading the store at `path` means to the operator; a programmer error stays one. */
export function storeErrorOf(error: unknown, path: string): Error {
  if (!(error instanceof Error)) return new Error('not an error', { cause: error });
  const options = { cause: error };
  const resultCode = resultCodeOf(error);
  if (resultCode === BUSY) {
    const hint = 'close the program that has it open';
    return new StoreError('locked', `${path} is locked by another program`, hint, options);
  }
  // Our own statements are right: where SQLite finds no such table, or cannot read what its file says of them, the file is wrong.
  if (isDamage(error) || resultCode === ERROR) return corruptError(path, error.message, options);
  if (resultCode === null && !('syscall' in error)) return error;
  return unusableError(error, path);
}

/** For a file that cannot be read or written, whatever is in it. */
export function unusableError(error: Error, path: string): StoreError {
  return new StoreError(
    'unwritable',
    `${path} cannot be used: ${error.message}`,
    'check that the data folder may be written by this user and that the disk is not full',
    { cause: error },
  );
}

/** For a file whose content is not, or no longer, a store. */
export function corruptError(path: string, text: string, options?: ErrorOptions): StoreError {
  return new StoreError(
    'corrupt',
    `${path} is damaged or is not a store of kwota: ${text}`,
    'keep a copy of the folder, then put back a copy of .kwota made while no server ran, or move .kwota away to start from the data files',
    options,
  );
}
