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
  const config = readConfig(options);
  const dataDir = dataDirOf(config);
  const log = createLog({ ...config.log, write: (line) => process.stderr.write(line) });
  const kwota = createKwota({ config, dataDir, version: buildInfo().version, clock: systemClock, log });
  const stopped = stopOnSignal(kwota);
  const addresses = await kwota.start();
  process.stdout.write(readyLine(addresses, dataDir));
  await stopped;
}

/** `[READY] ocpp=ws://0.0.0.0:9000 api=http://127.0.0.1:8001 data=/srv/kwota/data` */
function readyLine({ ocpp, api }: Addresses, dataDir: string): string {
  const at = ({ host, port }: Addresses['ocpp']) => `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return `[READY] ocpp=ws://${at(ocpp)} api=http://${at(api)} data=${dataDir}\n`;
}

/** Resolves when a signal has come and everything is closed. A second signal ends the process at once. */
function stopOnSignal(kwota: Kwota): Promise<void> {
  return new Promise((resolve, reject) => {
    let isStopping = false;
    const onSignal = () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      kwota.stop().then(resolve, reject);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

function readConfig(options: ServeOptions): Config {
  const path = configPath(options.config);
  const loaded = loadConfig({
    file: path === null ? null : { path, text: readFileSync(path, 'utf8') },
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
