// The backups that kwota makes by itself: where they lie, which is the newest and how it is put back, and which are too many. It makes none.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreError } from '../store/store.ts';

const NAME = /^kwota-\d{4}-\d{2}-\d{2}\.tar\.gz$/;
const UNFINISHED = '.kwota-backup-';

/** Backups in here are one a day; others that somebody puts beside them are left alone. */
export function backupFolder(dataDir: string): string {
  return join(dataDir, '.kwota', 'backup');
}

/** `kwota-2026-11-30.tar.gz`. */
export function backupOfDay(dataDir: string, day: string): string {
  return join(backupFolder(dataDir), `kwota-${day}.tar.gz`);
}

/** The path of the newest; null when there is none. */
export function newestBackup(dataDir: string): string | null {
  const name = namesIn(dataDir).at(-1);
  return name === undefined ? null : join(backupFolder(dataDir), name);
}

/** What to do about a store that is damaged or lost: with the newest backup, where there is one. */
export function wayBack({ hint }: StoreError, dataDir: string): string {
  const backup = newestBackup(dataDir);
  if (backup === null) return hint;
  return `the newest backup is ${backup}: kwota restore "${backup}" --force --data "${dataDir}" puts it back, and keeps what is there aside`;
}

/** Removes all but the newest `keep`. */
export function removeOldBackups(dataDir: string, keep: number): void {
  const names = namesIn(dataDir);
  for (const name of names.slice(0, Math.max(0, names.length - keep))) {
    rmSync(join(backupFolder(dataDir), name), { force: true });
  }
}

/** Removes what a backup that was killed has left. */
export function removeUnfinishedBackups(dataDir: string): void {
  for (const name of listed(dataDir).filter((one) => one.startsWith(UNFINISHED))) {
    rmSync(join(backupFolder(dataDir), name), { recursive: true, force: true });
  }
}

/** Oldest first: by their names, for file times are lost when a folder is copied. */
function namesIn(dataDir: string): string[] {
  return listed(dataDir)
    .filter((name) => NAME.test(name))
    .sort();
}

function listed(dataDir: string): string[] {
  const folder = backupFolder(dataDir);
  return existsSync(folder) ? readdirSync(folder) : [];
}
