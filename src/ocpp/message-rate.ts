// How fast one charger's messages are read: what comes faster is read later, and nothing is dropped or refused for it.

/** Messages of one charger in a second; a charger that empties an offline queue sends some hundred. */
export const MESSAGES_PER_SECOND = 1_000;

/** Once reading has stopped it stops for this long, and not for each message. */
const LEAST_PAUSE_MS = 100;
const MS_PER_SECOND = 1_000;

export class MessageRate {
  #left = MESSAGES_PER_SECOND;
  #countedAtMs: number;

  /** Times are monotonic. */
  constructor(nowMs: number) {
    this.#countedAtMs = nowMs;
  }

  /** Counts a message that was read; returns whether reading should stop. */
  count(nowMs: number): boolean {
    this.#gain(nowMs);
    // What one read of the socket held comes in any case: it is owed.
    this.#left -= 1;
    return this.#left < 0;
  }

  /** For how long nothing should be read; 0: it may go on. */
  pauseMs(nowMs: number): number {
    this.#gain(nowMs);
    return this.#left >= 0 ? 0 : LEAST_PAUSE_MS - (this.#left * MS_PER_SECOND) / MESSAGES_PER_SECOND;
  }

  #gain(nowMs: number): void {
    const gained = ((nowMs - this.#countedAtMs) * MESSAGES_PER_SECOND) / MS_PER_SECOND;
    this.#countedAtMs = nowMs;
    this.#left = Math.min(MESSAGES_PER_SECOND, this.#left + gained);
  }
}
