// The servers that are measured: kwota as it ships (its bundle), on folders with more or less of a past, and the baselines.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDataFolder, type Past } from './history.ts';

export interface ServerKind {
  readonly name: string;
  readonly program: readonly string[];
  /** Fills its folder before its first start. */
  readonly prepare?: (dataDir: string) => Promise<void>;
}

export interface RunningServer {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  /** Of kwota; the baselines have none. */
  readonly apiUrl: string;
  readonly dataDir: string;
  /** From the start of the process until it said that it listens. */
  readonly readyMs: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const BUNDLE = pathOf('../../dist/kwota.cjs');
const KWOTA_FLAGS = ['--ocpp-host', '127.0.0.1', '--ocpp-port', '0', '--api-port', '0', '--data'];
const USERS = 5_000;
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;

export const CONSTANT_REPLY: ServerKind = { name: 'ws', program: [pathOf('baseline/constant-reply.ts')] };
export const OCPP_RPC_STRICT: ServerKind = {
  name: 'ocpp-rpc strict',
  program: [pathOf('baseline/ocpp-rpc-strict.ts')],
};
export const SQLITE_GROUP_COMMIT: ServerKind = {
  name: 'ws + SQLite',
  program: [pathOf('baseline/sqlite-group-commit.ts')],
};

/** kwota on a folder of its own with this past. */
export function kwotaWith(name: string, past: Past): ServerKind {
  return { name, program: [BUNDLE, 'serve'], prepare: (dataDir) => makeDataFolder(dataDir, past) };
}

export const KWOTA = kwotaWith('kwota', { users: USERS, sessions: 0 });

/** Starts it on its own folder below `root`; what is there from before is used again. */
export async function startServer(
  kind: ServerKind,
  root: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const dataDir = join(root, kind.name.replaceAll(/[^a-z0-9]+/gi, '-'));
  if (!existsSync(dataDir)) {
    mkdirSync(dataDir, { recursive: true });
    await kind.prepare?.(dataDir);
  }
  const logPath = `${dataDir}.log`;
  const log = openSync(logPath, 'a');
  const startedMs = performance.now();
  const flags = kind.program[0] === BUNDLE ? [...KWOTA_FLAGS, dataDir] : [];
  const child = spawn(process.execPath, [...kind.program, ...flags], {
    cwd: root,
    env: { TZ: 'UTC', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  const exited = once(child, 'exit');
  const said = Promise.withResolvers<string>();
  child.stdout?.setEncoding('utf8').once('data', said.resolve);
  const tooLate = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
  const line = await Promise.race([said.promise, exited.then(() => '')]);
  clearTimeout(tooLate);
  const port = Number(/ocpp=ws:\/\/127\.0\.0\.1:(\d+) /.exec(line)?.[1]);
  if (!port) throw new Error(`${kind.name} does not start: ${line}\n${readFileSync(logPath, 'utf8')}`);
  return {
    name: kind.name,
    pid: child.pid ?? 0,
    port,
    apiUrl: /api=(\S+)/.exec(line)?.[1] ?? '',
    dataDir,
    readyMs: performance.now() - startedMs,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
