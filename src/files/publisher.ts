// Keeps one shared file live: renders it when the state changed, and replaces it when that makes a difference.
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { replaceFile } from './atomic-write.ts';
import { FileError } from './file-error.ts';
import { identify, sameFile, type FileIdentity } from './file-identity.ts';

/** What lies at the path: what this publisher wrote last, something else, or nothing. */
export type DiskState = 'ours' | 'foreign' | 'missing';

export interface PublisherOptions {
  readonly path: string;
  readonly clock: Clock;
  /** The file is replaced at most as often. */
  readonly intervalMs: number;
  /** The whole content of the file; null while there is nothing to say yet. */
  readonly render: () => string | null;
  /**
   * Asked before each replacement: the place to store the intended content, and to look at a foreign file first. After
   * 'skip' everything is asked again at the next interval. While it waits, nothing is written.
   */
  readonly beforeReplace?: (text: string, disk: DiskState) => Promise<'write' | 'skip'>;
  /** Told what lies there now, after each replacement. */
  readonly afterReplace?: (identity: FileIdentity) => void;
  readonly log: Log;
}

export interface PublisherHealth {
  readonly status: 'ok' | 'failing';
  /** In the words of the failure; null when there is none. */
  readonly reason: string | null;
}

export interface Publisher {
  /** Says that the state may have changed. Cheap: call it as often as you like. */
  touch(): void;
  /**
   * Looks, after what is under way, whether the file is still what was written; if not, it is replaced at the next
   * interval. Not for beforeReplace, which is under way itself. Throws a FileError when the file cannot be looked at.
   */
  verify(): Promise<DiskState>;
  /** Publishes now, whatever the interval says, after what is under way. It does not reject: health() tells. */
  flush(): Promise<void>;
  health(): PublisherHealth;
  /** No further publishing is begun by itself; flush() still works. */
  close(): void;
}

type Outcome = 'done' | 'again';

export function createPublisher(options: PublisherOptions): Publisher {
  const { path, clock, intervalMs, log } = options;
  let written: { text: string; identity: FileIdentity } | null = null;
  const failure = createFailureNote(path, log);
  let isDue = false;
  let isClosed = false;
  let lastStartMs: number | null = null;
  let cancelTimer: CancelTimer | null = null;
  let turn: Promise<void> = Promise.resolve();
  let turnsAhead = 0;

  async function publish(): Promise<Outcome> {
    const text = options.render();
    if (text === null) return 'done';
    const found = await identify(path);
    const disk = diskState(found, written?.identity ?? null);
    if (disk === 'ours' && text === written?.text) return 'done';
    if ((await options.beforeReplace?.(text, disk)) === 'skip') return 'again';
    // What somebody wrote since beforeReplace looked has not been seen by anybody: it must not be overwritten.
    const expected = options.beforeReplace ? { expected: found } : {};
    written = { text, identity: await replaceFile(path, text, { clock, ...expected }) };
    options.afterReplace?.(written.identity);
    return 'done';
  }

  async function publishSafely(): Promise<void> {
    isDue = false;
    lastStartMs = clock.monotonicMs();
    let outcome: Outcome = 'again';
    try {
      outcome = await publish();
      failure.set(null);
    } catch (error) {
      // 'changed' is no failure: the next turn sees the foreign file.
      if (!(error instanceof FileError && error.code === 'changed'))
        failure.set(error instanceof Error ? error.message : String(error));
    }
    if (outcome === 'again') isDue = true;
    turnsAhead -= 1;
  }

  /** One turn at a time, in order. */
  function enqueue(): Promise<void> {
    cancelTimer?.();
    cancelTimer = null;
    turnsAhead += 1;
    turn = turn.then(publishSafely).then(plan);
    return turn;
  }

  /** Not while one is under way, however long the disk takes: what is due then is one more turn, and not one for each touch. */
  function plan(): void {
    if (!isDue || isClosed || cancelTimer !== null || turnsAhead > 0) return;
    const waitMs = lastStartMs === null ? 0 : Math.max(0, lastStartMs + intervalMs - clock.monotonicMs());
    cancelTimer = clock.after(waitMs, () => {
      void enqueue();
    });
  }

  function touch(): void {
    isDue = true;
    plan();
  }

  return {
    touch,
    async verify() {
      await turn;
      const disk = diskState(await identify(path), written?.identity ?? null);
      if (disk !== 'ours') touch();
      return disk;
    },
    flush: enqueue,
    health: () => failure.health(),
    close() {
      isClosed = true;
      cancelTimer?.();
    },
  };
}

function diskState(found: FileIdentity | null, ours: FileIdentity | null): DiskState {
  if (found === null) return 'missing';
  return ours !== null && sameFile(found, ours) ? 'ours' : 'foreign';
}

/** Logs at each change between written and not written, not at each attempt. */
function createFailureNote(
  path: string,
  log: Log,
): { set(now: string | null): void; health(): PublisherHealth } {
  let reason: string | null = null;
  return {
    set(now) {
      const before = reason;
      reason = now;
      if (now !== null && before === null) {
        log.warn('DATA', 'a file cannot be written, trying again', { file: path, reason: now });
      }
      if (now === null && before !== null) log.info('DATA', 'the file is written again', { file: path });
    },
    health: () => ({ status: reason === null ? 'ok' : 'failing', reason }),
  };
}
