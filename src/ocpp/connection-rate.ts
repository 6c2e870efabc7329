// How fast one address may open connections: a few seconds' worth more waits for its turn, and what is beyond is closed before
// it costs a handshake. Nobody is shut out: the next second has room again, and other addresses have theirs.
import type { Clock } from '../runtime/clock.ts';

/** New connections of one address in a second: a proxy or a NAT brings a whole site back within seconds. */
export const CONNECTIONS_PER_SECOND = 200;

/** As long as chargers wait for the answer to their upgrade. */
const LONGEST_WAIT_MS = 20_000;

/** Addresses that came last. */
const ADDRESSES_MAX = 10_000;
const MS_PER_SECOND = 1_000;

const LOOPBACK = /^(?:127\.|::1$)/;

export class ConnectionRate {
  readonly #clock: Clock;
  /** When the connection after the next has its turn; monotonic. */
  readonly #nextTurnMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long a new connection of this address has to wait; null: too long, it should be closed. */
  waitOf(address: string): number | null {
    if (LOOPBACK.test(address)) return 0;
    const nowMs = this.#clock.monotonicMs();
    // A second's worth may come at once.
    const next = Math.max(this.#nextTurnMs.get(address) ?? 0, nowMs - MS_PER_SECOND);
    const waitMs = Math.max(0, next - nowMs);
    if (waitMs > LONGEST_WAIT_MS) return null;
    // Moved to the end: the first is the one that has not come for the longest time.
    this.#nextTurnMs.delete(address);
    this.#nextTurnMs.set(address, next + MS_PER_SECOND / CONNECTIONS_PER_SECOND);
    const [oldest] = this.#nextTurnMs.keys();
    if (this.#nextTurnMs.size > ADDRESSES_MAX && oldest !== undefined) this.#nextTurnMs.delete(oldest);
    return waitMs;
  }
}
