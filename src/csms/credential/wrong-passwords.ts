// Who offers wrong passwords, and is paused for it: counted for an address and a charger's id together, so that nobody
// who guesses at one charger shuts out another, and no proxy or NAT shuts out a site.
import type { Clock } from '../../runtime/clock.ts';

/** Wrong passwords before the pause. */
export const WRONG_PASSWORDS_MAX = 10;
export const PAUSE_MS = 60_000;

/** Nobody has tried for so long: counted anew. */
const FORGOTTEN_AFTER_MS = 600_000;

/** Those that tried last. */
const ENTRIES_MAX = 10_000;

interface Entry {
  wrong: number;
  lastMs: number;
  pausedUntilMs: number;
}

export class WrongPasswords {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For how much longer it is paused; 0: it is not. */
  pausedMs(address: string, chargePointId: string): number {
    const entry = this.#entries.get(keyOf(address, chargePointId));
    return Math.max(0, (entry?.pausedUntilMs ?? 0) - this.#clock.monotonicMs());
  }

  /** To be called before each try; returns whether the pause begins with this one, unless it is right. */
  tried(address: string, chargePointId: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const key = keyOf(address, chargePointId);
    const known = this.#entries.get(key);
    const isOver = known === undefined || nowMs - known.lastMs > FORGOTTEN_AFTER_MS;
    const entry: Entry = isOver ? { wrong: 0, lastMs: nowMs, pausedUntilMs: 0 } : known;
    entry.wrong += 1;
    entry.lastMs = nowMs;
    // Moved to the end: the first is the one that has not tried for the longest time.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > ENTRIES_MAX && oldest !== undefined) this.#entries.delete(oldest);
    if (entry.wrong < WRONG_PASSWORDS_MAX) return false;
    entry.wrong = 0;
    entry.pausedUntilMs = nowMs + PAUSE_MS;
    return true;
  }

  right(address: string, chargePointId: string): void {
    this.#entries.delete(keyOf(address, chargePointId));
  }
}

/** No address has a blank. */
function keyOf(address: string, chargePointId: string): string {
  return `${address} ${chargePointId}`;
}
