// What an idTag may do now: users, the fold and the rules of the site brought together.
import { decide, isExpired, type Decision } from '../domain/authorization.ts';
import { totalWh } from '../domain/energy.ts';
import { isNobodysTag } from '../domain/id-tag.ts';
import { leftWh } from '../domain/quota.ts';
import { isRunning, type Session, type StopReason } from '../domain/session.ts';
import type { SiteCalendar } from '../domain/site-calendar.ts';
import type { SiteState } from '../domain/site-state.ts';
import type { User } from '../domain/user.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Users } from './users.ts';

/** Read at each decision: the site may change its mind. */
export interface QuotaRules {
  readonly acceptsUnknownTags: boolean;
  readonly allowsConcurrentSessions: boolean;
}

export interface QuotaParts {
  readonly users: Users;
  readonly live: SiteState;
  readonly calendar: SiteCalendar;
  readonly rules: QuotaRules;
  readonly clock: Clock;
}

export class Quotas {
  readonly #parts: QuotaParts;

  constructor(parts: QuotaParts) {
    this.#parts = parts;
  }

  /** The decision for a card that is shown (`isStart` false) or asks to charge. */
  decide(idTag: string, isStart: boolean): Decision {
    const { users, rules } = this.#parts;
    const user = users.find(idTag);
    return decide({
      user,
      acceptsUnknownTags: this.#acceptsUnknown(idTag),
      leftWh: user ? this.leftWh(user) : null,
      today: this.#today(),
      isForbiddenSecond:
        isStart && !rules.allowsConcurrentSessions && this.runningOfAccount(user, idTag).length > 0,
    });
  }

  /** For the log: users whose card an unknown tag may be, in words. */
  suggestionsFor(idTag: string, decision: Decision): string | undefined {
    if (decision.status !== 'Invalid') return undefined;
    const found = this.#parts.users.suggestions(idTag).map((one) => `${one.idTag} (${one.likeness})`);
    return found.length === 0 ? undefined : found.join(', ');
  }

  /** Wh left this month for the user's account; null: unlimited. */
  leftWh(user: User): number | null {
    const { users, live, calendar, clock } = this.#parts;
    return leftWh(users.accountOf(user), calendar.monthAt(clock.now()), live);
  }

  /** The running sessions that share a quota: those of all cards of the account. */
  runningOfAccount(user: User | null, idTag: string): Session[] {
    const { users, live } = this.#parts;
    if (!user) return live.runningOfTag(idTag);
    const [card, ...others] = users.accountOf(user);
    const running = live.runningOfTag(card.idTag);
    for (const { idTag: other } of others) running.push(...live.runningOfTag(other));
    return running;
  }

  /** Why a running session has to end now; null when it may go on. `left` is that of its user, where it is known already. */
  stopReason(session: Session, left?: number | null): StopReason | null {
    if (!isRunning(session)) return null;
    const wasAccepted = session.authorization === 'Accepted';
    // A session that was refused has nothing to stop until energy flows all the same.
    if (!wasAccepted && totalWh(session.energyByDay) === 0) return null;
    const { users } = this.#parts;
    const user = users.ofSession(session);
    if (!user) return wasAccepted || this.#acceptsUnknown(session.idTag) ? null : 'unknownTag';
    if (user.isBlocked) return 'blocked';
    const leftWh = left === undefined ? this.leftWh(user) : left;
    if (leftWh !== null && leftWh <= 0) return 'quotaUsedUp';
    // A card that runs out while it charges may finish; one that had run out before was refused.
    if (session.authorization === 'Expired' && isExpired(user, this.#today())) return 'expired';
    return session.authorization === 'ConcurrentTx' ? 'concurrentSession' : null;
  }

  /** What chargers send without a card is nobody's, and never a tag that is welcome though unknown. */
  #acceptsUnknown(idTag: string): boolean {
    return this.#parts.rules.acceptsUnknownTags && !isNobodysTag(idTag);
  }

  #today(): string {
    const { calendar, clock } = this.#parts;
    return calendar.dayAt(clock.now()).day;
  }
}
