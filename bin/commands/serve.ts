// `kwota serve`: the server in the foreground until it is told to stop.
import { createKwota } from '../../src/kwota.ts';
import { buildInfo } from '../../src/runtime/build-info.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { createLog } from '../../src/runtime/log-output.ts';
import { LogRing } from '../../src/runtime/log-ring.ts';
import { readConfiguration, type ConfigOptions } from '../configuration.ts';
import { readyLine, stopWhenTold } from '../foreground.ts';

export async function runServe(options: ConfigOptions): Promise<void> {
  // Whoever read the log may have gone away; charging goes on.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  // A file size limit (ulimit -f) is then a failed write, which is waited out, and not the end.
  process.on('SIGXFSZ', () => undefined);
  const { config, path, dataDir } = readConfiguration(options);
  const ring = new LogRing(systemClock);
  const log = createLog({ ...config.log, write: (line) => process.stderr.write(line), ring });
  const { version } = buildInfo();
  const failed = Promise.withResolvers<never>();
  const asked = Promise.withResolvers<string>();
  const kwota = createKwota({
    ...{ config, dataDir, version, log, logLines: ring },
    clock: systemClock,
    onFatal: failed.reject,
    onStopAsked: asked.resolve,
  });
  const stopped = stopWhenTold(kwota, asked.promise, log);
  const addresses = await kwota.start();
  log.info('DATA', 'started', { version, config: path ?? 'none', data: dataDir });
  process.stdout.write(readyLine(addresses, dataDir));
  await Promise.race([stopped, failed.promise]);
  log.info('DATA', 'stopped');
}
