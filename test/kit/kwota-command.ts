// A command of kwota as somebody types it: run to its end, or watched while it goes on.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from './compile-cache.ts';

const ENTRY = fileURLToPath(new URL('../../bin/kwota.ts', import.meta.url));
const ENDS_WITHIN_MS = 60_000;

export interface EndedCommand {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunningCommand {
  /** What it has printed so far. */
  out(): string;
  err(): string;
  interrupt(): void;
  /** As `head` does when it has had enough. */
  stopReading(): void;
  ended(): Promise<EndedCommand>;
}

/** In `cwd`, with an empty environment, so that nothing of the machine counts. It is killed when it takes too long. */
export function startCommand(cwd: string, ...args: readonly string[]): RunningCommand {
  return startLongCommand(ENDS_WITHIN_MS, cwd, ...args);
}

/** The same for one that may take so long. */
export function startLongCommand(withinMs: number, cwd: string, ...args: readonly string[]): RunningCommand {
  const child: ChildProcess = spawn(process.execPath, [ENTRY, ...args], {
    cwd,
    env: { TZ: 'UTC', ...COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
  return {
    out: () => said.out,
    err: () => said.err,
    stopReading: () => void child.stdout?.destroy(),
    interrupt: () => void child.kill('SIGINT'),
    async ended() {
      const [code] = await closed;
      clearTimeout(timer);
      return { code, ...said };
    },
  };
}

export function runCommand(cwd: string, ...args: readonly string[]): Promise<EndedCommand> {
  return startCommand(cwd, ...args).ended();
}
