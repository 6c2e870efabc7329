// energy_usage.json is shown and edited: its content is put on record before it is written, and what others change is recognised.
import type { SiteState } from '../domain/site-state.ts';
import type { User } from '../domain/user.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { identify, sameFile, type FileIdentity } from './file-identity.ts';
import type { PublisherOptions } from './publisher.ts';
import { recogniseEdit, type UsageChange, type UsagePublication } from './usage-edit.ts';
import { EnergyUsage } from './view/energy-usage.ts';
import { watchFile } from './watch.ts';

/** Where the published contents are remembered. */
export interface PublicationBook {
  /** Looks at `whByTag` now and not later. */
  put(month: string, whByTag: ReadonlyMap<string, number>, atMs: number): void;
  /** Those that another program may have read before it wrote what is there at `nowMs`. */
  recent(nowMs: number): readonly UsagePublication[];
}

export interface UsageFileParts {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly state: SiteState;
  /** The same list for as long as its content is the same. */
  readonly users: () => readonly User[];
  readonly currentMonth: () => string;
  readonly publications: PublicationBook;
  /** Resolves when what was put so far is on disk. */
  readonly settle: () => Promise<void>;
  /** Another program changed the file. */
  readonly onEdit: (base: UsagePublication, changes: readonly UsageChange[]) => void;
  readonly touch: () => void;
}

/** A file found at the start is examined when it has been stable for 300 ms; a stop may come before. */
const LAST_LOOKS = 10;
const LAST_LOOK_AFTER_MS = 100;

export interface UsageFile extends Required<Pick<PublisherOptions, 'beforeReplace' | 'afterReplace'>> {
  readonly render: () => string;
  /** Looks until what lies there has been examined, a second at most: before the last publishing. */
  readonly examineFound: () => Promise<void>;
  readonly close: () => void;
}

export function createUsageFile(parts: UsageFileParts): UsageFile {
  const { path, clock, log, publications } = parts;
  const usage = new EnergyUsage(parts.state);
  let intended = { month: '', text: '' };
  let examined: FileIdentity | null = null;

  /** Why what lies there cannot be looked at; null once it was. */
  let obstacle: Error | null = null;

  const onProblem = (problem: Error) => {
    obstacle = problem;
    log.warn('DATA', problem.message);
  };
  const watch = watchFile(path, { clock, onProblem }, async (content, identity) => {
    if (content !== null) {
      examine(content.toString('utf8'));
      // The adjustments are on disk before the file they came from may be overwritten.
      await parts.settle();
    }
    examined = identity;
    obstacle = null;
    parts.touch();
  });

  function examine(text: string): void {
    const edit = recogniseEdit(text, publications.recent(clock.now()));
    if (edit.kind === 'unreadable') {
      log.warn('DATA', 'energy_usage.json cannot be read and is written anew', {
        problem: edit.problem.message,
      });
    } else if (edit.kind === 'unknownBase') {
      log.warn('DATA', 'energy_usage.json is not from kwota and is written anew');
    } else {
      for (const { idTag, problem } of edit.ignored) log.warn('DATA', problem, { user: idTag });
      if (edit.kind === 'edit') parts.onEdit(edit.base, edit.changes);
    }
  }

  return {
    render() {
      const month = parts.currentMonth();
      intended = { month, text: usage.render(parts.users(), month) };
      return intended.text;
    },
    async beforeReplace(text, disk) {
      // Only what has been looked at may be overwritten: it may be another program's edit.
      if (disk === 'foreign' && !sameFile(await identify(path), examined)) {
        if (obstacle) throw obstacle;
        return 'skip';
      }
      // Rendered again since it was asked: the next turn is for that.
      if (text !== intended.text) return 'skip';
      publications.put(intended.month, usage.whByTag, clock.now());
      await parts.settle();
      return 'write';
    },
    afterReplace(identity) {
      // Our own content is no news: with thousands of users, to compare it with all that is on record takes long.
      examined = identity;
      watch.acknowledge(identity);
    },
    async examineFound() {
      for (let look = 0; look < LAST_LOOKS; look += 1) {
        if ((await watch.checkNow()) !== 'pending') return;
        await new Promise<void>((resolve) => clock.after(LAST_LOOK_AFTER_MS, resolve));
      }
    },
    close: () => watch.close(),
  };
}
