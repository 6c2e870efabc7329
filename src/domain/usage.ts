// What users and accounts have used of a month, for people and reports. What may be charged is decided by quota.ts alone.
import { accountKey, leftWh, standingOf, type Account } from './quota.ts';
import type { SiteState } from './site-state.ts';
import type { User } from './user.ts';

/** One card in a month; all amounts in Wh. */
export interface TagUsage {
  readonly idTag: string;
  /** Null: the card is not in users1.csv (any more). */
  readonly user: User | null;
  readonly usedWh: number;
  readonly grantedWh: number;
  /** Of the account, all its cards and grants counted; null: unlimited, or no user. May be negative. */
  readonly leftWh: number | null;
  /** Sessions that run now. */
  readonly running: number;
}

/** The cards that share a quota. */
export interface AccountUsage {
  /** Null: one card with a quota of its own. */
  readonly account: string | null;
  readonly idTags: readonly string[];
  readonly usedWh: number;
  readonly grantedWh: number;
  /** Without grants; the largest of its rows. Null: unlimited. */
  readonly quotaWh: number | null;
  readonly leftWh: number | null;
  readonly running: number;
}

export function usageOfUser(user: User, account: Account, month: string, state: SiteState): TagUsage {
  const left = leftWh(account, month, state);
  return { user, leftWh: left, ...usageOfTag(user.idTag, month, state) };
}

/** All users in the order given, then cards that something was booked on without being a user's. */
export function usageByTag(accounts: readonly Account[], month: string, state: SiteState): TagUsage[] {
  const known = accounts.flatMap((account) => {
    const left = leftWh(account, month, state);
    return account.map((user) => ({ user, leftWh: left, ...usageOfTag(user.idTag, month, state) }));
  });
  const tags = new Set(known.map((one) => one.idTag));
  const others = [...state.usedInMonth(month).keys()].filter((idTag) => !tags.has(idTag));
  return [
    ...known,
    ...others.map((idTag) => ({ user: null, leftWh: null, ...usageOfTag(idTag, month, state) })),
  ];
}

export function usageByAccount(
  accounts: readonly Account[],
  month: string,
  state: SiteState,
): AccountUsage[] {
  return accounts.map((account) => {
    const standing = standingOf(account, month, state);
    const rows = account.map((user) => usageOfTag(user.idTag, month, state));
    const sum = (amount: 'usedWh' | 'grantedWh' | 'running') =>
      rows.reduce((all, row) => all + row[amount], 0);
    return {
      account: account[0].account,
      idTags: account.map((user) => user.idTag),
      usedWh: sum('usedWh'),
      grantedWh: sum('grantedWh'),
      quotaWh: standing && Math.max(...account.map((user) => user.quotaWh)),
      leftWh: leftWh(account, month, state),
      running: sum('running'),
    };
  });
}

/** One card in one of its months; all amounts in Wh. */
export interface MonthUsage {
  readonly month: string;
  readonly usedWh: number;
  /** Of `usedWh`: opening balance, and what other programs changed. May be negative. */
  readonly adjustedWh: number;
  readonly grantedWh: number;
}

/** The months in which a card used something or was granted something, the newest first. */
export function monthsOfTag(idTag: string, state: SiteState): MonthUsage[] {
  const adjusted = new Map<string, number>();
  for (const entry of state.entries()) {
    if (entry.idTag !== idTag || entry.type === 'grant') continue;
    adjusted.set(entry.month, (adjusted.get(entry.month) ?? 0) + entry.wh);
  }
  return [...state.months()]
    .sort()
    .reverse()
    .map((month) => ({
      month,
      usedWh: state.usedWh(month, idTag),
      adjustedWh: adjusted.get(month) ?? 0,
      grantedWh: state.grantedWh(month, idTag),
    }))
    .filter(({ usedWh, adjustedWh, grantedWh }) => usedWh !== 0 || adjustedWh !== 0 || grantedWh !== 0);
}

/** The users grouped by the quota that they share, each group where its first user stands. */
export function accountsOf(users: Iterable<User>): Account[] {
  const byKey = new Map<string, [User, ...User[]]>();
  for (const user of users) {
    const cards = byKey.get(accountKey(user));
    if (cards) cards.push(user);
    else byKey.set(accountKey(user), [user]);
  }
  return [...byKey.values()];
}

function usageOfTag(
  idTag: string,
  month: string,
  state: SiteState,
): Pick<TagUsage, 'idTag' | 'usedWh' | 'grantedWh' | 'running'> {
  return {
    idTag,
    usedWh: state.usedWh(month, idTag),
    grantedWh: state.grantedWh(month, idTag),
    running: state.runningOfTag(idTag).length,
  };
}
