// The log in a file: lines are appended, and the file begins anew by size and age. It never stops the program: what cannot be written is told.
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CancelTimer, Clock } from './clock.ts';

/** Its folder is the owner's alone; wherever else it is put, a group may read it. */
const FILE_MODE = 0o640;
/** What waits to be written, in characters; lines beyond it are dropped, and counted. */
const WAITING_MAX_LENGTH = 1024 * 1024;
/** After a failure it is tried again so much later. */
const RETRY_AFTER_MS = 10_000;
/** Somebody may move or remove the file: it is looked for at most this often. */
const LOOK_EVERY_MS = 1_000;
const ROTATE_AGAIN_AFTER_MS = 60_000;
/** Enough of a file to find the time of its first line. */
const FIRST_LINE_BYTES = 512;

export interface LogFileOptions {
  /** Its folder is made, and the folder's own folder is there. Older files are beside it, `kwota.log.1` the newest. */
  readonly path: string;
  readonly maxBytes: number;
  /** From its first line on. */
  readonly maxAgeMs: number;
  /** Older files. */
  readonly keep: number;
  readonly clock: Clock;
}

/** What the program that owns it does with it. */
export interface LogFileWatch {
  readonly path: string;
  /** Lines are written from now on; those before wait. */
  open(): void;
  /** Told in a sentence when lines cannot be written; null: they can again, and so many were lost. */
  onTrouble(listener: (trouble: string | null, linesLost: number) => void): void;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly inode: number;
  bytes: number;
  /** When its first line was written. */
  readonly bornMs: number;
}

export class LogFile implements LogFileWatch {
  readonly path: string;
  readonly #options: LogFileOptions;
  #listener: (trouble: string | null, linesLost: number) => void = () => undefined;
  #waiting: string[] = [];
  #waitingLength = 0;
  #linesLost = 0;
  #isOpen = false;
  #trouble: string | null = null;
  /** Resolves when what waits has been written, or could not be. */
  #writing: Promise<void> | null = null;
  #cancelRetry: CancelTimer | null = null;
  #file: OpenFile | null = null;
  #lookedMs = 0;
  /** Finite: it could not begin anew, and is not tried again before. */
  #rotateAgainMs = Number.NEGATIVE_INFINITY;

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.path = options.path;
  }

  /** Takes a line with its line end; never throws. */
  write(line: string): void {
    if (this.#waitingLength + line.length > WAITING_MAX_LENGTH) {
      this.#linesLost += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    this.#pump();
  }

  open(): void {
    this.#isOpen = true;
    this.#pump();
  }

  onTrouble(listener: (trouble: string | null, linesLost: number) => void): void {
    this.#listener = listener;
    if (this.#trouble !== null) listener(this.#trouble, 0);
  }

  /** What waits is written, unless it cannot be. */
  async close(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#pump();
    await this.#writing;
    this.#isOpen = false;
    await this.#closeFile();
  }

  #pump(): void {
    if (!this.#isOpen || this.#writing || this.#cancelRetry || this.#waiting.length === 0) return;
    this.#writing = this.#writeWaiting().finally(() => {
      this.#writing = null;
      this.#pump();
    });
  }

  /** All lines of a turn in one go, and those that come meanwhile in the next. */
  async #writeWaiting(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      this.#waitingLength = 0;
      try {
        await this.#append(Buffer.from(lines.join('')));
      } catch (cause) {
        // Written in part, perhaps: a line that stands there twice would mislead more than one that is missing.
        this.#linesLost += lines.length;
        await this.#failed(cause);
        return;
      }
      this.#worked();
    }
  }

  async #append(bytes: Buffer): Promise<void> {
    const { clock, maxBytes, maxAgeMs } = this.#options;
    await this.#look();
    const open = this.#file;
    const isFull = open !== null && open.bytes > 0 && open.bytes + bytes.length > maxBytes;
    const isOld = open !== null && open.bytes > 0 && clock.now() - open.bornMs >= maxAgeMs;
    if (isFull || isOld) await this.#beginAnew();
    const file = (this.#file ??= await this.#openFile());
    await file.handle.appendFile(bytes);
    file.bytes += bytes.length;
  }

  async #openFile(): Promise<OpenFile> {
    const { path, clock, keep } = this.#options;
    await mkdir(dirname(path)).catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    });
    await removeBeyond(path, keep);
    const handle = await open(path, 'a+', FILE_MODE);
    const { ino: inode, size: bytes } = await handle.stat();
    this.#lookedMs = clock.monotonicMs();
    return { handle, inode, bytes, bornMs: (bytes > 0 ? await firstTimeOf(handle) : null) ?? clock.now() };
  }

  /** Whether the file is still where it was opened; if not, the next line opens another. */
  async #look(): Promise<void> {
    const { path, clock } = this.#options;
    if (!this.#file || clock.monotonicMs() - this.#lookedMs < LOOK_EVERY_MS) return;
    this.#lookedMs = clock.monotonicMs();
    const found = await stat(path).catch(() => null);
    if (found?.ino !== this.#file.inode) await this.#closeFile();
  }

  /** Where that is not possible, the file grows on: too large is better than nothing. */
  async #beginAnew(): Promise<void> {
    const { clock } = this.#options;
    if (clock.monotonicMs() < this.#rotateAgainMs) return;
    try {
      await this.#rotate();
      this.#rotateAgainMs = Number.NEGATIVE_INFINITY;
    } catch (cause) {
      this.#rotateAgainMs = clock.monotonicMs() + ROTATE_AGAIN_AFTER_MS;
      this.#tell(`the log file ${this.path} cannot begin anew: ${codeOf(cause)}`);
    }
  }

  async #rotate(): Promise<void> {
    const { path, keep } = this.#options;
    await this.#closeFile();
    for (let number = keep - 1; number >= 1; number--)
      await renameIfThere(older(path, number), older(path, number + 1));
    if (keep > 0) await renameIfThere(path, older(path, 1));
    else await rm(path, { force: true });
  }

  async #closeFile(): Promise<void> {
    const { handle } = this.#file ?? {};
    this.#file = null;
    // What was written has been written; there is nothing to do about the rest.
    await handle?.close().catch(() => undefined);
  }

  async #failed(cause: unknown): Promise<void> {
    await this.#closeFile();
    this.#cancelRetry = this.#options.clock.after(RETRY_AFTER_MS, () => {
      this.#cancelRetry = null;
      this.#pump();
    });
    this.#tell(`the log file ${this.path} cannot be written: ${codeOf(cause)}`);
  }

  #tell(trouble: string): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#listener(trouble, 0);
  }

  #worked(): void {
    const isTooLarge = this.#rotateAgainMs !== Number.NEGATIVE_INFINITY;
    if (isTooLarge || (this.#trouble === null && this.#linesLost === 0)) return;
    const lost = this.#linesLost;
    this.#linesLost = 0;
    this.#trouble = null;
    this.#listener(null, lost);
  }
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? String(cause);
}

function older(path: string, number: number): string {
  return `${path}.${number}`;
}

async function renameIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  });
}

/** Fewer may be kept than before. */
async function removeBeyond(path: string, keep: number): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    const number = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (/^\d+$/.test(number) && Number(number) > keep) await rm(join(dirname(path), name), { force: true });
  }
}

/** When the first line was written; null where none says it. */
async function firstTimeOf(handle: FileHandle): Promise<number | null> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(FIRST_LINE_BYTES), 0, FIRST_LINE_BYTES, 0);
  const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/.exec(buffer.toString('latin1', 0, bytesRead))?.[0];
  return time === undefined ? null : Date.parse(time);
}
