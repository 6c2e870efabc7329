// Puts a backup back: everything is checked before anything is replaced, and what was there is kept aside.
import {
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { isTransactionIdLease, leaseAfterRestore } from '../csms/transaction-ids.ts';
import { replaceFile, whileBusy } from '../files/atomic-write.ts';
import { lockFolder, makeDataFolder } from '../files/folder-lock.ts';
import type { Clock } from '../runtime/clock.ts';
import { silentLog } from '../runtime/log.ts';
import { syncFolder } from '../runtime/sync-folder.ts';
import { inspectStore, settleStore, type StoreContent } from '../store/sqlite/snapshot.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { StoreError, type Store } from '../store/store.ts';
import {
  BackupError,
  CONFIG_FILE,
  damaged,
  LAST_GOOD_USERS,
  OLD_COPIES,
  SHARED_FILES,
  STORE_FILE,
  USAGE_FILE,
  type Manifest,
} from './archive.ts';
import { unpackBackup } from './unpack.ts';

const OWN_FOLDER = '.kwota';
/** Where a backup is unpacked; what a killed restore left there goes with the next. */
const STAGING = join(OWN_FOLDER, 'restoring');
const OWNER_ONLY = 0o600;
const STORE_CLOSE_MS = 10_000;
/** A tag that is not in it is no edit. */
const NO_USAGE = '{}\n';

export interface RestoreParts {
  readonly file: string;
  readonly dataDir: string;
  /** Where the configuration belongs; one that is there already stays. */
  readonly configPath: string;
  /** Whether a folder that has a store or users is replaced. */
  readonly isReplacing: boolean;
  readonly clock: Clock;
}

export interface Restored extends StoreContent {
  readonly manifest: Manifest;
  /** The folder with what was there before; null when nothing was. */
  readonly aside: string | null;
  /** Where the configuration of the backup is now; null when it has none, or the same was there. */
  readonly configPath: string | null;
}

/**
 * Throws a BackupError, StoreError or FolderLockError; then the folder is as it was, also where there was none, unless the
 * disk failed midway.
 */
export async function restoreBackup(parts: RestoreParts): Promise<Restored> {
  const { file, dataDir, isReplacing, clock } = parts;
  if (!existsSync(file)) throw new BackupError('unreadable', `there is no file ${file}`, 'check its name');
  let uppermostMade = makeDataFolder(dataDir);
  const lock = lockFolder(dataDir);
  const staging = join(dataDir, STAGING);
  try {
    const occupied = [STORE_FILE, ...SHARED_FILES].filter((name) => existsSync(join(dataDir, name)));
    if (occupied.length > 0 && !isReplacing) {
      const hint = 'name an empty folder with --data, or add --force: what is there is then kept aside';
      throw new BackupError('exists', `${dataDir} has ${occupied[0] ?? ''} already`, hint);
    }
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { mode: 0o700 });
    const manifest = await unpackBackup(file, staging);
    const content = await prepareStore(staging, file, manifest, clock);
    uppermostMade = null;
    const aside = await putInPlace(parts, staging, manifest);
    const configPath = await putConfiguration(parts, staging);
    return { ...content, manifest, aside, configPath };
  } finally {
    rmSync(staging, { recursive: true, force: true });
    lock.release();
    if (uppermostMade !== null) removeMade(dataDir, uppermostMade);
  }
}

/** The data folder, and what leads to it from the uppermost folder that was made on; but none that somebody else uses by now. */
function removeMade(dataDir: string, uppermost: string): void {
  rmSync(join(dataDir, OWN_FOLDER), { recursive: true, force: true });
  for (let folder = dataDir; isEmpty(folder); folder = dirname(folder)) {
    rmdirSync(folder);
    if (folder === uppermost) return;
  }
}

function isEmpty(folder: string): boolean {
  return readdirSync(folder).length === 0;
}

