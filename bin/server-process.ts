// Starts a server that outlives whoever started it: a process of its own, in a session of its own, no window on Windows.
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeDataFolder } from '../src/files/folder-lock.ts';
import { CommandError } from './command-error.ts';
import type { ConfigOptions } from './configuration.ts';
import type { Program } from './own-program.ts';

/** Relative to the data folder: what the server says on stderr. */
const LOG_FOLDER = '.kwota/log';
const STDERR_FILE = 'stderr.log';
const OLD_STDERR_FILE = 'stderr.1.log';
/** Above it the file begins anew at the next start; the one before is kept. */
const STDERR_MAX_BYTES = 10 * 1024 * 1024;
const OWNER_ONLY = 0o700;
/** How the server says that it found another one on the folder (src/files/folder-lock.ts). */
const FOLDER_TAKEN = 'another kwota server uses';

export interface ServerStart {
  readonly program: Program;
  /** As given on the command line; the server reads its configuration the same way. */
  readonly options: ConfigOptions;
  /** Absolute; made when it does not exist. */
  readonly dataDir: string;
}

export interface StartedServer {
  readonly pid: number | undefined;
  /** Tells it to end, whatever it has come to. */
  end(): void;
  /** Where its stderr goes. */
  readonly logPath: string;
  /** Why it has ended; null while it runs. */
  failure(): { readonly error: Error; readonly isFolderTaken: boolean } | null;
}

/** Throws when the folder cannot hold its log; whatever fails later is told by failure(). */
export function startDetached({ program, options, dataDir }: ServerStart): StartedServer {
  const folder = makeLogFolder(dataDir);
  const logPath = join(folder, STDERR_FILE);
  keepOldLog(folder);
  const stderr = openSync(logPath, 'a', 0o600);
  const before = fstatSync(stderr).size;
  const child = spawn(
    program.file,
    [...program.args, 'serve', '--background', ...serveArguments(options, dataDir)],
    {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', stderr],
    },
  );
  closeSync(stderr);
  child.unref();
  let spawnError: Error | null = null;
  child.once('error', (error) => (spawnError = error));
  return {
    logPath,
    pid: child.pid,
    end: () => void child.kill(),
    failure() {
      if (spawnError !== null) {
        const message = `the server cannot be started: ${spawnError.message}`;
        return { error: new Error(message, { cause: spawnError }), isFolderTaken: false };
      }
      const { exitCode, signalCode } = child;
      if (exitCode === null && signalCode === null) return null;
      const said = readFileSync(logPath).subarray(before).toString('utf8');
      const end = `the server ended with ${signalCode ?? `code ${exitCode ?? ''}`}; see ${logPath}`;
      return { error: new Error(lastWords(said) ?? end), isFolderTaken: said.includes(FOLDER_TAKEN) };
    },
  };
}

/** The error that it ended with, as it was told, without the name that every error line begins with. */
function lastWords(said: string): string | null {
  const lines = said.split('\n').filter((line) => line.startsWith('kwota: '));
  return lines.length === 0 ? null : lines.map((line) => line.slice('kwota: '.length)).join('\n');
}

/** The folder as it was found here: the server must not find another one. */
function serveArguments(options: ConfigOptions, dataDir: string): string[] {
  const { config, ocppHost, ocppPort, apiHost, apiPort, logLevel } = options;
  const given: Readonly<Record<string, string | undefined>> = {
    '--config': config,
    '--data': dataDir,
    '--ocpp-host': ocppHost,
    '--ocpp-port': ocppPort,
    '--api-host': apiHost,
    '--api-port': apiPort,
    '--log-level': logLevel,
  };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

function makeLogFolder(dataDir: string): string {
  makeDataFolder(dataDir);
  let folder = dataDir;
  for (const name of LOG_FOLDER.split('/')) {
    folder = join(folder, name);
    try {
      if (!existsSync(folder)) mkdirSync(folder, { mode: OWNER_ONLY });
    } catch (cause) {
      // Somebody else has just made it.
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      const message = `the data folder ${dataDir} cannot be used: ${String(cause)}`;
      throw new CommandError(message, 'make sure that you may write to it, or use another one with --data', {
        cause,
      });
    }
  }
  return folder;
}

function keepOldLog(folder: string): void {
  const path = join(folder, STDERR_FILE);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > STDERR_MAX_BYTES) renameSync(path, join(folder, OLD_STDERR_FILE));
}
