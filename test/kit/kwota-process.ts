// A real kwota server, as a process of its own on free ports: started, watched, stopped and killed.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from './compile-cache.ts';

const ENTRY = fileURLToPath(new URL('../../bin/kwota.ts', import.meta.url));
const READY_WITHIN_MS = 60_000;

export interface KwotaProcess {
  readonly pid: number;
  /** `ws://127.0.0.1:PORT` */
  readonly ocppUrl: string;
  /** `http://127.0.0.1:PORT`; `https:` where api.tls is set. */
  readonly apiUrl: string;
  /** Everything it has logged so far. */
  log(): string;
  /** SIGTERM unless told otherwise; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Resolves with the exit code when it ends by itself. */
  ended(): Promise<number | null>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

export interface KwotaProcessOptions {
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Resolves at [READY]; rejects, with what it said, when it ends before. */
export async function startKwota(options: KwotaProcessOptions): Promise<KwotaProcess> {
  const child = spawnServe(options);
  const said = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  // Not 'exit': what it said last may still be on its way then.
  const exited = once(child, 'close') as Promise<[number | null]>;
  const [, ocppPort, apiScheme, apiPort] = await readyLine(child, said);
  return {
    pid: child.pid ?? 0,
    ocppUrl: `ws://127.0.0.1:${ocppPort ?? ''}`,
    apiUrl: `${apiScheme ?? 'http'}://127.0.0.1:${apiPort ?? ''}`,
    log: () => said.err,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return (await exited)[0];
    },
    ended: async () => (await exited)[0],
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Runs the server where it cannot start; resolves with what it said and its exit code. */
export async function runKwotaToItsEnd(
  options: KwotaProcessOptions,
): Promise<{ code: number | null; err: string }> {
  const child = spawnServe(options);
  let err = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, err };
}

function spawnServe({ dataDir, args = [], env = {} }: KwotaProcessOptions): ChildProcess {
  const flags = [
    'serve',
    '--data',
    dataDir,
    '--ocpp-host',
    '127.0.0.1',
    '--ocpp-port',
    '0',
    '--api-port',
    '0',
  ];
  return spawn(process.execPath, [ENTRY, ...flags, ...args], {
    cwd: dataDir,
    env: { TZ: 'UTC', ...COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function readyLine(child: ChildProcess, said: { out: string; err: string }): Promise<RegExpMatchArray> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not ready after ${READY_WITHIN_MS} ms:\n${said.err}`));
    }, READY_WITHIN_MS);
    const look = () => {
      const match = /\[READY\] ocpp=ws:\/\/\S+?:(\d+)(?: ocpps=\S+)? api=(https?):\/\/\S+?:(\d+) data=/.exec(
        said.out,
      );
      if (!match) return;
      clearTimeout(timer);
      resolve(match);
    };
    child.stdout?.on('data', look);
    child.once('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code ?? 'a signal'} before it was ready:\n${said.err}`));
    });
  });
}
