// Sessions that charge on under a limit: throttled when their quota is used up, or guarded by the charger itself until it is.
import { isRunning, sessionId, withoutLimit, type Session } from '../domain/session.ts';
import type { Clock, EpochMs } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { ChargingLimits } from './charging-limits.ts';
import type { Journal } from './journal.ts';
import { fieldsOf } from './meter-log.ts';
import type { Remote } from './remote.ts';
import type { Restorations } from './restorations.ts';
import { runningNow } from './session-search.ts';

/** A guard is renewed no more often than this, unless it would hold back too little or too much (see #isDue). */
const GUARD_EVERY_MS = 10 * 60_000;
const GUARD_RELIEF_WH = 1000;
/** It ends so much earlier than the guard says: another session shares the quota, or it was lowered. */
const TOO_LATE_MS = 30_000;
/** The guard would end the charge before the next sample can renew it, and something is left. */
const ABOUT_TO_CUT_MS = 90_000;
const TOO_EARLY_MS = 5_000;
/** A renewed guard lasts until the sample after the next, so that it does not interrupt what may go on. */
const LEAST_RENEWED_S = 120;
const S_PER_HOUR = 3600;
const MS_PER_S = 1000;

/** A throttle is lifted when this much more is left than when it was set: a grant, a raised quota, a new month. */
const RELIEF_WH = 50;
/** Throttles in a row that were not answered: then only a stop helps. */
const MAX_UNANSWERED = 3;

interface Guard {
  readonly atMs: EpochMs;
  /** When it ends the charge. */
  readonly cutMs: EpochMs;
  readonly leftWh: number;
}

interface Throttle {
  state: 'underWay' | 'taken' | 'unanswered' | 'refused';
  unanswered: number;
  /** Of the account when it was set. */
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
  readonly log: Log;
}

export class QuotaLimits {
  readonly #parts: QuotaLimitParts;
  readonly #throttles = new Map<string, Throttle>();
  readonly #guards = new Map<string, Guard>();
  /** Sessions whose charger takes no guard. */
  readonly #unguarded = new Set<string>();

  constructor(parts: QuotaLimitParts) {
    this.#parts = parts;
  }

