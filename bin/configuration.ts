// Which configuration and which data folder a command is about: from the options, the environment and the usual places.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import { loadConfig, type LoadResult } from '../src/config/load.ts';
import { ConfigError } from '../src/config/problem.ts';
import type { Config } from '../src/config/schema.ts';

/** Options of the command line, as texts. */
export interface ConfigOptions {
  readonly config?: string;
  readonly data?: string;
  readonly ocppHost?: string;
  readonly ocppPort?: string;
  readonly apiHost?: string;
  readonly apiPort?: string;
  readonly logLevel?: string;
}

export interface Configuration {
  readonly config: Config;
  /** The file that it was read from; null when there is none. */
  readonly path: string | null;
  /** Absolute; it need not exist. */
  readonly dataDir: string;
}

/** What the configuration is called where no other is named. */
export const CONFIG_NAME = 'config.yaml';

/** Throws a ConfigError with every problem. */
export function readConfiguration(options: ConfigOptions): Configuration {
  const file = readConfigFile(options.config);
  const config = configFrom(file, options);
  return { config, path: file?.path ?? null, dataDir: dataFolder(config.data.dir) };
}

interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

function readConfigFile(asked: string | undefined): ConfigFile | null {
  const path = configPath(asked);
  if (path === null) return null;
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EISDIR' ? 'it is a folder' : (code ?? String(cause));
    throw new Error(`the configuration ${path} cannot be read: ${why}; check --config`, { cause });
  }
}

/** As readConfiguration does, with a file that has changed since. */
export function readAgain(file: ConfigFile | null, options: ConfigOptions): LoadResult {
  return loadConfig({
    file,
    env: process.env,
    flags: {
      'data.dir': options.data,
      'ocpp.host': options.ocppHost,
      'ocpp.port': options.ocppPort,
      'api.host': options.apiHost,
      'api.port': options.apiPort,
      'log.level': options.logLevel,
    },
    machine: { cwd: process.cwd(), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  });
}

function configFrom(file: ConfigFile | null, options: ConfigOptions): Config {
  const loaded = readAgain(file, options);
  if ('problems' in loaded) throw new ConfigError(loaded.problems);
  return loaded.config;
}

/** The file asked for must exist; of the usual places, the first that has one counts. */
function configPath(asked: string | undefined): string | null {
  if (asked !== undefined) {
    if (existsSync(asked)) return asked;
    throw new Error(`there is no file ${asked}; check --config, or leave it out to run on defaults`);
  }
  const usual = existsSync(CONFIG_NAME) ? CONFIG_NAME : join(homeFolder(), CONFIG_NAME);
  return existsSync(usual) ? usual : null;
}

/** The one named, absolute; else ./data if it exists, else data beside the program. */
export function dataFolder(named: string | null): string {
  if (named !== null) return resolve(named);
  return existsSync('data') ? resolve('data') : join(homeFolder(), 'data');
}

/** The folder of the executable; of the checkout when run from source (bin/) or from dist/. */
function homeFolder(): string {
  if (isSea()) return dirname(process.execPath);
  return resolve(dirname(fileURLToPath(import.meta.url)), '..');
}
