// `kwota serve`: the server in the foreground until it is told to stop.
import { createKwota, type Addresses, type Kwota } from '../../src/kwota.ts';
import { buildInfo } from '../../src/runtime/build-info.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import type { Log } from '../../src/runtime/log.ts';
import { readConfiguration, type ConfigOptions } from '../configuration.ts';
import { describeFailure } from '../failure.ts';
import { createServerLog } from '../server-log.ts';

/** After a stop was asked for, the process ends within this time whatever hangs. */
const STOP_WITHIN_MS = 5_000;

export async function runServe(options: ConfigOptions): Promise<void> {
  // Whoever read the log may have gone away; charging goes on.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  // A file size limit (ulimit -f) is then a failed write, which is waited out, and not the end.
  process.on('SIGXFSZ', () => undefined);
  const { config, path, dataDir } = readConfiguration(options);
  const { log, fileLog, lines, file } = createServerLog(config, dataDir);
  const { version } = buildInfo();
  const failed = Promise.withResolvers<never>();
  const asked = Promise.withResolvers<string>();
  const kwota = createKwota({
    ...{ config, dataDir, version, log },
    ...{ logLines: lines, logFile: file },
    clock: systemClock,
    onFatal: failed.reject,
    onStopAsked: asked.resolve,
  });
  const stopped = stopWhenTold(kwota, asked.promise, log);
  try {
    const addresses = await kwota.start();
    log.info('DATA', 'started', { version, config: path ?? 'none', data: dataDir });
    process.stdout.write(readyLine(addresses, dataDir));
    await Promise.race([stopped, failed.promise]);
    log.info('DATA', 'stopped');
  } catch (cause) {
    fileLog.error('DATA', 'ended by a failure', { cause: describeFailure(cause, false).trim() });
    throw cause;
  } finally {
    await file?.close();
  }
}

/** `[READY] ocpp=ws://0.0.0.0:9000 api=http://127.0.0.1:8001 data=/srv/kwota/data`; with wss:// beside ws://, `ocpps=` after `ocpp=`. */
function readyLine({ ocpp, api }: Addresses, dataDir: string): string {
  const at = ({ host, port }: { readonly host: string; readonly port: number }) =>
    `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const ocpps = ocpp.tls === null ? '' : ` ocpps=wss://${at(ocpp.tls)}`;
  return `[READY] ocpp=${ocpp.isTls ? 'wss' : 'ws'}://${at(ocpp)}${ocpps} api=${api.isTls ? 'https' : 'http'}://${at(api)} data=${dataDir}\n`;
}

/**
 * Resolves when a signal has come, or somebody has asked through the API, and everything is closed; rejects when not
 * everything could be written. A second signal ends the process at once.
 */
function stopWhenTold(kwota: Kwota, asked: Promise<string>, log: Log): Promise<void> {
  return new Promise((resolve, reject) => {
    let isStopping = false;
    const stop = (told: { readonly signal: string } | { readonly by: string }) => {
      if (isStopping && 'signal' in told) process.exit(1);
      if (isStopping) return;
      isStopping = true;
      log.info('DATA', 'stopping', told);
      setTimeout(() => {
        log.error('DATA', 'not everything could be closed in time', { withinMs: STOP_WITHIN_MS });
        process.exit(1);
      }, STOP_WITHIN_MS).unref();
      kwota.stop().then(resolve, reject);
    };
    // SIGHUP: the terminal that it was started in is closed.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => stop({ signal }));
    void asked.then((by) => stop({ by }));
  });
}
