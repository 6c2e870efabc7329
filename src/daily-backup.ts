// A backup a day, made beside the server and never by it: when one is due, whether there is room, and how a failure is told.
import { existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  backupFolder,
  backupOfDay,
  removeOldBackups,
  removeUnfinishedBackups,
} from './backup/kept-backups.ts';
import type { Alarms } from './csms/alarms.ts';
import type { CancelTimer, Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';

/** Makes a backup in a process of its own; rejects with a reason for people. An abort ends it. */
export type BackUp = (file: string, abort: AbortSignal) => Promise<void>;

export interface DailyBackupParts {
  readonly dataDir: string;
  /** How many are kept; 0: none is made. */
  readonly keep: number;
  /** The day (`2026-11-30`) at the site. */
  readonly today: () => string;
  readonly backUp: BackUp;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly log: Log;
}

/** A start has other things to do. */
const FIRST_LOOK_MS = 60_000;
const LOOK_EVERY_MS = 600_000;
const ALARM = 'backup';
const FOLDER_MODE = 0o700;
/** A backup takes a copy of the store and the archive; the books must have room to grow beside them. */
const COPIES = 2;
const MARGIN_BYTES = 64 * 1024 * 1024;

/** Sees now and then to it that there is a backup of today. What is returned ends that, and a backup that is under way. */
export function backUpDaily(parts: DailyBackupParts): CancelTimer {
  const { clock, keep } = parts;
  if (keep === 0) return () => undefined;
  const ended = new AbortController();
  let cancel: CancelTimer = () => undefined;
  const planLook = (delayMs: number) => {
    cancel = clock.after(delayMs, () => {
      void look(parts, ended.signal).then(() => {
        if (!ended.signal.aborted) planLook(LOOK_EVERY_MS);
      });
    });
  };
  planLook(FIRST_LOOK_MS);
  return () => {
    ended.abort();
    cancel();
  };
}

async function look(parts: DailyBackupParts, abort: AbortSignal): Promise<void> {
  const { dataDir, keep, today, backUp, alarms, log } = parts;
  const file = backupOfDay(dataDir, today());
  try {
    if (!existsSync(file)) {
      mkdirSync(backupFolder(dataDir), { recursive: true, mode: FOLDER_MODE });
      removeUnfinishedBackups(dataDir);
      checkRoom(dataDir);
      await backUp(file, abort);
      removeOldBackups(dataDir, keep);
      log.info('DATA', 'the backup of the day was made', { file });
    }
    alarms.clear(ALARM, 'DATA');
  } catch (cause) {
    if (abort.aborted) return;
    // The reason first: it may be a damaged store, which is worse than a backup that is missing.
    const reason = cause instanceof Error ? cause.message : String(cause);
    alarms.raise(
      ALARM,
      'DATA',
      `${reason}; there is no backup of today, and it is tried again every 10 minutes`,
    );
  }
}

/** A backup that fills the disk would stop the charging that it is for. */
function checkRoom(dataDir: string): void {
  const store = join(dataDir, '.kwota', 'kwota.sqlite');
  const sizes = ['', '-wal'].map((suffix) => statSync(`${store}${suffix}`, { throwIfNoEntry: false })?.size);
  const needed = COPIES * sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) + MARGIN_BYTES;
  const { bavail, bsize } = statfsSync(dataDir);
  if (bavail * bsize >= needed) return;
  throw new Error(`the disk has ${mebibytes(bavail * bsize)} free, and it takes ${mebibytes(needed)}`);
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
