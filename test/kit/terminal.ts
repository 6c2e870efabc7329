// A terminal without a screen: an emulator that shows what a program really drew, and keys that can be typed into it.
import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { until } from './until.ts';

export class TestTerminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** All that was written, as it came. */
  readonly written: string[] = [];
  isRaw = false;
  readonly #emulator: InstanceType<typeof xterm.Terminal>;
  readonly #input = new PassThrough();

  constructor(columns: number, rows: number) {
    // A line feed goes to the first column, as the line discipline of a terminal has it.
    this.#emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
    const emulator = this.#emulator;
    const written = this.written;
    const output = new Writable({
      write(chunk: Buffer, _, done) {
        written.push(chunk.toString('utf8'));
        emulator.write(chunk, done);
      },
    });
    this.stdout = Object.assign(output, { isTTY: true, columns, rows }) as unknown as NodeJS.WriteStream;
    this.stdin = Object.assign(this.#input, {
      isTTY: true,
      setRawMode: (isRaw: boolean) => {
        this.isRaw = isRaw;
        return this.stdin;
      },
      ref: () => this.stdin,
      unref: () => this.stdin,
    }) as unknown as NodeJS.ReadStream;
  }

  /** Bytes as a terminal sends them: `\r` is Enter, `\u001b[B` the arrow down. */
  type(bytes: string): void {
    this.#input.write(bytes);
  }

  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows);
    Object.assign(this.stdout, { columns, rows });
    this.stdout.emit('resize');
  }

  /** What stands on it, line by line. */
  lines(): string[] {
    const { active } = this.#emulator.buffer;
    return Array.from(
      { length: this.#emulator.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    );
  }

  isAlternate(): boolean {
    return this.#emulator.buffer.active.type === 'alternate';
  }

  /** Whether the cell is drawn so; counted from 0. */
  isInverse(column: number, row: number): boolean {
    const { active } = this.#emulator.buffer;
    return (
      active
        .getLine(active.viewportY + row)
        ?.getCell(column)
        ?.isInverse() === 1
    );
  }

  /** Resolves with the picture once it matches. */
  shows(wanted: RegExp, withinMs?: number): Promise<string> {
    const look = () => {
      const picture = this.lines().join('\n');
      return wanted.test(picture) ? picture : null;
    };
    return until(`${String(wanted)} on the terminal`, look, withinMs).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.lines().join('\n')}`);
    });
  }

  bytesWritten(): number {
    return this.written.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  }
}
