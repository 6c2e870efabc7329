// A backup of a data folder while a server runs on it or none: files, configuration and store of one moment, in one file.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { errnoOf } from '../files/file-error.ts';
import { writeTar, type TarFile } from '../files/tar.ts';
import type { Clock } from '../runtime/clock.ts';
import { hasStore } from '../store/sqlite/lost-store.ts';
import { inspectStore, snapshotStore, type StoreContent } from '../store/sqlite/snapshot.ts';
import { StoreError } from '../store/store.ts';
import {
  BackupError,
  CONFIG_FILE,
  LAST_GOOD_USERS,
  MANIFEST_FILE,
  manifestOf,
  OLD_COPIES,
  SHARED_FILES,
  STORE_FILE,
  type ManifestFile,
} from './archive.ts';
import { wayBack } from './kept-backups.ts';
import { unpackBackup } from './unpack.ts';

const OWNER_ONLY = 0o600;

export interface BackupParts {
  readonly dataDir: string;
  /** Of the configuration in force; null when there is none. */
  readonly configPath: string | null;
  /** Where the backup goes; it must not exist unless `isReplacing`. */
  readonly file: string;
  readonly isReplacing: boolean;
  /** Version of this program. */
  readonly version: string;
  readonly clock: Clock;
}

export interface BackupMade extends StoreContent {
  readonly bytes: number;
  readonly files: readonly string[];
}

/**
 * Makes the backup, reads it back to see that it is whole, and only then gives it its name. It takes no lock: a server may
 * run, and one that was killed while its backup was made starts again at once. Throws a BackupError or StoreError.
 */
export async function makeBackup(parts: BackupParts): Promise<BackupMade> {
  const { dataDir, file, isReplacing } = parts;
  if (!hasStore(join(dataDir, STORE_FILE))) {
    const hint = 'name the folder with --data; a folder that kwota has never run on can simply be copied';
    throw new BackupError('nothing', `${dataDir} has no store of kwota`, hint);
  }
  if (existsSync(file) && !isReplacing)
    throw new BackupError('exists', `${file} exists already`, 'name another file, or add --force');
  const scratch = makeScratch(file);
  try {
    const archive = join(scratch, 'backup');
    const made = await collect(parts, scratch, archive);
    await unpackBackup(archive, null);
    await rename(archive, file);
    return { ...made, bytes: statSync(file).size };
  } catch (error) {
    throw withWayBack(asBackupError(error, file), dataDir);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Beside the backup, where there is room for it. */
function makeScratch(file: string): string {
  try {
    return mkdtempSync(join(dirname(file), '.kwota-backup-'));
  } catch (error) {
    throw asBackupError(error, file);
  }
}

async function collect(
  { dataDir, configPath, version, clock }: BackupParts,
  scratch: string,
  archive: string,
): Promise<Omit<BackupMade, 'bytes'>> {
  // In this order: what energy_usage.json says was on record before it was written. So the store, copied afterwards, knows
  // it for its own, and a restored folder takes no energy from it twice.
  const small = [...SHARED_FILES, ...OLD_COPIES, LAST_GOOD_USERS].map((name) =>
    contentOf(name, join(dataDir, name)),
  );
  if (configPath !== null) small.push(contentOf(CONFIG_FILE, configPath));
  const store = join(scratch, 'store');
  const original = join(dataDir, STORE_FILE);
  snapshotStore(original, store);
  const content = inspectStore(store, original);
  const files = [...small.filter((one) => one !== null), await storeContent(store)];
  const nowMs = clock.now();
  const manifest = manifestOf(
    version,
    new Date(nowMs).toISOString(),
    files.map(({ told }) => told),
  );
  const first = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const tarFiles: TarFile[] = [
    { name: MANIFEST_FILE, size: first.length, content: [first] },
    ...files.map(({ told, open: content }) => ({ name: told.name, size: told.bytes, content: content() })),
  ];
  await pipeline(writeTar(tarFiles, nowMs), createGzip(), (chunks: AsyncIterable<Buffer>) =>
    writeDurably(archive, chunks),
  );
  return { ...content, files: files.map(({ told }) => told.name) };
}

interface Content {
  readonly told: ManifestFile;
  readonly open: () => TarFile['content'];
}

/** Null where there is no such file. Each is read at once: it is replaced as a whole, and so read as a whole. */
function contentOf(name: string, path: string): Content | null {
  try {
    const content = readFileSync(path);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { told: { name, bytes: content.length, sha256 }, open: () => [content] };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    const hint = 'be the user who runs kwota, or one who may read all of the data folder';
    throw new BackupError('unreadable', `${path} cannot be read (${errnoOf(error)})`, hint, { cause: error });
  }
}

async function storeContent(path: string): Promise<Content> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const told = { name: STORE_FILE, bytes: statSync(path).size, sha256: hash.digest('hex') };
  return { told, open: () => createReadStream(path) };
}

/** Energy, names and, in the configuration, perhaps passwords: for the owner alone. */
async function writeDurably(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(path, 'wx', OWNER_ONLY);
  try {
    for await (const chunk of chunks) await handle.writeFile(chunk);
    await handle.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** A damaged or lost store is told as at the start of a server, but one may run. */
function withWayBack(error: unknown, dataDir: string): unknown {
  if (!(error instanceof StoreError) || !error.isBeyondRepair) return error;
  const hint = `stop kwota if it runs; ${wayBack(error, dataDir)}`;
  return new StoreError(error.code, error.message, hint, { cause: error });
}

/** What the file system says about the place of the backup; an error of ours stays one. */
function asBackupError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const hint = `check that ${dirname(file)} exists, that you may write there, and that the disk has room`;
  const message = `${basename(file)} cannot be written: ${error.message}`;
  return new BackupError('unwritable', message, hint, { cause: error });
}
