// The folder of files that chargers have uploaded: diagnostics and logs. It bounds and names them; who may upload is decided elsewhere.
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from './file-error.ts';

const MAX_UPLOAD_BYTES = 64 * 1024 * 1024;
/** With one more file the oldest goes. */
const MAX_FILES = 100;
const MAX_NAME_LENGTH = 120;
const MAX_SAME_NAMES = 100;
const UNFINISHED = '.part';
const OWNER_ONLY = { file: 0o600, folder: 0o700 };

export type StoredUpload =
  { readonly kind: 'stored'; readonly file: string } | { readonly kind: 'tooLarge' | 'brokenOff' };

export interface UploadFolder {
  /** `name` is a wish: it is made safe, and numbered where there is such a file. Rejects when the disk fails. */
  store(name: string, content: AsyncIterable<Uint8Array>): Promise<StoredUpload>;
}

export interface UploadFolderOptions {
  /** Made when the first file comes. */
  readonly folder: string;
  readonly maxBytes?: number;
  readonly maxFiles?: number;
}

export function createUploadFolder(options: UploadFolderOptions): UploadFolder {
  const { folder, maxBytes = MAX_UPLOAD_BYTES, maxFiles = MAX_FILES } = options;
  const underWay = new Set<string>();
  return {
    async store(name, content) {
      await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder });
      const { file, handle } = await openNew(folder, safeName(name));
      const unfinished = join(folder, file + UNFINISHED);
      underWay.add(file + UNFINISHED);
      try {
        const ended = await fill(handle, content, maxBytes).finally(() => handle.close());
        if (ended === 'complete') {
          await rename(unfinished, join(folder, file));
          await removeOldest(folder, maxFiles, new Set([...underWay, file]));
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

/** What the sender breaks off is no failure of ours; what cannot be written is. */
async function fill(
  handle: FileHandle,
  content: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<'complete' | 'tooLarge' | 'brokenOff'> {
  const chunks = content[Symbol.asyncIterator]();
  let bytes = 0;
  for (;;) {
    const next = await chunks.next().catch(() => null);
    if (next === null) return 'brokenOff';
    if (next.done === true) break;
    bytes += next.value.byteLength;
    if (bytes > maxBytes) {
      await chunks.return?.();
      return 'tooLarge';
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

/** Beside the one just stored, which is spared; also what uploads left that were cut short with the process. */
async function removeOldest(folder: string, maxFiles: number, spared: ReadonlySet<string>): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !spared.has(name));
  const files = await Promise.all(
    names.map(async (name) => ({ name, atMs: (await stat(join(folder, name))).mtimeMs })),
  );
  files.sort((a, b) => b.atMs - a.atMs);
  const left = files.filter(({ name }) => name.endsWith(UNFINISHED));
  const old = files.filter(({ name }) => !name.endsWith(UNFINISHED)).slice(maxFiles - 1);
  for (const { name } of [...left, ...old]) await rm(join(folder, name), { force: true });
}

/** Letters, digits, dots and dashes, no leading dot: a file name on every system, and nothing above the folder. */
function safeName(name: string): string {
  const plain = name.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '');
  return plain.slice(0, MAX_NAME_LENGTH) || 'upload';
}
