// A store as a file to carry away or to put in place: a copy made while a server writes, and whether a copy is sound.
import { pathToFileURL } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { BUSY_TIMEOUT_MS, corruptError, openConnection, storeErrorOf } from './connection.ts';
import { newerError, readVersion } from './database.ts';
import { hasLog, refuseIfLost } from './lost-store.ts';
import { MIGRATIONS } from './schema.ts';

/**
 * Copies the store at `path` as it is at one moment to `target`, which must not exist. A server that runs goes on
 * meanwhile. Throws StoreError.
 */
export function snapshotStore(path: string, target: string): void {
  withStore(path, path, (db) => db.prepare('VACUUM INTO ?').run(target));
}

/**
 * Looks no further than where it begins: throws StoreError when that is damaged, no store of kwota, or of a newer program.
 * Makes no file: without a log nobody writes the store, and SQLite need not be ready for writers.
 */
export function readBeginning(path: string): void {
  withStore(path, path, () => undefined, !hasLog(path));
}

/** How much is in a store, for people. */
export interface StoreContent {
  readonly sessions: number;
  readonly chargers: number;
}

/**
 * Reads all of it: throws StoreError when it is damaged, cut short, no store of kwota, or of a newer program. The error names
 * `original`, when the store at `path` is only a copy of that one.
 */
export function inspectStore(path: string, original = path): StoreContent {
  return withStore(path, original, (db) => {
    const [first] = db.prepare('PRAGMA integrity_check(1)').all();
    const said = String(first?.['integrity_check']);
    if (said !== 'ok') throw corruptError(original, oneLine(said));
    const rows = db.prepare('SELECT kind, count(*) AS count FROM record GROUP BY kind').all();
    const countOf = (kind: string) => Number(rows.find((row) => row['kind'] === kind)?.['count'] ?? 0);
    return { sessions: countOf('session'), chargers: countOf('charger') };
  });
}

/** SQLite begins with a line that names the database, which has one name here. */
function oneLine(said: string): string {
  return said.replace(/^\*\*\* in database \w+ \*\*\*\n/, '').replaceAll('\n', '; ');
}

/**
 * Brings everything into the one file, so that it can be moved without its log. Only while no server runs. Returns
 * whether that was possible: a store that is damaged or cut short stays as it is, with its log.
 */
export function settleStore(path: string): boolean {
  try {
    refuseIfLost(path);
    const db = openConnection(path);
    try {
      const mode = db.prepare('PRAGMA journal_mode = DELETE').get()?.['journal_mode'];
      return mode === 'delete';
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
}

function withStore<T>(path: string, told: string, use: (db: DatabaseSync) => T, isImmutable = false): T {
  let db: DatabaseSync | null = null;
  try {
    refuseIfLost(path, told);
    const url = pathToFileURL(path);
    if (isImmutable) url.searchParams.set('immutable', '1');
    // It may not write, so that no file is changed whatever is wrong: one that may moves the log into the file at its end.
    db = new DatabaseSync(url, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    const version = readVersion(db, told);
    if (version > MIGRATIONS.length) throw newerError(db, told, version);
    return use(db);
  } catch (error) {
    throw storeErrorOf(error, told);
  } finally {
    db?.close();
  }
}
