// The meter log: each reading once, however often a charger repeats it.
import type { MeterReading } from '../domain/meter-value.ts';
import type { Reading } from '../domain/reading.ts';
import { readingIdOf } from '../domain/reading-id.ts';
import type { Journal } from './journal.ts';

/** Readings remembered to recognise a repetition, at least: an hour of a busy site, or the whole queue of one charger. */
const MIN_REMEMBERED = 20_000;

export interface ReadingSource {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly transactionId: number | null;
  readonly userName: string;
  /** As the charger wrote it: part of what makes a reading the same reading. */
  readonly timestamp: string;
  readonly atMs: number;
}

export class Readings {
  readonly #journal: Journal;
  // Two generations: forgetting the older one as a whole costs nothing for each reading.
  #seen = new Set<number>();
  #seenBefore = new Set<number>();

  constructor(journal: Journal, known: readonly Reading[]) {
    this.#journal = journal;
    for (const reading of known) this.#remember(reading.id);
  }

  /** Returns whether it was new. */
  add(source: ReadingSource, shown: MeterReading): boolean {
    const { chargePointId, connectorId, transactionId, timestamp, userName, atMs } = source;
    const { registerWh, powerW, frequencyMilliHz, context } = shown;
    const id = readingIdOf({ chargePointId, connectorId, transactionId, timestamp, registerWh, context });
    if (!this.#remember(id)) return false;
    this.#journal.addReading({
      id,
      at: atMs,
      chargePointId,
      connectorId,
      transactionId,
      userName,
      registerWh,
      powerW,
      frequencyMilliHz,
    });
    return true;
  }

  /** Returns whether it was new. */
  #remember(id: number): boolean {
    if (this.#seenBefore.has(id)) return false;
    const { size } = this.#seen;
    this.#seen.add(id);
    if (this.#seen.size === size) return false;
    if (this.#seen.size >= MIN_REMEMBERED) {
      this.#seenBefore = this.#seen;
      this.#seen = new Set();
    }
    return true;
  }
}