  /**
   * Charges on with the least current; asked again, it sees to it that the charger has heard of it.
   * Where the charger refuses, `onRefused` is called: then only a stop helps.
   */
  throttle(session: Session, leftWh: number | null, onRefused: () => void): void {
    const { journal, clock, remote } = this.#parts;
    if (!remote.isConnected(session.chargePointId)) return;
    const id = sessionId(session);
    const before = this.#throttles.get(id);
    if (before && before.state !== 'unanswered') return;
    const throttle = before ?? { state: 'underWay', unanswered: 0, leftWh: Math.max(leftWh ?? 0, 0) };
    throttle.state = 'underWay';
    this.#throttles.set(id, throttle);
    this.#guards.delete(id);
    if (session.limit !== 'throttle') journal.putSession({ ...session, limit: 'throttle' });
    clock.after(0, () => void this.#sendThrottle(session, throttle, onRefused));
  }

  refusesThrottle(session: Session): boolean {
    return this.#throttles.get(sessionId(session))?.state === 'refused';
  }

  /** Whether it stays throttled: that it now flows more slowly is no reason to let it flow faster. */
  holds(session: Session, leftWh: number | null): boolean {
    if (session.limit !== 'throttle' || leftWh === null) return false;
    return leftWh <= (this.#throttles.get(sessionId(session))?.leftWh ?? 0) + RELIEF_WH;
  }

  /** There is something left again: full current. */
  relieve(session: Session): void {
    if (session.limit === 'throttle') this.#lift(session);
  }

  /** Tells the chargers of an account's sessions until when they may charge should the connection be lost. */
  guard(accountSessions: readonly Session[], leftWh: number | null): void {
    const { journal, isGuarded, maxPowerOf } = this.#parts;
    const hasGuard = accountSessions.some(({ limit }) => limit === 'guard');
    const isKnown = accountSessions.some(({ chargePointId }) => maxPowerOf(chargePointId) !== null);
    const isWanted = isGuarded && leftWh !== null && isKnown;
    if (!isWanted && !hasGuard) return;
    const sessions = runningNow(journal.live, accountSessions);
    if (!isWanted) {
      // No guard any more: an older one would still end the charge.
      for (const session of sessions) if (session.limit === 'guard') this.#lift(session);
      return;
    }
    if (leftWh <= 0) return;
    const powers = sessions.map((session) => maxPowerOf(session.chargePointId));
    const known = powers.filter((watts) => watts !== null);
    // Where a power is not known, the largest of the others stands for it.
    const totalW = powers.reduce<number>((sum, watts) => sum + (watts ?? Math.max(...known)), 0);
    sessions.forEach((session, index) => {
      const maxPowerW = powers[index] ?? null;
      if (maxPowerW !== null) this.#guardOne(session, maxPowerW, leftWh, (leftWh * S_PER_HOUR) / totalW);
    });
  }

  /** The charger is back: it may have restarted, and forgotten the throttle. */
  reconnected(chargePointId: string): void {
    for (const session of this.#parts.journal.live.runningOfChargePoint(chargePointId)) {
      const throttle = this.#throttles.get(sessionId(session));
      if (throttle?.state === 'taken') throttle.state = 'unanswered';
    }
  }

  ended(session: Session): void {
    const id = sessionId(session);
    this.#throttles.delete(id);
    this.#guards.delete(id);
    this.#unguarded.delete(id);
  }

  async #sendThrottle(session: Session, throttle: Throttle, onRefused: () => void): Promise<void> {
    const { limits, maxPowerOf } = this.#parts;
    const id = sessionId(session);
    const isWanted = () => this.#throttles.get(id) === throttle && this.#hasLimit(id, 'throttle');
    const outcome = await limits.throttle(session, maxPowerOf(session.chargePointId), isWanted);
    if (!isWanted()) return;
    throttle.state = outcome;
    throttle.unanswered = outcome === 'unanswered' ? throttle.unanswered + 1 : 0;
    // A charger that went away is asked when it is back; one that is there and does not answer will not obey.
    const isThere = this.#parts.remote.isConnected(session.chargePointId);
    if (isThere && throttle.unanswered >= MAX_UNANSWERED) throttle.state = 'refused';
    if (throttle.state === 'refused') onRefused();
  }

  #guardOne(session: Session, maxPowerW: number, leftWh: number, fullS: number): void {
    const { journal, remote, clock } = this.#parts;
    const id = sessionId(session);
    if (session.stop !== null || session.limit === 'throttle' || this.#unguarded.has(id)) return;
    if (!remote.isConnected(session.chargePointId)) return;
    const atMs = clock.now();
    const before = this.#guards.get(id);
    const forS = session.limit === 'guard' ? Math.max(fullS, LEAST_RENEWED_S) : fullS;
    const guard = { atMs, cutMs: atMs + forS * MS_PER_S, leftWh };
    if (before && !isDue(before, guard)) return;
    this.#guards.set(id, guard);
    if (session.limit !== 'guard') journal.putSession({ ...session, limit: 'guard' });
    clock.after(0, () => void this.#sendGuard(session, guard, maxPowerW, forS));
  }

  async #sendGuard(session: Session, guard: Guard, maxPowerW: number, forS: number): Promise<void> {
    const { limits, remote, log } = this.#parts;
    const id = sessionId(session);
    const isWanted = () => this.#guards.get(id) === guard && this.#hasLimit(id, 'guard');
    const outcome = await limits.guard(session, maxPowerW, forS, isWanted);
    if (this.#guards.get(id) !== guard) return;
    if (outcome === 'refused') {
      this.#unguarded.add(id);
      log.warn('QUOTA', 'takes no guard: while its connection is lost, the quota does not hold', {
        ...fieldsOf(session),
      });
    }
    // It went away before it heard of it: the next sample tries again.
    if (outcome === 'unanswered' && !remote.isConnected(session.chargePointId)) this.#guards.delete(id);
  }

  #lift(session: Session): void {
    const { journal, clock, restorations } = this.#parts;
    this.ended(session);
    const now = journal.live.session(sessionId(session)) ?? session;
    journal.putSession(withoutLimit(now));
    clock.after(0, () => restorations.settle(session.chargePointId));
  }

  #hasLimit(id: string, limit: 'throttle' | 'guard'): boolean {
    const session = this.#parts.journal.live.session(id);
    return session !== undefined && isRunning(session) && session.limit === limit && session.stop === null;
  }
}

/** Whether a guard has to be replaced by a newer one. */
function isDue(before: Guard, now: Guard): boolean {
  const ageMs = now.atMs - before.atMs;
  return (
    ageMs >= GUARD_EVERY_MS ||
    ageMs < 0 ||
    now.leftWh > before.leftWh + GUARD_RELIEF_WH ||
    now.cutMs < before.cutMs - TOO_LATE_MS ||
    // Where nothing flows, a cut interrupts nothing, and a night of renewals would only wear the charger out.
    (now.leftWh < before.leftWh &&
      before.cutMs - now.atMs < ABOUT_TO_CUT_MS &&
      now.cutMs > before.cutMs + TOO_EARLY_MS)
  );
}
