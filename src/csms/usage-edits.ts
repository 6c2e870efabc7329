// Edits of energy_usage.json by another program: they become adjustments, each exactly once.
import type { Entry } from '../domain/entry.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';
import type { Publication, UsagePublications } from './usage-publications.ts';

export interface UsageEditParts {
  readonly journal: Journal;
  readonly publications: UsagePublications;
  readonly clock: Clock;
  readonly log: Log;
  /** The quota of these tags may have changed. */
  readonly onAdjusted: () => void;
}

export interface UsageChange {
  readonly idTag: string;
  readonly fromWh: number;
  readonly toWh: number;
}

const SOURCE = 'energy_usage.json';

export class UsageEdits {
  readonly #parts: UsageEditParts;

  constructor(parts: UsageEditParts) {
    this.#parts = parts;
  }

  /**
   * `changes` are the differences to `base`. The content that was found counts as published from here on, in the same
   * commit: whoever looks at the same file again, also after a crash, finds no edit in it.
   */
  apply(base: Publication, changes: readonly UsageChange[]): void {
    const { journal, publications, clock, log, onAdjusted } = this.#parts;
    const atMs = clock.now();
    const found = new Map(base.whByTag);
    for (const { idTag, fromWh, toWh } of changes) {
      found.set(idTag, toWh);
      const wh = toWh - fromWh;
      const id = `adjustment/${base.seq}/${atMs}/${idTag}`;
      const entry: Entry = { id, type: 'adjustment', idTag, month: base.month, wh, atMs, source: SOURCE };
      journal.putEntry(entry);
      log.info('DATA', 'usage was changed by another program', {
        user: idTag,
        month: base.month,
        fromWh,
        toWh,
      });
    }
    publications.put(base.month, found, atMs);
    onAdjusted();
  }
}
