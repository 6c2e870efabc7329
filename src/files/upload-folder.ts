// The folder of files that chargers have uploaded: diagnostics and logs. It bounds and names them; who may upload is decided elsewhere.
import { mkdir, open, readdir, rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from './file-error.ts';

const MIB = 1024 * 1024;
const MAX_UPLOAD_BYTES = 64 * MIB;
/** With more of either the oldest go. */
const MAX_FILES = 100;
const MAX_TOTAL_BYTES = 1024 * MIB;
/** What an upload leaves free: the books lie on the same disk. */
const MIN_FREE_BYTES = 64 * MIB;
const LOOK_EVERY_BYTES = MIB;
const MAX_NAME_LENGTH = 120;
const MAX_SAME_NAMES = 100;
const UNFINISHED = '.part';
const OWNER_ONLY = { file: 0o600, folder: 0o700 };

export type StoredUpload =
  { readonly kind: 'stored'; readonly file: string } | { readonly kind: 'tooLarge' | 'brokenOff' | 'noRoom' };

export interface UploadFolder {
  /** `name` is a wish: it is made safe, and numbered where there is such a file. Rejects when the disk fails. */
  store(name: string, content: AsyncIterable<Uint8Array>): Promise<StoredUpload>;
}

export interface UploadFolderOptions {
  /** Made when the first file comes. */
  readonly folder: string;
  readonly maxBytes?: number;
  readonly maxFiles?: number;
  readonly maxTotalBytes?: number;
  readonly minFreeBytes?: number;
  /** How much is written between two looks at what is free. */
  readonly lookEveryBytes?: number;
  readonly freeBytes?: (folder: string) => Promise<number>;
}

type Limits = Required<Omit<UploadFolderOptions, 'folder'>>;

export function createUploadFolder(options: UploadFolderOptions): UploadFolder {
  const { folder } = options;
  const limits = limitsOf(options);
  const underWay = new Set<string>();
  return {
    async store(name, content) {
      await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder });
      const { file, handle } = await openNew(folder, safeName(name));
      const unfinished = join(folder, file + UNFINISHED);
      underWay.add(file + UNFINISHED);
      try {
        const hasRoom = async () => (await limits.freeBytes(folder)) > limits.minFreeBytes;
        const ended = await fill(handle, content, limits, hasRoom).finally(() => handle.close());
        if (ended === 'complete') {
          await rename(unfinished, join(folder, file));
          await removeOldest(folder, file, limits, underWay);
          return { kind: 'stored', file };
        }
        return { kind: ended };
      } finally {
        await rm(unfinished, { force: true });
        underWay.delete(file + UNFINISHED);
      }
    },
  };
}

function limitsOf(options: UploadFolderOptions): Limits {
  return {
    maxBytes: MAX_UPLOAD_BYTES,
    maxFiles: MAX_FILES,
    maxTotalBytes: MAX_TOTAL_BYTES,
    minFreeBytes: MIN_FREE_BYTES,
    lookEveryBytes: LOOK_EVERY_BYTES,
    async freeBytes(folder) {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    ...options,
  };
}

/** What the sender breaks off is no failure of ours; what cannot be written is. */
async function fill(
  handle: FileHandle,
  content: AsyncIterable<Uint8Array>,
  { maxBytes, lookEveryBytes }: Limits,
  hasRoom: () => Promise<boolean>,
): Promise<'complete' | 'tooLarge' | 'brokenOff' | 'noRoom'> {
  const chunks = content[Symbol.asyncIterator]();
  let bytes = 0;
  let lookAtBytes = 0;
  for (;;) {
    const next = await chunks.next().catch(() => null);
    if (next === null) return 'brokenOff';
    if (next.done === true) break;
    bytes += next.value.byteLength;
    if (bytes > maxBytes) {
      await chunks.return?.();
      return 'tooLarge';
    }
    if (bytes > lookAtBytes) {
      lookAtBytes = bytes + lookEveryBytes;
      if (!(await hasRoom())) {
        await chunks.return?.();
        return 'noRoom';
      }
    }
    await handle.writeFile(next.value);
  }
  await handle.sync();
  return 'complete';
}

async function openNew(folder: string, name: string): Promise<{ file: string; handle: FileHandle }> {
  for (let count = 1; count <= MAX_SAME_NAMES; count += 1) {
    const file = count === 1 ? name : `${count}-${name}`;
    const isTaken = await stat(join(folder, file)).then(
      () => true,
      () => false,
    );
    if (isTaken) continue;
    try {
      return { file, handle: await open(join(folder, file + UNFINISHED), 'wx', OWNER_ONLY.file) };
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
  throw new Error(`${folder} has ${MAX_SAME_NAMES} files of the name ${name} already`);
}

/** The one just stored is spared; what uploads left that were cut short with the process goes as well. */
async function removeOldest(
  folder: string,
  newest: string,
  { maxFiles, maxTotalBytes }: Limits,
  underWay: ReadonlySet<string>,
): Promise<void> {
  const files = await filesIn(folder);
  const left = files.filter(({ name }) => name.endsWith(UNFINISHED) && !underWay.has(name));
  const whole = files.filter(({ name }) => !name.endsWith(UNFINISHED) && name !== newest);
  let keptFiles = 1;
  let keptBytes = files.find(({ name }) => name === newest)?.bytes ?? 0;
  const old = whole.filter(({ bytes }) => {
    keptFiles += 1;
    keptBytes += bytes;
    return keptFiles > maxFiles || keptBytes > maxTotalBytes;
  });
  for (const { name } of [...left, ...old]) await rm(join(folder, name), { force: true });
}

/** The newest first. */
async function filesIn(folder: string): Promise<{ name: string; bytes: number; atMs: number }[]> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      try {
        const { size, mtimeMs } = await stat(join(folder, name));
        return { name, bytes: size, atMs: mtimeMs };
      } catch (error) {
        // Another upload has just removed it.
        if (errnoOf(error) === 'ENOENT') return null;
        throw error;
      }
    }),
  );
  return files.filter((one) => one !== null).sort((a, b) => b.atMs - a.atMs);
}

/** Letters, digits, dots and dashes, no leading dot: a file name on every system, and nothing above the folder. */
function safeName(name: string): string {
  const plain = name.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '');
  return plain.slice(0, MAX_NAME_LENGTH) || 'upload';
}
