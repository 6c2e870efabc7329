// Replaces a file as a whole: whoever reads it sees the old content or the new one, never a part. Not for appending.
import { open, readdir, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { systemClock, type Clock } from '../runtime/clock.ts';
import { errnoOf, FileError } from './file-error.ts';
import { identify, identityOf, sameContent, sameFile, type FileIdentity } from './file-identity.ts';

const TEMPORARY_SUFFIX = '.kwota-tmp';
const MAX_NAME_ATTEMPTS = 1000;
/** Windows refuses to rename over a file that somebody reads at this moment: how long to try again. */
const RENAME_RETRY_MS = 2000;
const RENAME_PAUSE_MS = 20;
const PERMISSION_BITS = 0o777;

export interface ReplaceOptions {
  /** Permission bits; default: those of the file that is replaced, else what the umask leaves. */
  readonly mode?: number;
  /** Replace only if this is (still) what lies at the path (null: nothing); else FileError 'changed'. Looked at last. */
  readonly expected?: FileIdentity | null;
  /** Times the retries of a rename. */
  readonly clock?: Clock;
}

let lastTemporary = 0;

/**
 * Writes a temporary file beside `path`, flushes it and renames it over `path`; a symbolic link is followed. Returns
 * the identity of what was written, so that the caller can ask later whether it is still there. Throws a FileError.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  options: ReplaceOptions = {},
): Promise<FileIdentity> {
  let temporary: string | null = null;
  try {
    const target = await resolveLink(path);
    const opened = await openTemporary(target);
    temporary = opened.path;
    const written = await fill(opened.handle, content, target, options.mode);
    await assertExpected(target, options.expected);
    const clock = options.clock ?? systemClock;
    const temporaryPath = temporary;
    await (platform() === 'win32'
      ? whileBusy(() => rename(temporaryPath, target), clock)
      : rename(temporaryPath, target));
    temporary = null;
    await syncFolder(dirname(target));
    const found = await identify(target);
    // Somebody may have been there since the rename: then what was written is remembered, and differs from what is there.
    return found !== null && sameContent(found, written) ? found : written;
  } catch (error) {
    // Whether or not the left-over goes away, the failure itself is what the caller has to hear of.
    if (temporary !== null) await rm(temporary, { force: true }).catch(() => undefined);
    throw FileError.from(error, path, `write ${path}`);
  }
}

/** Repeats what fails because somebody has the file open, for at most 2 s; other errors are thrown at once. */
export async function whileBusy(attempt: () => Promise<void>, clock: Clock): Promise<void> {
  const startedMs = clock.monotonicMs();
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      const isBusy = ['EPERM', 'EACCES', 'EBUSY'].includes(errnoOf(error));
      if (!isBusy || clock.monotonicMs() - startedMs >= RENAME_RETRY_MS) throw error;
    }
    await new Promise<void>((resolve) => {
      clock.after(RENAME_PAUSE_MS, resolve);
    });
  }
}

/**
 * Deletes what a killed run left behind in the folder and returns the names. Only for the owner of the folder lock,
 * before it writes anything: a temporary file in use would go as well.
 */
export async function removeStaleTemporaries(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    const stale = names.filter((name) => name.startsWith('.') && name.endsWith(TEMPORARY_SUFFIX));
    for (const name of stale) await rm(join(folder, name), { force: true });
    return stale;
  } catch (error) {
    throw FileError.from(error, folder, `tidy up ${folder}`);
  }
}

async function resolveLink(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return path;
    throw error;
  }
}

async function openTemporary(target: string): Promise<{ path: string; handle: FileHandle }> {
  for (let attempt = 1; ; attempt += 1) {
    lastTemporary += 1;
    const path = join(dirname(target), `.${basename(target)}.${lastTemporary}${TEMPORARY_SUFFIX}`);
    try {
      return { path, handle: await open(path, 'wx') };
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST' || attempt >= MAX_NAME_ATTEMPTS) throw error;
    }
  }
}

async function fill(
  handle: FileHandle,
  content: string | Uint8Array,
  target: string,
  mode: number | undefined,
): Promise<FileIdentity> {
  try {
    await keepOwnerAndMode(handle, target, mode);
    await handle.writeFile(content);
    await handle.sync();
    return identityOf(await handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}

async function keepOwnerAndMode(handle: FileHandle, target: string, mode: number | undefined): Promise<void> {
  const existing = await stat(target).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
  const own = await handle.stat();
  if (existing && (own.uid !== existing.uid || own.gid !== existing.gid)) {
    // The other dashboard must be able to go on writing its file; only root may give files away, others keep theirs.
    await handle.chown(existing.uid, existing.gid).catch((error: unknown) => {
      if (errnoOf(error) !== 'EPERM') throw error;
    });
  }
  const wanted = (mode ?? existing?.mode ?? own.mode) & PERMISSION_BITS;
  if (wanted !== (own.mode & PERMISSION_BITS)) await handle.chmod(wanted);
}

async function assertExpected(target: string, expected: FileIdentity | null | undefined): Promise<void> {
  if (expected === undefined) return;
  if (!sameFile(await identify(target), expected)) {
    throw new FileError('changed', target, `cannot write ${target}: somebody else changed it meanwhile`);
  }
}

/** Makes the rename itself durable. Windows has no such call, some network file systems refuse it, and a folder may be writable but not readable. */
async function syncFolder(folder: string): Promise<void> {
  if (platform() === 'win32') return;
  let handle: FileHandle | null = null;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EACCES'].includes(errnoOf(error))) throw error;
  } finally {
    await handle?.close();
  }
}
