// A server whose disk can be filled and emptied while it runs. Linux only: a file size limit that anybody may set, and a small
// file system of its own where the machine allows that.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from './compile-cache.ts';
import { startKwota } from './kwota-process.ts';
import { until } from './until.ts';

const ENTRY = fileURLToPath(new URL('../../bin/kwota.ts', import.meta.url));
/** util-linux. */
const UNSHARE = 'unshare';
const PRLIMIT = 'prlimit';
const CHUNK = Buffer.alloc(4096);
/** The small disk is no alarm of its own. */
const NO_DISK_ALARM = { KWOTA_ALARMS_MIN_FREE_DISK: '0' };

export interface ServerOnDisk {
  readonly ocppUrl: string;
  readonly apiUrl: string;
  /** Where this process finds the server's data folder. */
  readonly dataDir: string;
  log(): string;
  /** From here on the server's files cannot grow. */
  fill(): void;
  /** And now they can again. */
  empty(): void;
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

export type StartOnDisk = (dataDir: string) => Promise<ServerOnDisk>;

/** The ways to do it on this machine, by name; at least one. */
export function fullDisks(): readonly (readonly [string, StartOnDisk])[] {
  const namespaces = [['-m'], ['-rm']];
  const flags = namespaces.find((one) => spawnSync(UNSHARE, [...one, 'true']).status === 0);
  const limited = ['its files may not grow', startLimited] as const;
  return flags ? [limited, ['the file system is full', (dir) => startOnTmpfs(dir, flags)]] : [limited];
}

async function startLimited(dataDir: string): Promise<ServerOnDisk> {
  const kwota = await startKwota({ dataDir, env: NO_DISK_ALARM });
  const limit = (bytes: string) =>
    execFileSync(PRLIMIT, ['--pid', String(kwota.pid), `--fsize=${bytes}:unlimited`]);
  return { ...kwota, dataDir, fill: () => limit('0'), empty: () => limit('unlimited') };
}

/** The content of the folder is copied to a file system of 8 MiB that lies over it, for the server alone. */
async function startOnTmpfs(dataDir: string, unshareFlags: readonly string[]): Promise<ServerOnDisk> {
  const script =
    'cp -r . "$1.copy" && mount -t tmpfs -o size=8m kwota "$1" && cp -r "$1.copy/." "$1" && rm -r "$1.copy" && cd "$1" && shift && exec "$@"';
  const serve = [
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
  const command = ['sh', '-c', script, 'sh', dataDir, process.execPath, ENTRY, ...serve];
  const env = { TZ: 'UTC', PATH: process.env['PATH'], ...COMPILE_CACHE, ...NO_DISK_ALARM };
  const child = spawn(UNSHARE, [...unshareFlags, ...command], {
    cwd: dataDir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const exited = once(child, 'close') as Promise<[number | null]>;
  const ready = /\[READY\] ocpp=(\S+) api=(\S+) /;
  const [, ocppUrl = '', apiUrl = ''] = await until('[READY]', () => {
    if (child.exitCode !== null) throw new Error(said.err);
    return ready.exec(said.out);
  });
  const seenDir = `/proc/${child.pid ?? 0}/root${dataDir}`;
  const filler = `${seenDir}/filler`;
  return {
    ocppUrl,
    apiUrl,
    dataDir: seenDir,
    log: () => said.err,
    fill: () => fillWith(filler),
    empty: () => rmSync(filler),
    async stop() {
      child.kill('SIGTERM');
      return (await exited)[0];
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function fillWith(path: string): void {
  for (;;) {
    try {
      appendFileSync(path, CHUNK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
