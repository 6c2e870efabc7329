// Makes, checks and migrates the store's file, on the main thread, before anything else uses it.
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { buildInfo } from '../../runtime/build-info.ts';
import { syncFolder } from '../../runtime/sync-folder.ts';
import { StoreError } from '../store.ts';
import {
  corruptError,
  holdLog,
  isDamage,
  openConnection,
  storeErrorOf,
  unusableError,
} from './connection.ts';
import { APPLICATION_ID, MIGRATIONS, type Migration, SELECT_LAST_LSEQ } from './schema.ts';

const FOLDER = '.kwota';
const FILE = 'kwota.sqlite';
const BACKUP_FOLDER = 'backup';
/** Copies of before a migration: the last one is kept. */
const BEFORE_MIGRATION = /\.v(\d+)-before-v\d+$/;

export interface OpenOptions {
  readonly dataDir: string;
  /** The formats of the store up to now; those of this program unless a test says otherwise. */
  readonly migrations?: readonly Migration[];
}

interface OpenedDatabase {
  readonly db: DatabaseSync;
  readonly path: string;
  /** The highest local commit order number, 0 in a new store. */
  readonly lastLseq: number;
}

/** Opens the store of a data folder in the newest format, making it where there is none. Throws StoreError. */
export function openDatabase(options: OpenOptions): OpenedDatabase {
  const path = join(options.dataDir, FOLDER, FILE);
  let db: DatabaseSync | null = null;
  try {
    makeFile(options.dataDir, path);
    db = openConnection(path);
    const version = readVersion(db, path);
    const migrations = options.migrations ?? MIGRATIONS;
    if (version > migrations.length) throw newerError(db, path, version);
    useWal(db, path);
    if (version < migrations.length) migrate(db, path, version, migrations);
    // SQLite opens a write-protected file for reading without a word; this fails then, before any charger relies on it
    db.exec('BEGIN IMMEDIATE; ROLLBACK;');
    return { db, path, lastLseq: integer(db, SELECT_LAST_LSEQ) };
  } catch (error) {
    const release = holdLog(path);
    db?.close();
    release();
    throw storeErrorOf(error, path);
  }
}

function makeFile(dataDir: string, path: string): void {
  const folder = dirname(path);
  if (mkdirSync(dataDir, { recursive: true }) !== undefined) syncFolder(dirname(dataDir));
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  if (made !== undefined) {
    syncFolder(folder);
    syncFolder(dataDir);
  }
}

function integer(db: DatabaseSync, sql: string): number {
  const value = Object.values(db.prepare(sql).get() ?? {})[0];
  if (typeof value !== 'number') throw new TypeError(`no number from ${sql}`);
  return value;
}

/** 0: nothing is in it yet. Throws StoreError for a database of another program. */
export function readVersion(db: DatabaseSync, path: string): number {
  const version = integer(db, 'PRAGMA user_version');
  if (version === 0 && integer(db, 'SELECT count(*) FROM sqlite_schema') === 0) return 0;
  if (version > 0 && integer(db, 'PRAGMA application_id') === APPLICATION_ID) return version;
  throw corruptError(path, 'it was made by another program');
}

export function newerError(db: DatabaseSync, path: string, version: number): StoreError {
  const row = db.prepare('SELECT program FROM format ORDER BY version DESC LIMIT 1').get();
  const program = typeof row?.['program'] === 'string' ? row['program'] : 'the version that ran here last';
  return new StoreError(
    'newer',
    `${path} has format ${version}, made by kwota ${program}; this program is older`,
    `use kwota ${program} or newer with this data folder`,
  );
}

function useWal(db: DatabaseSync, path: string): void {
  const mode = db.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
  if (mode === 'wal') return;
  throw new StoreError(
    'unwritable',
    `${path} lies on a file system that SQLite cannot use a write-ahead log on`,
    'put the data folder on a local disk',
  );
}

function migrate(db: DatabaseSync, path: string, from: number, migrations: readonly Migration[]): void {
  if (from > 0) copyBefore(db, path, from, migrations.length);
  for (const [index, migration] of migrations.entries()) {
    if (index < from) continue;
    const version = index + 1;
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(migration.sql);
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version};`);
      db.prepare('INSERT OR REPLACE INTO format (version, program) VALUES (?, ?)').run(
        version,
        buildInfo().version,
      );
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      // A statement that fails here may be the migration's fault: no reason to put a backup back.
      throw error instanceof Error && !isDamage(error) ? unusableError(error, path) : error;
    }
  }
}

/** Copies the whole store to `backup/kwota.sqlite.v1-before-v2`; a copy left by a migration that failed is replaced. */
function copyBefore(db: DatabaseSync, path: string, from: number, to: number): void {
  const folder = join(dirname(path), BACKUP_FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, `${basename(path)}.v${from}-before-v${to}`);
  const unfinished = `${copy}.tmp`;
  rmSync(unfinished, { force: true });
  db.prepare('VACUUM INTO ?').run(unfinished);
  chmodSync(unfinished, statSync(path).mode & 0o777);
  const fd = openSync(unfinished, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(unfinished, copy);
  syncFolder(folder);
  const older = readdirSync(folder).filter((name) => Number(BEFORE_MIGRATION.exec(name)?.[1]) < from);
  for (const name of older) rmSync(join(folder, name), { force: true });
}
