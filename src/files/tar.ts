// Plain tar archives (POSIX ustar), written and read as streams: files only, with short names. What is in them is the caller's.
import { TextDecoder } from 'node:util';

const BLOCK = 512;
const NAME_BYTES = 100;
/** Eleven octal digits. */
const MAX_SIZE = 8 ** 11 - 1;
const REGULAR_FILE = '0';
const OWNER_ONLY = '0000600';
/** Where the numbers of a header stand: from, length. */
const SIZE = [124, 12] as const;
const CHECKSUM = [148, 8] as const;
const TYPE_AT = 156;
const MAGIC_AT = 257;
const MAGIC = 'ustar';

/** What is no tar archive, or not one that could have been written here. */
export class TarError extends Error {
  readonly code = 'badArchive';

  constructor(message: string) {
    super(message);
    this.name = 'TarError';
  }
}

export interface TarFile {
  /** At most 100 bytes, `/` between folders. */
  readonly name: string;
  /** Bytes; `content` must give exactly as many. */
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** The archive, piece by piece. `modifiedMs` is the time that each file in it gets. */
export async function* writeTar(
  files: Iterable<TarFile>,
  modifiedMs: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const { name, size, content } of files) {
    yield header(name, size, modifiedMs);
    let given = 0;
    for await (const chunk of content) {
      given += chunk.length;
      yield chunk;
    }
    if (given !== size) throw new TarError(`${name} has ${given} bytes, and not ${size}`);
    yield new Uint8Array(paddingOf(size));
  }
  yield new Uint8Array(2 * BLOCK);
}

function header(name: string, size: number, modifiedMs: number): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > NAME_BYTES) throw new TarError(`the name ${name} is too long`);
  if (size > MAX_SIZE) throw new TarError(`${name} is too large`);
  block.write(name, 0);
  block.write(`${OWNER_ONLY}\0`, 100);
  block.write(`${'0'.repeat(7)}\0`, 108);
  block.write(`${'0'.repeat(7)}\0`, 116);
  block.write(`${octal(size, SIZE[1])}\0`, SIZE[0]);
  block.write(`${octal(Math.floor(modifiedMs / 1000), 12)}\0`, 136);
  block.write(REGULAR_FILE, TYPE_AT);
  block.write(`${MAGIC}\u000000`, MAGIC_AT);
  block.write(`${octal(checksumOf(block), 7)}\0 `, CHECKSUM[0]);
  return block;
}

function octal(value: number, length: number): string {
  return value.toString(8).padStart(length - 1, '0');
}

/** With the checksum's own place counted as blanks. */
function checksumOf(block: Uint8Array): number {
  const [from, length] = CHECKSUM;
  return block.reduce((sum, byte, at) => sum + (at >= from && at < from + length ? 0x20 : byte), 0);
}

function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** Receives the files of an archive one after the other: each is opened, gets its pieces in order, and is closed. */
export interface TarReceiver {
  open(name: string, size: number): void;
  write(chunk: Uint8Array): void;
  close(): void;
}

/** Throws a TarError for what is no whole archive. What the receiver throws ends the reading. */
export async function readTar(source: AsyncIterable<Uint8Array>, receiver: TarReceiver): Promise<void> {
  const reader = new Reader(receiver);
  for await (const chunk of source) reader.take(chunk);
  reader.end();
}

class Reader {
  readonly #receiver: TarReceiver;
  /** Of the header that is coming in. */
  #block = Buffer.alloc(BLOCK);
  #inBlock = 0;
  /** Of the file that is coming in, and of the padding behind it. */
  #bytesLeft = 0;
  #paddingLeft = 0;
  #emptyBlocks = 0;

  constructor(receiver: TarReceiver) {
    this.#receiver = receiver;
  }

  take(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0 && this.#emptyBlocks < 2) {
      if (this.#bytesLeft > 0) rest = this.#takeContent(rest);
      else if (this.#paddingLeft > 0) rest = this.#takePadding(rest);
      else rest = this.#takeHeader(rest);
    }
  }

  end(): void {
    if (this.#emptyBlocks < 2) throw new TarError('the archive is cut short');
  }

  #takeContent(chunk: Uint8Array): Uint8Array {
    const piece = chunk.subarray(0, this.#bytesLeft);
    this.#receiver.write(piece);
    this.#bytesLeft -= piece.length;
    if (this.#bytesLeft === 0) this.#receiver.close();
    return chunk.subarray(piece.length);
  }

  #takePadding(chunk: Uint8Array): Uint8Array {
    const count = Math.min(chunk.length, this.#paddingLeft);
    this.#paddingLeft -= count;
    return chunk.subarray(count);
  }

  #takeHeader(chunk: Uint8Array): Uint8Array {
    const piece = chunk.subarray(0, BLOCK - this.#inBlock);
    this.#block.set(piece, this.#inBlock);
    this.#inBlock += piece.length;
    if (this.#inBlock === BLOCK) {
      this.#inBlock = 0;
      this.#begin();
    }
    return chunk.subarray(piece.length);
  }

  #begin(): void {
    if (this.#block.every((byte) => byte === 0)) {
      this.#emptyBlocks += 1;
      return;
    }
    const size = numberAt(this.#block, ...SIZE);
    if (numberAt(this.#block, ...CHECKSUM) !== checksumOf(this.#block))
      throw new TarError('a header is damaged');
    if (this.#block.toString('latin1', MAGIC_AT, MAGIC_AT + MAGIC.length) !== MAGIC)
      throw new TarError('it is no ustar archive');
    const type = String.fromCharCode(this.#block[TYPE_AT] ?? 0);
    const name = nameOf(this.#block);
    if (type !== REGULAR_FILE) throw new TarError(`${name} is no file`);
    this.#bytesLeft = size;
    this.#paddingLeft = paddingOf(size);
    this.#receiver.open(name, size);
    if (size === 0) this.#receiver.close();
  }
}

function nameOf(block: Buffer): string {
  const end = block.indexOf(0);
  const bytes = block.subarray(0, end < 0 || end > NAME_BYTES ? NAME_BYTES : end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TarError('a name is not UTF-8');
  }
}

function numberAt(block: Buffer, from: number, length: number): number {
  const digits = block.toString('latin1', from, from + length).replace(/[\0 ]+$/, '');
  if (!/^[0-7]{1,11}$/.test(digits)) throw new TarError('a header is damaged');
  return Number.parseInt(digits, 8);
}
