// How long a start of kwota takes, from outside: to the end of a command, to a line that it prints, to the first picture in a
// real pseudo-terminal.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIMIT_MS = 20_000;
const BEGIN = 'begin';
/** On each screen of the dashboard, and on no line before it. */
const PICTURE = 'Overview';
const ANY_PORTS = ['--ocpp-host', '127.0.0.1', '--ocpp-port', '0', '--api-port', '0'];

/** A program, and the arguments that come before those of kwota. */
export type Command = readonly [string, ...string[]];

/** From the start of a process to its end, or to this on its standard output. */
export async function timeOf([file, ...before]: Command, args: readonly string[], until?: string) {
  const began = performance.now();
  const child = spawn(file, [...before, ...args], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: LIMIT_MS,
  });
  const closed = once(child, 'close');
  if (until === undefined) await closed;
  else await says(child, until);
  const tookMs = performance.now() - began;
  child.kill();
  await closed;
  return tookMs;
}

/** A folder of its own each time: it is the first start of a new site, the slowest there is. */
export async function timeToReady(command: Command): Promise<number> {
  return withFolder((dataDir) => timeOf(command, ['serve', '--data', dataDir, ...ANY_PORTS], '[READY]'));
}

/** `kwota tui` on a server that runs. The time begins when the shell of the terminal becomes the program. */
export async function timeToPicture(command: Command, dataDir: string): Promise<number> {
  const program = [...command, 'tui', '--data', dataDir].map((word) => `'${word}'`).join(' ');
  const shell = `stty cols 100 rows 30; echo ${BEGIN}; exec ${program}`;
  const child = spawn('script', ['-qefc', shell, '/dev/null'], {
    env: { ...environment(), PATH: process.env['PATH'], TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: LIMIT_MS,
  });
  const closed = once(child, 'close');
  await says(child, BEGIN);
  const began = performance.now();
  await says(child, PICTURE);
  const tookMs = performance.now() - began;
  child.stdin.write('q');
  await closed;
  return tookMs;
}

/** Calls `use` with the data folder of a server that runs meanwhile. */
export async function withServer<T>(
  [file, ...before]: Command,
  use: (dataDir: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (dataDir) => {
    const args = [...before, 'serve', '--data', dataDir, ...ANY_PORTS];
    const server = spawn(file, args, { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
    const closed = once(server, 'close');
    try {
      await says(server, '[READY]');
      return await use(dataDir);
    } finally {
      server.kill();
      await closed;
    }
  });
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kwota-start-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An empty environment, as a service has it. Windows starts no socket without SystemRoot. */
function environment(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return SystemRoot === undefined ? {} : { SystemRoot };
}

/** Resolves when it is on its standard output; rejects when it ends before. */
function says(child: ChildProcess, what: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let said = '';
  const look = (text: string) => {
    said += text;
    if (said.includes(what)) resolve(undefined);
  };
  const end = () => reject(new Error(`${child.spawnfile} ended and did not say ${what}: ${said}`));
  child.stdout?.setEncoding('utf8').on('data', look);
  child.once('close', end).once('error', reject);
  return promise.finally(() => {
    child.stdout?.off('data', look);
    child.off('close', end).off('error', reject);
  });
}
