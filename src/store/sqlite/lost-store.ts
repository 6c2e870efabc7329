// A store that is gone or cut short, and must not be shown to SQLite: how that is seen, and what is said. It changes nothing.
import { existsSync, statSync } from 'node:fs';
import { StoreError } from '../store.ts';
import { isCutShort } from './file-length.ts';

/** What has become of a store, in words for people. */
export type StoreLoss = 'is gone' | 'is empty' | 'is cut short';

/** Null: it is as long as it must be. Not while this process has it open (see isCutShort). Throws where it cannot be read. */
export function lossOf(path: string): StoreLoss | null {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return 'is gone';
  if (size === 0) return 'is empty';
  return isCutShort(path) ? 'is cut short' : null;
}

/** Whether there is a store at `path`, or what its log has left of it. */
export function hasStore(path: string): boolean {
  return existsSync(path) || hasLog(path);
}

/** Whether there is something in the log of the store at `path`: then there was a store. */
export function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * Before SQLite sees it: beside an empty file it deletes the log, which may have everything, and moves it into one that is
 * cut short. Throws a StoreError that names `told`.
 */
export function refuseIfLost(path: string, told = path): void {
  const loss = lossOf(path);
  if (loss !== null) throw lostError(told, loss);
}

/** For a store that has lost what it had. */
export function lostError(path: string, what: string): StoreError {
  return new StoreError(
    'lost',
    `${path} ${what}, but kwota has run on this folder before`,
    'put the file back, with those beside it that begin alike; or move .kwota away to start from the data files',
  );
}
