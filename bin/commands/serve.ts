// `kwota serve`: the server in the foreground until it is told to stop.
import { LiveConfig } from '../../src/config/live.ts';
import type { ProxyVariables } from '../../src/forward/sender.ts';
import { createKwota } from '../../src/kwota.ts';
import { buildInfo } from '../../src/runtime/build-info.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { ownGarbage, watchGarbage } from '../../src/runtime/garbage.ts';
import { backUpInProcess } from '../back-up-process.ts';
import { goOnWithoutReader } from '../closed-output.ts';
import { readAgain, readConfiguration, type ConfigOptions } from '../configuration.ts';
import { describeFailure } from '../failure.ts';
import { readyLine, stopWhenTold } from '../foreground.ts';
import { createServerLog } from '../server-log.ts';

export interface ServeOptions extends ConfigOptions {
  /** Nobody reads its stderr as it comes: the log goes to its file, and stderr has only what ends the server. */
  readonly background?: boolean;
}

export async function runServe(options: ServeOptions): Promise<void> {
  goOnWithoutReader();
  // A file size limit (ulimit -f) is then a failed write, which is waited out, and not the end.
  process.on('SIGXFSZ', () => undefined);
  const { config: started, path, dataDir } = readConfiguration(options);
  const live = new LiveConfig(started);
  const { config } = live;
  const { log, fileLog, lines, file } = createServerLog(config, dataDir, options.background);
  const { version } = buildInfo();
  const failed = Promise.withResolvers<never>();
  const asked = Promise.withResolvers<string>();
  const kwota = createKwota({
    ...{ config, dataDir, version, log },
    ...{ logLines: lines, logFile: file, proxy: proxyVariables() },
    reload: path === null ? null : { path, live, read: (text) => readAgain({ path, text }, options) },
    clock: systemClock,
    backUp: backUpInProcess(dataDir, path),
    onFatal: failed.reject,
    onStopAsked: asked.resolve,
  });
  const stopped = stopWhenTold(kwota, asked.promise, log);
  try {
    const addresses = await kwota.start();
    log.info('DATA', 'started', { version, config: path ?? 'none', data: dataDir });
    process.stdout.write(readyLine(addresses, dataDir));
    watchGarbage({ clock: systemClock, log, ...ownGarbage() });
    await Promise.race([stopped, failed.promise]);
    log.info('DATA', 'stopped');
  } catch (cause) {
    fileLog.error('DATA', 'ended by a failure', { cause: describeFailure(cause, false).trim() });
    throw cause;
  } finally {
    await file?.close();
  }
}

/** Programs differ in the case in which they read them. */
function proxyVariables(): ProxyVariables {
  const { env } = process;
  return {
    HTTP_PROXY: env['HTTP_PROXY'] ?? env['http_proxy'],
    HTTPS_PROXY: env['HTTPS_PROXY'] ?? env['https_proxy'],
    NO_PROXY: env['NO_PROXY'] ?? env['no_proxy'],
  };
}
