// Tells when an account reaches a share of its quota: once for each level and month. What follows from the last one is the enforcer's.
import { kWhOf } from '../domain/energy.ts';
import { accountKey, levelsReached, standingOf, type Standing } from '../domain/quota.ts';
import type { SiteCalendar } from '../domain/site-calendar.ts';
import type { SiteState } from '../domain/site-state.ts';
import type { User } from '../domain/user.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Users } from './users.ts';

const USED_UP = 100;

export interface QuotaWarningParts {
  readonly users: Users;
  readonly live: SiteState;
  readonly calendar: SiteCalendar;
  /** Percent. 100 is told in any case. */
  readonly warnAt: readonly number[];
  readonly clock: Clock;
  readonly log: Log;
}

/** An account reached `percent` of its quota. */
export interface QuotaWarning {
  readonly user: User;
  readonly percent: number;
  readonly usedWh: number;
  readonly limitWh: number;
}

export class QuotaWarnings {
  readonly #parts: QuotaWarningParts;
  readonly #listeners: ((warning: QuotaWarning) => void)[] = [];
  readonly #levels: readonly number[];
  /** Levels told of each account in the month. */
  readonly #told = new Map<string, number>();
  #month = '';

  constructor(parts: QuotaWarningParts) {
    this.#parts = parts;
    this.#levels = [...new Set([...parts.warnAt, USED_UP])].sort((a, b) => a - b);
  }

  /** What was reached before kwota began, or by an edit of users1.csv, is no news. */
  learn(users: readonly User[]): void {
    for (const user of users) {
      const standing = this.#standingOf(user);
      if (standing) this.#reach(user, standing);
    }
  }

  /** Something was booked on the account, or its quota changed. Returns where it stands; null: unlimited. */
  review(user: User): Standing | null {
    const standing = this.#standingOf(user);
    const level = standing && this.#reach(user, standing);
    if (standing !== null && level !== null) this.#tell(user, level, standing);
    return standing;
  }

  #tell(user: User, level: number, { usedWh, limitWh }: Standing): void {
    const message = level === USED_UP ? 'the quota is used up' : `${level} % of the quota is used`;
    const account = user.account ?? undefined;
    const [usedKwh, quotaKwh] = [kWhOf(usedWh), kWhOf(limitWh)];
    this.#parts.log.warn('QUOTA', message, { user: user.idTag, account, usedKwh, quotaKwh });
    for (const listener of this.#listeners) listener({ user, percent: level, usedWh, limitWh });
  }

  /** Told of each warning, perhaps before what it follows from is on disk. */
  onWarning(listener: (warning: QuotaWarning) => void): void {
    this.#listeners.push(listener);
  }

  /** In the current month, to which what was told is held. */
  #standingOf(user: User): Standing | null {
    const { users, live, calendar, clock } = this.#parts;
    const month = calendar.monthAt(clock.now());
    if (month !== this.#month) {
      this.#month = month;
      this.#told.clear();
    }
    return standingOf(users.accountOf(user), month, live);
  }

  /** The highest level that was not told yet; null when there is none. */
  #reach(user: User, standing: Standing): number | null {
    const reached = levelsReached(standing, this.#levels);
    const key = accountKey(user);
    const before = this.#told.get(key) ?? 0;
    if (reached === before) return null;
    this.#told.set(key, reached);
    return reached > before ? (this.#levels[reached - 1] ?? null) : null;
  }
}
