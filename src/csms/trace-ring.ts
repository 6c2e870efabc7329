// The newest lines of one charger's trace in memory, as bytes: as objects and texts, millions of them would have to be
// moved by the garbage collector before they are dropped. What is too much, and what becomes of it, is traces.ts.
import type { TraceLine } from '../domain/trace.ts';

/** What a line takes beside its text, about, when it is read; so the bounds of length bound the number of lines as well. */
const LINE_LENGTH = 128;
/** In bytes. A charger that says little has a small one; one that says more gets as much again as it has. */
const FIRST_CHUNK = 512;
const LARGEST_CHUNK = 32 * 1024;

// A line: when it came, its kind, the length of its text, and the text in UTF-8.
const AT_KIND = 8;
const AT_LENGTH = 9;
const HEAD_BYTES = 13;
const KINDS = ['in', 'out', 'connected', 'disconnected'] as const satisfies readonly TraceLine['kind'][];

interface Chunk {
  readonly bytes: Buffer;
  used: number;
}

/** What a line counts for where lengths are bounded: bytes, about. */
export function lengthOf(line: TraceLine): number {
  return line.text.length + LINE_LENGTH;
}

export class TraceRing {
  /** Of the line that was added last. */
  lastSeq: number;
  #chunks: Chunk[] = [];
  /** Where the oldest line begins in the first chunk. */
  #start = 0;
  #count = 0;
  #length = 0;

  constructor(lastSeq: number) {
    this.lastSeq = lastSeq;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Of all lines, as bounds count it. */
  get length(): number {
    return this.#length;
  }

  get firstSeq(): number {
    return this.lastSeq - this.#count + 1;
  }

  /** Returns by how much its length grew. */
  add(atMs: number, kind: TraceLine['kind'], text: string): number {
    const textBytes = Buffer.byteLength(text);
    const chunk = this.#roomFor(HEAD_BYTES + textBytes);
    const { bytes, used } = chunk;
    bytes.writeDoubleLE(atMs, used);
    bytes[used + AT_KIND] = KINDS.indexOf(kind);
    bytes.writeUInt32LE(textBytes, used + AT_LENGTH);
    bytes.write(text, used + HEAD_BYTES);
    chunk.used += HEAD_BYTES + textBytes;
    this.lastSeq += 1;
    this.#count += 1;
    this.#length += textBytes + LINE_LENGTH;
    return textBytes + LINE_LENGTH;
  }

  /** The lines after `afterSeq`, oldest first, until they are `maxLength` long or longer. */
  lines(afterSeq = 0, maxLength = Infinity): TraceLine[] {
    const lines: TraceLine[] = [];
    let seq = this.firstSeq;
    let length = 0;
    let at = this.#start;
    for (const { bytes, used } of this.#chunks) {
      for (; at < used && length < maxLength; seq += 1) {
        const textBytes = bytes.readUInt32LE(at + AT_LENGTH);
        const end = at + HEAD_BYTES + textBytes;
        if (seq > afterSeq) {
          lines.push(lineAt(bytes, at, end, seq));
          length += textBytes + LINE_LENGTH;
        }
        at = end;
      }
      at = 0;
    }
    return lines;
  }

  /** Drops the oldest lines up to this one. Returns by how much its length shrank. */
  dropThrough(seq: number): number {
    return this.#dropWhile(() => this.firstSeq <= seq);
  }

  /** Drops the oldest lines until at most this much is left. Returns by how much its length shrank. */
  shorten(maxLength: number): number {
    return this.#dropWhile(() => this.#length > maxLength);
  }

  #dropWhile(isTooMuch: () => boolean): number {
    const before = this.#length;
    let empty = 0;
    while (this.#count > 0 && isTooMuch()) {
      const chunk = this.#chunks[empty];
      if (chunk === undefined) break;
      const textBytes = chunk.bytes.readUInt32LE(this.#start + AT_LENGTH);
      this.#start += HEAD_BYTES + textBytes;
      this.#count -= 1;
      this.#length -= textBytes + LINE_LENGTH;
      if (this.#start < chunk.used) continue;
      this.#start = 0;
      empty += 1;
    }
    if (empty > 0) this.#chunks = this.#chunks.slice(empty);
    return before - this.#length;
  }

  #roomFor(lineBytes: number): Chunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.used + lineBytes <= last.bytes.length) return last;
    const held = this.#chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const usual = Math.min(Math.max(held, FIRST_CHUNK), LARGEST_CHUNK);
    // Not from the pool of small buffers: a piece of that would hold the whole of it.
    const chunk = { bytes: Buffer.allocUnsafeSlow(Math.max(usual, lineBytes)), used: 0 };
    this.#chunks.push(chunk);
    return chunk;
  }
}

function lineAt(bytes: Buffer, at: number, end: number, seq: number): TraceLine {
  return {
    seq,
    atMs: bytes.readDoubleLE(at),
    kind: KINDS[bytes[at + AT_KIND] ?? 0] ?? 'in',
    text: bytes.toString('utf8', at + HEAD_BYTES, end),
  };
}
