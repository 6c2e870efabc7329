// Waits for the next unknown card, so that a user is enrolled by tapping. Who becomes a user is user-admin.ts.
import type { Clock } from '../runtime/clock.ts';
import type { UnknownTag, UnknownTags } from './unknown-tags.ts';

export interface CardWanted {
  /** Only a card shown there; null: at any charger. */
  readonly chargePointId: string | null;
  readonly withinMs: number;
  /** Whoever waits has gone away. */
  readonly signal?: AbortSignal;
}

/** `busy`: somebody waits for a card there already, and one card cannot be for two. */
export type CardOutcome =
  { readonly kind: 'card'; readonly tag: UnknownTag } | { readonly kind: 'none' | 'cancelled' | 'busy' };

/** What a charger tells late, from its offline queue, was not shown for this; its clock may be off by as much. */
const CLOCK_GRACE_MS = 60_000;

export class Enrolments {
  readonly #tags: UnknownTags;
  readonly #clock: Clock;
  readonly #waiting = new Set<CardWanted>();

  constructor(tags: UnknownTags, clock: Clock) {
    this.#tags = tags;
    this.#clock = clock;
  }

  nextCard(wanted: CardWanted): Promise<CardOutcome> {
    const { chargePointId, withinMs, signal } = wanted;
    if (signal?.aborted === true) return Promise.resolve({ kind: 'cancelled' });
    if (this.#isTaken(chargePointId)) return Promise.resolve({ kind: 'busy' });
    this.#waiting.add(wanted);
    const sinceMs = this.#clock.now() - CLOCK_GRACE_MS;
    return new Promise((resolve) => {
      const end = (outcome: CardOutcome) => {
        this.#waiting.delete(wanted);
        cancelTimer();
        stopListening();
        signal?.removeEventListener('abort', onAbort);
        resolve(outcome);
      };
      const onAbort = () => end({ kind: 'cancelled' });
      const cancelTimer = this.#clock.after(withinMs, () => end({ kind: 'none' }));
      const stopListening = this.#tags.onSeen((tag) => {
        const isHere = chargePointId === null || tag.chargePointId === chargePointId;
        if (isHere && tag.lastMs >= sinceMs) end({ kind: 'card', tag });
      });
      signal?.addEventListener('abort', onAbort);
    });
  }

  #isTaken(chargePointId: string | null): boolean {
    return [...this.#waiting].some(
      (one) => chargePointId === null || one.chargePointId === null || one.chargePointId === chargePointId,
    );
  }
}
