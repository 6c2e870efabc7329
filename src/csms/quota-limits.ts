// Sessions that charge on under a limit: throttled when their quota is used up, or guarded by the charger itself until it is.
import { isRunning, sessionId, withoutLimit, type Session } from '../domain/session.ts';
import type { Clock, EpochMs } from '../runtime/clock.ts';
import type { ChargingLimits } from './charging-limits.ts';
import type { Journal } from './journal.ts';
import type { Remote } from './remote.ts';
import type { Restorations } from './restorations.ts';

/** A guard is renewed no more often than this, unless so much was added to the quota. */
const GUARD_EVERY_MS = 10 * 60_000;
const GUARD_RELIEF_WH = 1000;
const S_PER_HOUR = 3600;

interface Guard {
  readonly atMs: EpochMs;
  readonly leftWh: number;
}

export interface QuotaLimitParts {
  readonly journal: Journal;
  readonly remote: Remote;
  readonly restorations: Restorations;
  readonly limits: ChargingLimits;
  readonly isGuarded: boolean;
  /** Null: not known. */
  readonly maxPowerOf: (chargePointId: string) => number | null;
  readonly clock: Clock;
}

export class QuotaLimits {
  readonly #parts: QuotaLimitParts;
  readonly #refused = new Set<string>();
  readonly #guards = new Map<string, Guard>();

  constructor(parts: QuotaLimitParts) {
    this.#parts = parts;
  }

  /** Charges on with the least current. Where the charger refuses that, `onRefused` is called: then only a stop helps. */
  throttle(session: Session, onRefused: () => void): void {
    if (session.limit === 'throttle') return;
    const { journal, clock, limits, remote } = this.#parts;
    if (!remote.isConnected(session.chargePointId)) return;
    const id = sessionId(session);
    journal.putSession({ ...session, limit: 'throttle' });
    clock.after(0, () => {
      void limits
        .throttle(session, () => this.#hasLimit(id, 'throttle'))
        .then((isTaken) => {
          if (isTaken || !this.#hasLimit(id, 'throttle')) return;
          this.#refused.add(id);
          onRefused();
        });
    });
  }

  refusesThrottle(session: Session): boolean {
    return this.#refused.has(sessionId(session));
  }

  /** There is something left again: full current. */
  relieve(session: Session): void {
    if (session.limit !== 'throttle') return;
    const { journal, clock, restorations } = this.#parts;
    this.#refused.delete(sessionId(session));
    journal.putSession(withoutLimit(session));
    clock.after(0, () => restorations.settle(session.chargePointId));
  }

  /** Tells the chargers of an account's sessions until when they may charge should the connection be lost. */
  guard(sessions: readonly Session[], leftWh: number | null): void {
    const { isGuarded, maxPowerOf } = this.#parts;
    if (!isGuarded || leftWh === null || leftWh <= 0) return;
    const powers = sessions.map((session) => maxPowerOf(session.chargePointId) ?? 0);
    const totalW = powers.reduce((sum, watts) => sum + watts, 0);
    sessions.forEach((session, index) => {
      const maxPowerW = powers[index] ?? 0;
      if (maxPowerW > 0) this.#guardOne(session, maxPowerW, leftWh, (leftWh * S_PER_HOUR) / totalW);
    });
  }

  ended(session: Session): void {
    const id = sessionId(session);
    this.#refused.delete(id);
    this.#guards.delete(id);
  }

  #guardOne(session: Session, maxPowerW: number, leftWh: number, forS: number): void {
    const { journal, remote, limits, clock } = this.#parts;
    if (session.stop !== null || session.limit === 'throttle') return;
    if (!remote.isConnected(session.chargePointId)) return;
    const id = sessionId(session);
    const before = this.#guards.get(id);
    const isDue =
      !before ||
      clock.now() - before.atMs >= GUARD_EVERY_MS ||
      clock.now() < before.atMs ||
      leftWh > before.leftWh + GUARD_RELIEF_WH;
    if (!isDue) return;
    this.#guards.set(id, { atMs: clock.now(), leftWh });
    if (session.limit !== 'guard') journal.putSession({ ...session, limit: 'guard' });
    clock.after(0, () => {
      void limits.guard(session, maxPowerW, forS, () => this.#hasLimit(id, 'guard'));
    });
  }

  #hasLimit(id: string, limit: 'throttle' | 'guard'): boolean {
    const session = this.#parts.journal.live.session(id);
    return session !== undefined && isRunning(session) && session.limit === limit && session.stop === null;
  }
}
