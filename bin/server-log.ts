// The log of a server: to stderr, to a file, and the newest lines in memory. Where the file is, for those who read it.
import { join } from 'node:path';
import { NONE } from '../src/config/kind.ts';
import type { Config } from '../src/config/schema.ts';
import { systemClock } from '../src/runtime/clock.ts';
import type { Log } from '../src/runtime/log.ts';
import { LogFile } from '../src/runtime/log-file.ts';
import { createLog } from '../src/runtime/log-output.ts';
import { createRedaction, type Redact } from '../src/runtime/log-redaction.ts';
import { LogRing } from '../src/runtime/log-ring.ts';

const MS_PER_DAY = 86_400_000;

export interface ServerLog {
  readonly log: Log;
  /** To the file alone: what stderr is told in another way. */
  readonly fileLog: Log;
  readonly lines: LogRing;
  /** Null: there is to be none. */
  readonly file: LogFile | null;
}

/** `isInBackground`: stderr gets lines only where there is to be no file. */
export function createServerLog(config: Config, dataDir: string, isInBackground = false): ServerLog {
  const { format, maxSize, maxAge, keep } = config.log;
  const level = () => config.log.level;
  const path = logFilePath(config, dataDir);
  const limits = { maxBytes: maxSize, maxAgeMs: maxAge * MS_PER_DAY, keep };
  const file = path === null ? null : new LogFile({ path, ...limits, clock: systemClock });
  const ring = new LogRing();
  const redact = redactionOf(config);
  const write = (line: string) => {
    if (file === null || !isInBackground) process.stderr.write(line);
    file?.write(line);
  };
  const writeFile = (line: string) => file?.write(line);
  return {
    log: createLog({ level, format, write, ring, redact }),
    fileLog: createLog({ level, format, write: writeFile, redact }),
    lines: ring,
    file,
  };
}

/** Passwords of chargers may change while it runs. */
function redactionOf(config: Config): Redact {
  let { settings } = config.chargers;
  let redact = createRedaction(secretsOf(config));
  return (text) => {
    if (settings !== config.chargers.settings) {
      ({ settings } = config.chargers);
      redact = createRedaction(secretsOf(config));
    }
    return redact(text);
  };
}

function secretsOf({ alarms, api, chargers, forward }: Config): string[] {
  const passwords = chargers.settings.flatMap(({ settings }) => settings.password ?? []);
  const keys = [...Object.values(forward.headers), forward.apiKey ?? []].flat();
  const ofWebhooks = alarms.webhooks.flatMap(({ secret, headers }) => [secret, ...Object.values(headers)]);
  return [...api.tokens.map(({ token }) => token), ...passwords, ...keys, ...ofWebhooks];
}

/** Null: there is none. */
export function logFilePath({ log }: Config, dataDir: string): string | null {
  if (log.file === NONE) return null;
  return log.file ?? join(dataDir, '.kwota', 'log', 'kwota.log');
}