/** Sees that this program can run on the store, and has it give out no transaction id for a second time. */
async function prepareStore(
  staging: string,
  file: string,
  { createdAt }: Manifest,
  clock: Clock,
): Promise<StoreContent> {
  const path = join(staging, STORE_FILE);
  if (!existsSync(path)) throw damaged(file, 'there is no store in it');
  let store: Store | null = null;
  try {
    const content = inspectStore(path);
    store = openSqliteStore({ dataDir: staging, clock, log: silentLog });
    const lease = store.load(0).records.find(isTransactionIdLease);
    if (lease !== undefined) {
      const value = leaseAfterRestore(lease.value, Date.parse(createdAt), clock.now());
      await store.commit({ records: [{ ...lease, rev: lease.rev + 1, value }], readings: [] });
    }
    await store.close(STORE_CLOSE_MS);
    if (!settleStore(path)) throw damaged(file, 'its store cannot be settled');
    return content;
  } catch (error) {
    await store?.close(STORE_CLOSE_MS);
    const isBad = error instanceof StoreError && error.isBeyondRepair;
    throw isBad ? damaged(file, 'its store is damaged or is not one of kwota', { cause: error }) : error;
  }
}

/**
 * The order matters should the power fail midway. The usage file says nothing while the store changes: with another store
 * than its own it would be taken for an edit of somebody, and energy be booked that was never used.
 */
async function putInPlace(
  { dataDir, clock }: RestoreParts,
  staging: string,
  { files }: Manifest,
): Promise<string | null> {
  const aside = new Aside(dataDir, clock.now());
  const replaced = [...SHARED_FILES, ...OLD_COPIES, LAST_GOOD_USERS];
  for (const name of replaced) aside.keep(name);
  if (existsSync(join(dataDir, USAGE_FILE)))
    await replaceFile(join(dataDir, USAGE_FILE), NO_USAGE, { clock });
  const store = join(dataDir, STORE_FILE);
  settleStore(store);
  for (const part of ['', '-wal', '-shm']) aside.keep(`${STORE_FILE}${part}`);
  for (const part of ['-wal', '-shm']) rmSync(`${store}${part}`, { force: true });
  await whileBusy(() => rename(join(staging, STORE_FILE), store), clock);
  syncFolder(dirname(store));
  const given = new Set(files.map(({ name }) => name));
  for (const name of replaced.filter((one) => one !== USAGE_FILE).concat(USAGE_FILE)) {
    const mode = name === LAST_GOOD_USERS ? { mode: OWNER_ONLY } : {};
    if (!given.has(name)) rmSync(join(dataDir, name), { force: true });
    else await replaceFile(join(dataDir, name), readFileSync(join(staging, name)), { ...mode, clock });
  }
  giveToOwner(dataDir, [...given]);
  return aside.folder;
}

/** `before-restore-2026-11-30T10-15-00Z` in the data folder, made when there is something to keep. */
class Aside {
  readonly #dataDir: string;
  readonly #path: string;
  #isMade = false;

  constructor(dataDir: string, nowMs: number) {
    this.#dataDir = dataDir;
    const stamp = new Date(nowMs).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
    this.#path = join(dataDir, `before-restore-${stamp}`);
  }

  get folder(): string | null {
    return this.#isMade ? this.#path : null;
  }

  /** The file stays where it is as well, until it is replaced in one step: so whose it is, is not forgotten. */
  keep(name: string): void {
    const from = join(this.#dataDir, name);
    if (!existsSync(from)) return;
    const to = join(this.#path, name);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    this.#isMade = true;
    try {
      linkSync(from, to);
    } catch {
      // A file system without links (a memory stick).
      copyFileSync(from, to);
    }
  }
}

/** Put back by root, the files are for whose folder it is: the service that runs there. */
function giveToOwner(dataDir: string, names: readonly string[]): void {
  const { uid, gid } = statSync(dataDir);
  if (userInfo().uid !== 0 || uid === 0) return;
  const made = names.filter((name) => name !== CONFIG_FILE);
  for (const name of [OWN_FOLDER, join(OWN_FOLDER, 'lock'), ...made]) {
    const path = join(dataDir, name);
    if (statSync(path).uid === 0) chownSync(path, uid, gid);
  }
}

/** One that is there stays; that of the backup then lies beside it. */
async function putConfiguration(
  { configPath, clock }: RestoreParts,
  staging: string,
): Promise<string | null> {
  const staged = join(staging, CONFIG_FILE);
  if (!existsSync(staged)) return null;
  const content = readFileSync(staged);
  if (existsSync(configPath) && readFileSync(configPath).equals(content)) return null;
  const path = existsSync(configPath) ? `${configPath}.from-backup` : configPath;
  await replaceFile(path, content, { mode: OWNER_ONLY, clock });
  return path;
}
