// A server in the foreground: the line that says where it listens, and all that ends it.
import type { Addresses, Kwota } from '../src/kwota.ts';
import type { Log } from '../src/runtime/log.ts';

/** After a stop was asked for, the process ends within this time whatever hangs. */
const STOP_WITHIN_MS = 5_000;

/** `[READY] ocpp=ws://0.0.0.0:9000 api=http://127.0.0.1:8001 data=/srv/kwota/data`; with wss:// beside ws://, `ocpps=` after `ocpp=`. */
export function readyLine({ ocpp, api }: Addresses, dataDir: string): string {
  const at = ({ host, port }: { readonly host: string; readonly port: number }) =>
    `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const ocpps = ocpp.tls === null ? '' : ` ocpps=wss://${at(ocpp.tls)}`;
  return `[READY] ocpp=${ocpp.isTls ? 'wss' : 'ws'}://${at(ocpp)}${ocpps} api=${api.isTls ? 'https' : 'http'}://${at(api)} data=${dataDir}\n`;
}

/**
 * Resolves when a signal has come, or somebody has asked through the API, and everything is closed; rejects when not
 * everything could be written. A second signal ends the process at once.
 */
export function stopWhenTold(kwota: Pick<Kwota, 'stop'>, asked: Promise<string>, log: Log): Promise<void> {
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
