// The whole server inside the test's own process, on a real folder and real sockets, but with a clock that the test sets.
import { loadConfig } from '../../src/config/load.ts';
import { createKwota } from '../../src/kwota.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { createLog } from '../../src/runtime/log-output.ts';
import { LogRing } from '../../src/runtime/log-ring.ts';

export interface KwotaInProcess {
  /** `ws://127.0.0.1:PORT` */
  readonly ocppUrl: string;
  /** `http://127.0.0.1:PORT` */
  readonly apiUrl: string;
  /** Of wss:// beside ws://; null: there is none. */
  readonly ocppTlsPort: number | null;
  /** Of https://, where there is one; `apiUrl` is the one for local programs then. */
  readonly apiPort: number;
  /** Everything it has logged so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface KwotaInProcessOptions {
  readonly dataDir: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly clock: Clock;
  /** config.yaml, less the time zone and the ports. */
  readonly yaml?: string;
}

/** Resolves when it listens. */
export async function startKwotaInProcess(options: KwotaInProcessOptions): Promise<KwotaInProcess> {
  const { dataDir, timeZone, clock, yaml } = options;
  const loaded = loadConfig({
    file: yaml === undefined ? null : { path: `${dataDir}/config.yaml`, text: yaml },
    env: {},
    flags: { 'ocpp.host': '127.0.0.1', 'ocpp.port': '0', 'api.port': '0' },
    machine: { cwd: dataDir, timeZone },
  });
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  let said = '';
  const ring = new LogRing();
  const log = createLog({ level: 'info', format: 'text', write: (line) => (said += line), ring });
  const onFatal = (error: Error) => {
    throw error;
  };
  // The test has its own way to stop it.
  const onStopAsked = () => undefined;
  const parts = {
    config: loaded.config,
    dataDir,
    version: '0.0.0',
    clock,
    log,
    logLines: ring,
    logFile: null,
  };
  const kwota = createKwota({ ...parts, onFatal, onStopAsked });
  const { ocpp, api } = await kwota.start();
  return {
    ocppUrl: `ws://127.0.0.1:${ocpp.port}`,
    apiUrl: `http://127.0.0.1:${(api.local ?? api).port}`,
    apiPort: api.port,
    ocppTlsPort: ocpp.tls?.port ?? null,
    log: () => said,
    stop: () => kwota.stop(),
  };
}
