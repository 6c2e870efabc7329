// Who has to end, and when: every session of an account is judged whenever something happens to it. How it is ended is stop-ladders.ts.
import { leftOf } from '../domain/quota.ts';
import { isRunning, sessionId, type Session, type StopReason } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Forecasts } from './forecasts.ts';
import type { Journal } from './journal.ts';
import { fieldsOf } from './meter-log.ts';
import type { QuotaLimits } from './quota-limits.ts';
import type { QuotaWarnings } from './quota-warnings.ts';
import type { Quotas } from './quotas.ts';
import type { Restorations } from './restorations.ts';
import { runningNow } from './session-search.ts';
import type { StopLadders } from './stop-ladders.ts';
import type { Users } from './users.ts';

/** A stop that was forecast is taken back when this much more is left than when it was asked for: a grant, a raised quota. */
const RELIEF_WH = 50;

export interface EnforcerParts {
  readonly journal: Journal;
  readonly quotas: Quotas;
  readonly users: Users;
  readonly forecasts: Forecasts;
  readonly ladders: StopLadders;
  readonly limits: QuotaLimits;
  readonly restorations: Restorations;
  readonly warnings: QuotaWarnings;
  readonly onExhausted: 'stop' | 'warn' | 'throttle';
  readonly clock: Clock;
  readonly log: Log;
}

export class QuotaEnforcer {
  readonly #parts: EnforcerParts;

  constructor(parts: EnforcerParts) {
    this.#parts = parts;
  }

  /** Something happened to a session: all that share its quota are judged anew. */
  reviewAccountOf(session: Session): void {
    const { users, quotas, forecasts, ladders, limits, warnings } = this.#parts;
    if (!isRunning(session)) {
      forecasts.ended(session);
      limits.ended(session);
      ladders.leave(session);
    }
    const user = users.ofSession(session);
    const standing = user && warnings.review(user);
    this.#reviewAccount(user, quotas.runningOfAccount(user, session.idTag), standing && leftOf(standing));
  }

  /** Users, quotas or the month changed, or kwota just started. */
  reviewAll(): void {
    const { journal, users, quotas } = this.#parts;
    const done = new Set<string>();
    for (const session of [...journal.live.runningSessions()]) {
      if (done.has(sessionId(session))) continue;
      const user = users.ofSession(session);
      const sessions = quotas.runningOfAccount(user, session.idTag);
      // A tag that lost its user shares nothing: then the session stands alone.
      const all = sessions.some((one) => sessionId(one) === sessionId(session)) ? sessions : [session];
      for (const one of all) done.add(sessionId(one));
      this.#reviewAccount(user, all, user && quotas.leftWh(user));
    }
  }

  /** The charger is back: what could not be sent is sent. */
  reviewChargePoint(chargePointId: string): void {
    const { journal, ladders, limits, forecasts, restorations, clock } = this.#parts;
    forecasts.reconnected(chargePointId);
    limits.reconnected(chargePointId);
    clock.after(0, () => restorations.settle(chargePointId));
    for (const session of journal.live.runningOfChargePoint(chargePointId)) {
      this.reviewAccountOf(session);
      const now = journal.live.session(sessionId(session));
      if (now?.stop) ladders.resume(now);
    }
  }

  close(): void {
    const { ladders, forecasts, restorations } = this.#parts;
    ladders.close();
    forecasts.close();
    restorations.close();
  }

  #reviewAccount(user: User | null, sessions: readonly Session[], leftWh: number | null): void {
    const { journal, quotas, forecasts, limits } = this.#parts;
    forecasts.plan(sessions, leftWh, () =>
      this.#reviewAccount(user, runningNow(journal.live, sessions), user && quotas.leftWh(user)),
    );
    for (const session of sessions) this.#review(session, leftWh);
    limits.guard(sessions, leftWh);
  }

  #review(session: Session, leftWh: number | null): void {
    const { quotas, forecasts, ladders, limits, onExhausted } = this.#parts;
    if (session.stop?.reason === 'operator') {
      ladders.climb(session);
      return;
    }
    const isForecast = forecasts.isDue(session) || isStillDue(session, leftWh);
    const reason = quotas.stopReason(session, leftWh) ?? (isForecast ? 'quotaUsedUp' : null);
    if (reason === 'quotaUsedUp' && onExhausted === 'warn') this.#relieve(session);
    else if (reason === 'quotaUsedUp' && onExhausted === 'throttle' && !limits.refusesThrottle(session)) {
      limits.throttle(session, leftWh, () => this.reviewAccountOf(session));
    } else if (reason !== null) this.#demand(session, reason, leftWh);
    else if (!limits.holds(session, leftWh)) this.#relieve(session);
  }

  #demand(session: Session, reason: StopReason, leftWh: number | null): void {
    const { journal, ladders, clock, log } = this.#parts;
    let demanded = session;
    if (session.stop?.reason !== reason) {
      const isForecast = reason === 'quotaUsedUp' && leftWh !== null && leftWh > 0;
      const stop = {
        reason,
        sinceMs: clock.now(),
        climbed: session.stop?.climbed ?? 0,
        ...(isForecast ? { forecastLeftWh: leftWh } : {}),
      };
      demanded = { ...session, stop };
      journal.putSession(demanded);
      const forecast = isForecast ? 'yes' : undefined;
      log.info('QUOTA', 'has to stop', {
        ...fieldsOf(session),
        reason,
        forecast,
        leftWh,
      });
    }
    ladders.climb(demanded);
  }

  #relieve(session: Session): void {
    const { journal, ladders, limits, log } = this.#parts;
    limits.relieve(session);
    if (session.stop === null) return;
    // What limited it before was replaced by the ladder's profile: it is set anew.
    limits.ended(session);
    const now = journal.live.session(sessionId(session)) ?? session;
    journal.putSession({ ...now, stop: null });
    log.info('QUOTA', 'may go on, no stop any more', fieldsOf(session));
    ladders.leave(session);
  }
}

/** A stop that was sent ahead of the quota holds while nothing was added to it: the charger may have obeyed already. */
function isStillDue({ stop }: Session, leftWh: number | null): boolean {
  return stop?.forecastLeftWh !== undefined && leftWh !== null && leftWh <= stop.forecastLeftWh + RELIEF_WH;
}
