// Reads a backup, into a folder or only to see that it is whole: what is in it is what its manifest says.
import { createHash, type Hash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { readTar, TarError, type TarReceiver } from '../files/tar.ts';
import { BackupError, damaged, MANIFEST_FILE, parseManifest, type Manifest } from './archive.ts';

const OWNER_ONLY = 0o600;
const MAX_MANIFEST_BYTES = 64 * 1024;

/** Reads the backup at `path`; with a folder, its files are in there afterwards, on disk. Throws a BackupError. */
export async function unpackBackup(path: string, folder: string | null): Promise<Manifest> {
  const receiver = new Unpacking(path, folder);
  try {
    await pipeline(createReadStream(path), createGunzip(), (source: AsyncIterable<Buffer>) =>
      readTar(source, receiver),
    );
    return receiver.finish();
  } catch (error) {
    throw unpackError(error, path);
  } finally {
    receiver.abandon();
  }
}

/** Takes the manifest first, and checks each file against it. */
class Unpacking implements TarReceiver {
  readonly #path: string;
  readonly #folder: string | null;
  readonly #seen = new Set<string>();
  #manifest: Manifest | null = null;
  #manifestChunks: Buffer[] | null = null;
  #current: { readonly name: string; readonly hash: Hash; readonly fd: number | null } | null = null;

  constructor(path: string, folder: string | null) {
    this.#path = path;
    this.#folder = folder;
  }

  open(name: string, size: number): void {
    if (this.#manifest === null) {
      if (name !== MANIFEST_FILE || size > MAX_MANIFEST_BYTES)
        throw damaged(this.#path, `it begins with ${JSON.stringify(name)} and no manifest`);
      this.#manifestChunks = [];
      return;
    }
    const told = this.#manifest.files.find((file) => file.name === name);
    // Only names of ours: nothing is ever written outside of the folder.
    if (told?.bytes !== size || this.#seen.has(name))
      throw damaged(this.#path, `${JSON.stringify(name)} is not as its manifest says`);
    this.#seen.add(name);
    this.#current = { name, hash: createHash('sha256'), fd: this.#create(name) };
  }

  write(chunk: Uint8Array): void {
    this.#manifestChunks?.push(Buffer.from(chunk));
    this.#current?.hash.update(chunk);
    const fd = this.#current?.fd ?? null;
    if (fd === null) return;
    for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at);
  }

  close(): void {
    if (this.#manifestChunks !== null) {
      this.#manifest = parseManifest(Buffer.concat(this.#manifestChunks).toString('utf8'), this.#path);
      this.#manifestChunks = null;
      return;
    }
    const current = this.#current;
    if (current === null) return;
    const told = this.#manifest?.files.find((file) => file.name === current.name);
    if (current.hash.digest('hex') !== told?.sha256) throw damaged(this.#path, `${current.name} was changed`);
    if (current.fd !== null) fsyncSync(current.fd);
    this.abandon();
  }

  finish(): Manifest {
    if (this.#manifest === null) throw damaged(this.#path, 'nothing is in it');
    const missing = this.#manifest.files.find(({ name }) => !this.#seen.has(name));
    if (missing !== undefined) throw damaged(this.#path, `${missing.name} is missing`);
    return this.#manifest;
  }

  /** Closes what is open, also in the middle. */
  abandon(): void {
    const fd = this.#current?.fd ?? null;
    this.#current = null;
    if (fd !== null) closeSync(fd);
  }

  #create(name: string): number | null {
    if (this.#folder === null) return null;
    const file = join(this.#folder, name);
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'wx', OWNER_ONLY);
  }
}

function unpackError(error: unknown, path: string): Error {
  if (error instanceof BackupError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof TarError) return damaged(path, reason, { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return damaged(path, reason, { cause: error });
  const hint = 'check the name of the file, that you may read it, and that the disk has room';
  return new BackupError('unreadable', `${path} cannot be read: ${reason}`, hint, { cause: error });
}
