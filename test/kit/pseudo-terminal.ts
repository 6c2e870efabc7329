// A program in a real pseudo-terminal, and what a person would see there: script(1) makes the terminal, xterm reads it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import xterm, { type Terminal } from '@xterm/headless';
import { COMPILE_CACHE } from './compile-cache.ts';
import { until } from './until.ts';

export interface PseudoTerminalOptions {
  /** For sh; the terminal has its size by then. */
  readonly script: string;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
}

export class PseudoTerminal {
  readonly #child: ChildProcess;
  readonly #terminal: Terminal;
  readonly #gone: Promise<unknown>;
  #bytes = 0;

  constructor({ script, cwd, env, columns, rows }: PseudoTerminalOptions) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const sized = `stty cols ${columns} rows ${rows}\n${script}`;
    // util-linux: -e ends with the program's exit code, -f writes at once.
    this.#child = spawn('script', ['-qefc', sized, '/dev/null'], {
      cwd,
      env: {
        PATH: process.env['PATH'] ?? '',
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        SHELL: '/bin/sh',
        ...COMPILE_CACHE,
        ...env,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#gone = once(this.#child, 'exit');
    this.#child.stdout?.on('data', (data: Buffer) => {
      this.#bytes += data.length;
      this.#terminal.write(data);
    });
  }

  /** What was written to the terminal so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it shows the screen that programs draw on, and not the one with the shell's lines. */
  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  get isCursorShown(): boolean {
    // xterm keeps that to itself.
    const inside = this.#terminal as unknown as { _core: { coreService: { isCursorHidden: boolean } } };
    return !inside._core.coreService.isCursorHidden;
  }

  /** The lines that are seen, without the blanks at their ends. */
  screen(): string {
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: this.#terminal.rows }, (_, row) => {
      return active.getLine(active.viewportY + row)?.translateToString(true) ?? '';
    });
    return lines.join('\n').trimEnd();
  }

  /** As typed at the keyboard. */
  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Resolves with the screen when it shows this; rejects with the screen that it shows instead. */
  async shows(what: string | RegExp, withinMs?: number): Promise<string> {
    const isThere = () => {
      const screen = this.screen();
      return (typeof what === 'string' ? screen.includes(what) : what.test(screen)) && screen;
    };
    return until(`${String(what)} on the screen`, isThere, withinMs).catch((cause: unknown) => {
      throw new Error(`${String(what)} is not on the screen:\n${this.screen()}`, { cause });
    });
  }

  /** Resolves when the program has ended. */
  async ended(): Promise<void> {
    await this.#gone;
  }

  /** The window is closed. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await this.#gone;
    }
    this.#terminal.dispose();
  }
}
