// What energy_usage.json was made to say lately: kept in the store, so that an edit by another program is told from our own.
// With thousands of users a content is large and the next one differs in few of them: only differences are kept.
import type { Journal } from './journal.ts';

/** Wh by tag. A Map is one. */
export interface PublishedUsage extends Iterable<readonly [idTag: string, wh: number]> {
  get(idTag: string): number | undefined;
}

export interface Publication {
  readonly seq: number;
  readonly at: number;
  /** The billing month that the file showed. */
  readonly month: string;
  readonly whByTag: PublishedUsage;
}

/** As stored: pairs, for a tag may be any text and objects reorder or swallow some. */
interface StoredPublication {
  readonly seq: number;
  readonly at: number;
  readonly month: string;
  /** All of it; or, with `after`, what differs from the publication of that seq: null where a tag is gone. */
  readonly pairs: readonly (readonly [idTag: string, wh: number | null])[];
  readonly after?: number;
}

/** By tag, what it is made, or undefined where it goes. */
type Differences = ReadonlyMap<string, number | undefined>;

interface Kept {
  readonly seq: number;
  readonly at: number;
  readonly month: string;
  /** What has to be changed in the publication after it to have this one. */
  readonly back: Differences;
}

/** A content is remembered this long after the next one replaced it: another program may have read it until then. */
const KEEP_MS = 60_000;

/** A minute of them at the shortest publishing interval (100 ms), and some. */
const MAX_KEPT = 640;

/** So often one is stored whole, for those after it to count from. */
const WHOLE_EVERY = 64;

/** With so many stored, the oldest that is kept can be told from a whole one before it. */
const SLOTS = MAX_KEPT + WHOLE_EVERY;

export class UsagePublications {
  readonly #journal: Journal;
  /** Changed in place: of thousands of tags few differ from one content to the next. */
  readonly #newest = new Map<string, number>();
  #kept: readonly Kept[] = [];
  #hasPut = false;

  constructor(journal: Journal) {
    this.#journal = journal;
    const stored = Array.from({ length: SLOTS }, (_, slot) => {
      return journal.live.other('publication', String(slot)) as StoredPublication | undefined;
    });
    const found = stored.filter((one) => one !== undefined).sort((a, b) => a.seq - b.seq);
    for (const one of found) this.#load(one);
    this.#kept = recentOf(this.#kept, this.#kept.at(-1)?.at ?? 0).slice(-MAX_KEPT);
  }

  /**
   * What the file is about to say, or what was just found in it and accepted. On disk with the journal's next commit.
   */
  put(month: string, whByTag: ReadonlyMap<string, number>, at: number): void {
    const last = this.#kept.at(-1)?.seq ?? 0;
    const seq = last + 1;
    const differences = differencesOf(this.#newest, whByTag);
    const isWhole = last === 0 || seq % WHOLE_EVERY === 0 || 2 * differences.size > whByTag.size;
    const stored: StoredPublication = isWhole
      ? { seq, at, month, pairs: [...whByTag] }
      : { seq, at, month, pairs: [...differences].map(([idTag, wh]) => [idTag, wh ?? null]), after: last };
    this.#hasPut = true;
    this.#append({ seq, at, month }, differences);
    if (isWhole) this.#putInOrder(whByTag);
    this.#kept = recentOf(this.#kept, at).slice(-MAX_KEPT);
    this.#journal.put('publication', String(seq % SLOTS), stored, null, null);
  }

  /**
   * The newest one always, and those it or its predecessors replaced in the minute before `nowMs`; oldest first. While
   * kwota was down nothing was replaced: what was recent when it stopped stays so until it publishes again. Good until
   * the next put.
   */
  recent(nowMs: number): readonly Publication[] {
    const kept = this.#hasPut ? recentOf(this.#kept, nowMs) : this.#kept;
    let differences: Differences = new Map();
    return kept
      .toReversed()
      .map(({ seq, at, month, back }) => {
        if (back.size > 0) differences = new Map([...differences, ...back]);
        return { seq, at, month, whByTag: new ChangedUsage(this.#newest, differences) };
      })
      .reverse();
  }

  /** Those that cannot be told from a whole one before them are too old to matter. */
  #load({ seq, at, month, pairs, after }: StoredPublication): void {
    const last = this.#kept.at(-1)?.seq;
    if (after !== undefined && after !== last) {
      this.#kept = [];
      return;
    }
    const told = new Map(pairs.map(([idTag, wh]) => [idTag, wh ?? undefined]));
    const isWhole = after === undefined;
    this.#append({ seq, at, month }, isWhole ? differencesOf(this.#newest, told) : told);
  }

  #append(next: Omit<Kept, 'back'>, differences: Differences): void {
    const back = new Map<string, number | undefined>();
    for (const [idTag, wh] of differences) {
      back.set(idTag, this.#newest.get(idTag));
      if (wh === undefined) this.#newest.delete(idTag);
      else this.#newest.set(idTag, wh);
    }
    const last = this.#kept.at(-1);
    const earlier = last ? [...this.#kept.slice(0, -1), { ...last, back }] : [];
    this.#kept = [...earlier, { ...next, back: new Map() }];
  }

  /** A tag that came later stands at the end until then. */
  #putInOrder(newest: ReadonlyMap<string, number>): void {
    this.#newest.clear();
    for (const [idTag, wh] of newest) this.#newest.set(idTag, wh);
  }
}

/** The newest content with some of it as it was before. */
class ChangedUsage implements PublishedUsage {
  readonly #newest: ReadonlyMap<string, number>;
  readonly #differences: Differences;

  constructor(newest: ReadonlyMap<string, number>, differences: Differences) {
    this.#newest = newest;
    this.#differences = differences;
  }

  get(idTag: string): number | undefined {
    return this.#differences.has(idTag) ? this.#differences.get(idTag) : this.#newest.get(idTag);
  }

  *[Symbol.iterator](): Generator<readonly [string, number]> {
    for (const pair of this.#newest) if (!this.#differences.has(pair[0])) yield pair;
    for (const [idTag, wh] of this.#differences) if (wh !== undefined) yield [idTag, wh];
  }
}

/** Nearly always both have the same tags in the same order: as long as they go together nothing has to be searched. */
function differencesOf(
  from: ReadonlyMap<string, number>,
  to: ReadonlyMap<string, number | undefined>,
): Differences {
  const differences = new Map<string, number | undefined>();
  const beside = from.entries();
  let inBoth = 0;
  for (const [idTag, wh] of to) {
    const pair = beside.next().value;
    const before = pair?.[0] === idTag ? pair[1] : from.get(idTag);
    if (before !== undefined) inBoth += 1;
    if (before !== wh) differences.set(idTag, wh);
  }
  if (inBoth < from.size)
    for (const idTag of from.keys()) if (!to.has(idTag)) differences.set(idTag, undefined);
  return differences;
}

/** The newest, and those that were replaced less than a minute ago. */
function recentOf(publications: readonly Kept[], nowMs: number): readonly Kept[] {
  const isRecent = (_: Kept, index: number) => {
    const successor = publications[index + 1];
    return successor === undefined || nowMs - successor.at <= KEEP_MS;
  };
  return publications.filter(isRecent);
}
