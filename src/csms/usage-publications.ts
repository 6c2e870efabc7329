// What energy_usage.json was made to say lately: kept in the store, so that an edit by another program is told from our own.
import type { Journal } from './journal.ts';

export interface Publication {
  readonly seq: number;
  readonly at: number;
  /** The billing month that the file showed. */
  readonly month: string;
  readonly whByTag: Readonly<Record<string, number>>;
}

/** As stored: pairs, for a tag may be any text and objects reorder or swallow some. */
interface StoredPublication {
  readonly seq: number;
  readonly at: number;
  readonly month: string;
  readonly pairs: readonly (readonly [string, number])[];
}

/** A content is remembered this long after the next one replaced it: another program may have read it until then. */
const KEEP_MS = 60_000;

/** The store keeps this many: a minute of them at the shortest publishing interval (100 ms), and some. */
const SLOTS = 640;

export class UsagePublications {
  readonly #journal: Journal;
  #kept: readonly Publication[];
  #hasPut = false;

  constructor(journal: Journal) {
    this.#journal = journal;
    const stored = Array.from({ length: SLOTS }, (_, slot) =>
      journal.live.other('publication', String(slot)),
    );
    const found = stored
      .filter((slot) => slot !== undefined)
      .map((slot) => unpack(slot as StoredPublication));
    found.sort((a, b) => a.seq - b.seq);
    this.#kept = recentOf(found, found.at(-1)?.at ?? 0);
  }

  /** What the file is about to say, or what was just found in it and accepted. On disk with the journal's next commit. */
  put(month: string, whByTag: ReadonlyMap<string, number>, at: number): void {
    const seq = (this.#kept.at(-1)?.seq ?? 0) + 1;
    const stored: StoredPublication = { seq, at, month, pairs: [...whByTag] };
    this.#hasPut = true;
    this.#kept = recentOf([...this.#kept, unpack(stored)], at).slice(-SLOTS);
    this.#journal.put('publication', String(seq % SLOTS), stored, null, null);
  }

  /**
   * The newest one always, and those it or its predecessors replaced in the minute before `nowMs`; oldest first. While
   * kwota was down nothing was replaced: what was recent when it stopped stays so until it publishes again.
   */
  recent(nowMs: number): readonly Publication[] {
    return this.#hasPut ? recentOf(this.#kept, nowMs) : this.#kept;
  }
}

/** The newest, and those that were replaced less than a minute ago. */
function recentOf(publications: readonly Publication[], nowMs: number): Publication[] {
  return publications.filter((_, index) => {
    const successor = publications[index + 1];
    return successor === undefined || nowMs - successor.at <= KEEP_MS;
  });
}

function unpack(stored: StoredPublication): Publication {
  const whByTag = Object.create(null) as Record<string, number>;
  for (const [idTag, wh] of stored.pairs) whByTag[idTag] = wh;
  return { seq: stored.seq, at: stored.at, month: stored.month, whByTag };
}
