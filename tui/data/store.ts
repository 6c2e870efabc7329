// Holds the snapshot that is shown. Changes are gathered, so that what is drawn changes only now and then.
import type { LiveEvent } from '../../src/api/contract/events.ts';
import type { CancelTimer, Clock } from '../../src/runtime/clock.ts';
import { applyEvents } from './apply-events.ts';
import type { Change, Snapshot } from './snapshot.ts';

/** Four changes a second: more is not read, and of ten frames a second enough are left for what keys do. */
const GATHER_MS = 250;
/** Nobody waits for the first picture. */
const FIRST_GATHER_MS = 50;

export class SnapshotStore {
  readonly #clock: Clock;
  readonly #gatherMs: number;
  readonly #listeners = new Set<() => void>();
  #latest: Snapshot;
  #shown: Snapshot;
  /** In their order; events that follow one another are applied at once. */
  #waiting: (Change | LiveEvent[])[] = [];
  #cancel: CancelTimer | null = null;
  #toldAtMs = -Infinity;
  #isFrozen = false;

  constructor(clock: Clock, first: Snapshot, gatherMs = GATHER_MS) {
    this.#clock = clock;
    this.#gatherMs = gatherMs;
    this.#latest = first;
    this.#shown = first;
  }

  /** What is shown; the same object until something changed. */
  readonly shown = (): Snapshot => this.#shown;

  /** The newest, also while the picture is frozen. */
  latest(): Snapshot {
    this.#applyWaiting();
    return this.#latest;
  }

  /** Returns what ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  change(change: Change): void {
    this.#waiting.push(change);
    this.#tellSoon();
  }

  happened(event: LiveEvent): void {
    const last = this.#waiting.at(-1);
    if (Array.isArray(last)) last.push(event);
    else this.#waiting.push([event]);
    this.#tellSoon();
  }

  /** Stops or goes on swapping what is shown; changes are kept meanwhile. */
  freeze(isFrozen: boolean): void {
    this.#isFrozen = isFrozen;
    if (!isFrozen) this.#tell();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#listeners.clear();
  }

  #tellSoon(): void {
    if (this.#cancel !== null) return;
    const gatherMs = this.#shown.chargers === null ? FIRST_GATHER_MS : this.#gatherMs;
    const sinceMs = this.#clock.monotonicMs() - this.#toldAtMs;
    this.#cancel = this.#clock.after(Math.max(0, gatherMs - sinceMs), () => this.#tell());
  }

  #applyWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting)
      this.#latest = Array.isArray(one) ? applyEvents(this.#latest, one) : one(this.#latest);
  }

  #tell(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#toldAtMs = this.#clock.monotonicMs();
    this.#applyWaiting();
    if (this.#isFrozen || this.#shown === this.#latest) return;
    this.#shown = this.#latest;
    for (const listener of this.#listeners) listener();
  }
}
