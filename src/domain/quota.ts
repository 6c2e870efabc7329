// The quota of an account in a month: left = quota + grants − used, in Wh, over all cards that share it.
import type { SiteState } from './site-state.ts';
import type { User } from './user.ts';

/** The users (cards) that share one quota. Never empty. */
export type Account = readonly [User, ...User[]];

/** Who shares a quota: rows with the same account, else the one card. */
export function accountKey(user: Pick<User, 'account' | 'idTag'>): string {
  return user.account === null ? `tag:${user.idTag}` : `account:${user.account}`;
}

/** An account in a month. */
export interface Standing {
  /** Quota and grants. */
  readonly limitWh: number;
  readonly usedWh: number;
}

/**
 * Null: unlimited. Where the rows of an account differ, the largest quota holds; energy whose unit is in doubt counts as
 * the larger reading.
 */
export function standingOf(account: Account, month: string, state: SiteState): Standing | null {
  let quotaWh = 0;
  let grantedWh = 0;
  let usedWh = 0;
  for (const user of account) {
    if (user.isUnlimited) return null;
    quotaWh = Math.max(quotaWh, user.quotaWh);
    grantedWh += state.grantedWh(month, user.idTag);
    usedWh += state.usedWh(month, user.idTag) + state.suspectedWh(month, user.idTag);
  }
  return { limitWh: quotaWh + grantedWh, usedWh };
}

/** Wh left of the month; null: unlimited. May be negative. */
export function leftWh(account: Account, month: string, state: SiteState): number | null {
  const standing = standingOf(account, month, state);
  return standing && leftOf(standing);
}

/** In Wh; may be negative. */
export function leftOf({ limitWh, usedWh }: Standing): number {
  return limitWh - usedWh;
}

/** How many of the levels (percent, ascending) are reached; with nothing to use, all of them. */
export function levelsReached({ limitWh, usedWh }: Standing, levels: readonly number[]): number {
  return levels.filter((percent) => usedWh * 100 >= percent * limitWh).length;
}
