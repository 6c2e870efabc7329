// Reads config.yaml again when it changes. What is wrong with it is an alarm, and the configuration stays as it was.
import { describeProblem } from './config/problem.ts';
import type { LoadResult } from './config/load.ts';
import type { LiveConfig } from './config/live.ts';
import type { Alarms } from './csms/alarms.ts';
import { watchFile } from './files/watch.ts';
import type { CancelTimer, Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';

export interface ConfigReload {
  readonly path: string;
  readonly live: LiveConfig;
  /** The same flags and variables as at the start, with this text of the file. */
  readonly read: (text: string) => LoadResult;
}

const ALARM = 'configuration';
const TAG = 'DATA';
const LOOK_EVERY_MS = 1_000;
const MAX_BYTES = 1_048_576;

/** From its start on. `changed` is called after each change that counts at once. */
export function watchConfig(
  { path, live, read }: ConfigReload,
  parts: { readonly alarms: Alarms; readonly clock: Clock; readonly log: Log; readonly changed: () => void },
): CancelTimer {
  const { alarms, clock, log, changed } = parts;
  const refuse = (why: string) => alarms.raise(ALARM, TAG, `the configuration stays as it was: ${why}`);
  /** Null: it was taken; else why it cannot be. */
  const take = (content: Buffer): string | null => {
    const loaded = read(content.toString('utf8'));
    if ('problems' in loaded) return loaded.problems.map(describeProblem).join('; ');
    const { applied, waiting } = live.take(loaded.config);
    if (waiting.length > 0) log.warn(TAG, 'waits for the next start', { keys: waiting.join(', ') });
    if (applied.length > 0) {
      log.info(TAG, 'taken over from the configuration', { keys: applied.join(', ') });
      changed();
    }
    return null;
  };
  const watch = watchFile(
    path,
    {
      ...{ clock, pollIntervalMs: LOOK_EVERY_MS, maxBytes: MAX_BYTES },
      onProblem: ({ message }) => refuse(message),
    },
    (content) => {
      const why =
        content === null ? `${path} is gone; put it back, or start again without it` : take(content);
      if (why === null) alarms.clear(ALARM, TAG);
      else refuse(why);
    },
  );
  return () => watch.close();
}
