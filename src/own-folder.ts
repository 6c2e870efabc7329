// The data folder as one server's own: locked, tidied, its log and store open, and watched. Part of the composition root.
import { statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { removeStaleTemporaries } from './files/atomic-write.ts';
import { lockFolder, makeDataFolder } from './files/folder-lock.ts';
import { every, type CancelTimer, type Clock } from './runtime/clock.ts';
import type { LogFileWatch } from './runtime/log-file.ts';
import type { Log } from './runtime/log.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store/store.ts';

const STORE_CLOSE_MS = 2_000;
const WATCH_FOLDER_EVERY_MS = 1_000;

export interface FolderOptions {
  /** Readings that are read from the store, the newest; and of how many their ids. */
  readonly newestReadings: number;
  readonly newestReadingIds: number;
  readonly dataDir: string;
  readonly logFile: LogFileWatch | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFatal: (error: Error) => void;
}

/** Opens it for this server alone; leaves with `onStop` what undoes that. */
export async function openFolder(
  options: FolderOptions,
  onStop: (close: () => void | Promise<void>) => void,
): Promise<Awaited<ReturnType<typeof openStore>>> {
  const { dataDir, newestReadings, newestReadingIds, logFile, clock, log } = options;
  if (makeDataFolder(dataDir) !== null)
    log.warn('DATA', 'there was no data folder, a new one was made', { data: dataDir });
  const lock = lockFolder(dataDir);
  onStop(() => lock.release());
  // Not before: another server may be writing there.
  logFile?.open();
  await removeStaleTemporaries(dataDir);
  await removeStaleTemporaries(join(dataDir, '.kwota'));
  const opened = await openStore({ dataDir, newestReadings, newestReadingIds, clock, log });
  onStop(() => opened.store.close(STORE_CLOSE_MS));
  onStop(watchOwnFolder(options, opened.store));
  return opened;
}

/**
 * The store, with its log, and the lock are files that somebody may remove, empty or cut short: then another server could
 * start, and nothing would last. SQLite does none of it: it keeps the log, the same file, while a connection is open, and a
 * store never gets shorter. The files are not opened: closing one would give up the locks that this process has on it.
 */
function watchOwnFolder({ dataDir, clock, onFatal }: FolderOptions, store: Store): CancelTimer {
  const path = join(dataDir, '.kwota', 'kwota.sqlite');
  const log = `${path}-wal`;
  const opened = [path, log].map((file) => ({ file, inode: statOf(file)?.ino }));
  let greatestSize = statOf(path)?.size ?? 0;
  const cancel = every(clock, WATCH_FOLDER_EVERY_MS, () => {
    const size = statOf(path)?.size;
    const isShorter = size !== undefined && size < greatestSize;
    greatestSize = Math.max(greatestSize, size ?? 0);
    // Before the log: SQLite removes that itself when it comes upon an empty store.
    const loss: Loss | null = isShorter
      ? { file: path, what: size === 0 ? 'emptied' : 'cut short' }
      : foundLoss(opened);
    if (loss === null) return;
    cancel();
    const { file, what } = loss;
    const end = (remedy: string) => onFatal(new Error(`${file} was ${what} while the server ran; ${remedy}`));
    const endAsItIs = () => end('put it back, and start again');
    // Every connection has the log that is gone, or there would be another: closing the store moves it into the file.
    if (file === log && what === 'removed') {
      store
        .close(STORE_CLOSE_MS)
        .then(() => end(`its content was moved into ${path}; start again`), endAsItIs);
    } else endAsItIs();
  });
  return cancel;
}

interface OpenedFile {
  readonly file: string;
  readonly inode: number | undefined;
}

interface Loss {
  readonly file: string;
  /** In the second case there is one of that name: a connection that SQLite opened since then made it, or somebody. */
  readonly what: 'removed' | 'removed or replaced' | 'emptied' | 'cut short';
}

/** What somebody has done to files that are open; null: they are the same. */
function foundLoss(opened: readonly OpenedFile[]): Loss | null {
  for (const { file, inode } of opened) {
    const found = statOf(file)?.ino;
    if (inode === undefined || found === inode) continue;
    return { file, what: found === undefined ? 'removed' : 'removed or replaced' };
  }
  return null;
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
