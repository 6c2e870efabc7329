// The meter log: each reading once, however often a charger repeats it.
import type { MeterReading } from '../domain/meter-value.ts';
import { readingIdOf } from '../domain/reading-id.ts';
import type { Journal } from './journal.ts';

/**
 * Readings remembered to recognise a repetition, at least: an hour and a half of a thousand chargers that meter once a
 * minute. A repetition of an older one is listed twice; its energy counts once all the same.
 */
export const READINGS_REMEMBERED = 100_000;

export interface ReadingSource {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly transactionId: number | null;
  readonly userName: string;
  /** As the charger wrote it, or what else tells it from others: part of what makes a reading the same reading. */
  readonly timestamp: string;
  readonly atMs: number;
}

export class Readings {
  readonly #journal: Journal;
  // Two generations: forgetting the older one as a whole costs nothing for each reading.
  #seen = new Set<number>();
  #seenBefore = new Set<number>();

  /** `knownIds`: of the newest readings stored, oldest first. */
  constructor(journal: Journal, knownIds: readonly number[]) {
    this.#journal = journal;
    for (const id of knownIds) this.#remember(id);
  }

  /** Returns its id, or null when it is not new. */
  add(source: ReadingSource, shown: MeterReading): number | null {
    const { chargePointId, connectorId, transactionId, timestamp, userName, atMs } = source;
    const { registerWh, intervalMilliWh, powerW, frequencyMilliHz, context } = shown;
    const id = readingIdOf({
      chargePointId,
      connectorId,
      transactionId,
      timestamp,
      registerWh,
      intervalMilliWh,
      context,
    });
    if (!this.#remember(id)) return null;
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
    return id;
  }

  /** Returns whether it was new. */
  #remember(id: number): boolean {
    if (this.#seenBefore.has(id)) return false;
    const { size } = this.#seen;
    this.#seen.add(id);
    if (this.#seen.size === size) return false;
    if (this.#seen.size >= READINGS_REMEMBERED) {
      this.#seenBefore = this.#seen;
      this.#seen = new Set();
    }
    return true;
  }
}
