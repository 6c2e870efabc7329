// Which card was accepted at a charger and has not charged yet: whose a transaction may be that never told of its start.
import type { EpochMs } from '../runtime/clock.ts';

/** A card that was shown longer ago than this is not the one that charges. */
const VALID_MS = 10 * 60_000;

/** In memory alone: after a restart such a transaction is nobody's. */
export class ShownCards {
  readonly #last = new Map<string, { readonly idTag: string; readonly atMs: EpochMs }>();

  /** Authorize was answered with Accepted. */
  accepted(chargePointId: string, idTag: string, atMs: EpochMs): void {
    this.#last.set(chargePointId, { idTag, atMs });
  }

  /** A StartTransaction has told whose the session is. */
  started(chargePointId: string): void {
    this.#last.delete(chargePointId);
  }

  /** The card that waits for its session, which this now is; null when none does. */
  take(chargePointId: string, atMs: EpochMs): string | null {
    const shown = this.#last.get(chargePointId);
    this.#last.delete(chargePointId);
    return shown && Math.abs(atMs - shown.atMs) <= VALID_MS ? shown.idTag : null;
  }
}
