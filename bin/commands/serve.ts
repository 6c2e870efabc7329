// `kwota serve`: the server in the foreground until it is told to stop.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';
import type { Config } from '../../src/config/schema.ts';
import { createKwota, type Addresses, type Kwota } from '../../src/kwota.ts';
import { buildInfo } from '../../src/runtime/build-info.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import type { Log } from '../../src/runtime/log.ts';
import { createLog } from '../../src/runtime/log-output.ts';

/** Options of the command line, as texts. */
export interface ServeOptions {
  readonly config?: string;
  readonly data?: string;
  readonly ocppHost?: string;
  readonly ocppPort?: string;
  readonly apiHost?: string;
  readonly apiPort?: string;
  readonly logLevel?: string;
}

const CONFIG_NAME = 'config.yaml';
/** After a stop was asked for, the process ends within this time whatever hangs. */
const STOP_WITHIN_MS = 5_000;

export async function runServe(options: ServeOptions): Promise<void> {
  // Whoever read the log may have gone away; charging goes on.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  // A file size limit (ulimit -f) is then a failed write, which is waited out, and not the end.
  process.on('SIGXFSZ', () => undefined);
  const file = readConfigFile(options.config);
  const config = configFrom(file, options);
  const dataDir = dataDirOf(config);
  const log = createLog({ ...config.log, write: (line) => process.stderr.write(line) });
  const { version } = buildInfo();
  const failed = Promise.withResolvers<never>();
  const kwota = createKwota({ config, dataDir, version, clock: systemClock, log, onFatal: failed.reject });
  const stopped = stopOnSignal(kwota, log);
  const addresses = await kwota.start();
  log.info('DATA', 'started', { version, config: file?.path ?? 'none', data: dataDir });
  process.stdout.write(readyLine(addresses, dataDir));
  await Promise.race([stopped, failed.promise]);
  log.info('DATA', 'stopped');
}

/** `[READY] ocpp=ws://0.0.0.0:9000 api=http://127.0.0.1:8001 data=/srv/kwota/data` */
function readyLine({ ocpp, api }: Addresses, dataDir: string): string {
  const at = ({ host, port }: Addresses['ocpp']) => `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return `[READY] ocpp=ws://${at(ocpp)} api=http://${at(api)} data=${dataDir}\n`;
}

/**
 * Resolves when a signal has come and everything is closed, rejects when not everything could be written. A second
 * signal ends the process at once.
 */
function stopOnSignal(kwota: Kwota, log: Log): Promise<void> {
  return new Promise((resolve, reject) => {
    let isStopping = false;
    const stop = (signal: string) => {
      if (isStopping) process.exit(1);
      isStopping = true;
      log.info('DATA', 'stopping', { signal });
      setTimeout(() => {
        log.error('DATA', 'not everything could be closed in time', { withinMs: STOP_WITHIN_MS });
        process.exit(1);
      }, STOP_WITHIN_MS).unref();
      kwota.stop().then(resolve, reject);
    };
    // SIGHUP: the terminal that it was started in is closed.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => stop(signal));
  });
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

function configFrom(file: ConfigFile | null, options: ServeOptions): Config {
  const loaded = loadConfig({
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

function dataDirOf(config: Config): string {
  if (config.data.dir !== null) return config.data.dir;
  return existsSync('data') ? resolve('data') : join(homeFolder(), 'data');
}

/** The folder of the executable; of the checkout when run from source or from dist/. */
function homeFolder(): string {
  if (isSea()) return dirname(process.execPath);
  const here = dirname(fileURLToPath(import.meta.url));
  const isSource = import.meta.url.endsWith('.ts');
  return isSource ? resolve(here, '../..') : resolve(here, '..');
}
