// The newest lines of the log, in memory: for the dashboard and whoever asks over the API. Nothing of it is written anywhere.
import type { EpochMs } from './clock.ts';
import type { LogFields, LogLevel, LogTag } from './log.ts';

/** Lines that are kept: some minutes of a busy site, a day of a quiet one. */
export const LOG_LINES_KEPT = 2_000;

export interface KeptLine {
  /** Counts up by one from 1. */
  readonly seq: number;
  readonly atMs: EpochMs;
  readonly level: LogLevel;
  readonly tag: LogTag;
  readonly message: string;
  readonly fields: LogFields;
}

/** What is asked of it by those who show lines. */
export interface LogLines {
  /** Oldest first. */
  kept(): Iterable<KeptLine>;
  /** Told of each line as it is written. Returns what ends it. */
  subscribe(listener: (line: KeptLine) => void): () => void;
}

export class LogRing implements LogLines {
  readonly #capacity: number;
  readonly #lines: KeptLine[] = [];
  readonly #listeners = new Set<(line: KeptLine) => void>();
  #lastSeq = 0;

  constructor(capacity = LOG_LINES_KEPT) {
    this.#capacity = capacity;
  }

  add(written: Omit<KeptLine, 'seq'>): void {
    const seq = this.#lastSeq + 1;
    const line = { seq, ...written };
    // The place of the oldest: nothing is moved, whatever the number of lines.
    this.#lines[this.#lastSeq % this.#capacity] = line;
    this.#lastSeq = seq;
    for (const listener of this.#listeners) listener(line);
  }

  *kept(): Iterable<KeptLine> {
    const { length } = this.#lines;
    for (let i = 0; i < length; i++) {
      const line = this.#lines[(this.#lastSeq - length + i) % this.#capacity];
      if (line) yield line;
    }
  }

  subscribe(listener: (line: KeptLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
