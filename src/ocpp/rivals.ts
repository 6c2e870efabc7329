// Two chargers with one id: told by their taking it from each other again and again. Who is connected is server.ts's matter.
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Presence } from './ports.ts';

/** A charger that redials from a new network changes places once or twice, not this often. */
export const MAX_SWAPS_PER_MINUTE = 5;

const MINUTE_MS = 60_000;

/** How long the connected one keeps the id, so that at least one of the two can charge. */
export const KEEP_OLDER_MS = 60_000;

/** Nobody from elsewhere has asked for the id for as long: it is one charger's again. */
export const QUIET_MS = 600_000;

interface Rivalry {
  /** When the id went to another address within the last minute; monotonic. */
  swapsMs: number[];
  keptUntilMs: number;
  lastMs: number;
  isTold: boolean;
}

export class Rivals {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #presence: Presence;
  readonly #byId = new Map<string, Rivalry>();

  constructor(clock: Clock, log: Log, presence: Presence) {
    this.#clock = clock;
    this.#log = log;
    this.#presence = presence;
  }

  /** Whether a connection from `address` may take the id from the one that has it; to be asked once for each. */
  mayReplace(id: string, connectedAddress: string, address: string): boolean {
    if (address === connectedAddress) return true;
    const nowMs = this.#clock.monotonicMs();
    const rivalry = this.#byId.get(id) ?? { swapsMs: [], keptUntilMs: 0, lastMs: nowMs, isTold: false };
    this.#byId.set(id, rivalry);
    rivalry.lastMs = nowMs;
    if (nowMs < rivalry.keptUntilMs) return false;
    rivalry.swapsMs = rivalry.swapsMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (rivalry.swapsMs.length < MAX_SWAPS_PER_MINUTE) {
      rivalry.swapsMs.push(nowMs);
      return true;
    }
    rivalry.keptUntilMs = nowMs + KEEP_OLDER_MS;
    rivalry.swapsMs = [];
    rivalry.isTold = true;
    this.#log.warn('CONNECT', 'two chargers with one id: the connected one keeps it for a while', {
      charger: id,
      keeps: connectedAddress,
      refused: address,
    });
    this.#presence.contested(id, [connectedAddress, address]);
    return false;
  }

  /** To be called now and then: forgets what has been quiet for long, and says that it is over. */
  forgetQuiet(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [id, rivalry] of this.#byId) {
      if (nowMs - rivalry.lastMs < QUIET_MS) continue;
      this.#byId.delete(id);
      if (rivalry.isTold) this.#presence.contested(id, []);
    }
  }
}
