// One account with its past: what its cards used month by month, what was granted, and its sessions of late.
import type { Session } from '../../src/api/contract/sessions.ts';
import type { MonthUsage } from '../../src/api/contract/users.ts';
import { accountId, accountOf } from './accounts.ts';
import { remembered } from './memo.ts';
import type { SiteApi } from './site-api.ts';
import { byStart, sessionKey, type AccountHistory, type Snapshot } from './snapshot.ts';

/** Cards of one account that are asked about, and sessions of each. */
const CARDS_MAX = 20;
const SESSIONS_READ = 50;

export async function readAccountHistory(
  { users, site }: Pick<SiteApi, 'users' | 'site'>,
  id: string,
  latest: Snapshot,
): Promise<AccountHistory> {
  const cards = cardsOf(latest, id).slice(0, CARDS_MAX);
  const [months, grants, pages] = await Promise.all([
    Promise.all(cards.map((card) => users.months(card))),
    Promise.all(cards.map((card) => users.grants(card))),
    Promise.all(cards.map((idTag) => site.sessions({ idTag, limit: SESSIONS_READ }))),
  ]);
  return {
    id,
    months: summed(months.flat()),
    grants: grants.flat().sort((a, b) => (a.at < b.at ? 1 : -1)),
    sessions: pages.flatMap(({ items }) => items).sort(byStart),
  };
}

/** A card that is no user any more has a past as well. */
function cardsOf(snapshot: Snapshot, id: string): readonly string[] {
  const account = accountOf(snapshot, id);
  if (account) return account.users.map(({ idTag }) => idTag);
  return id.startsWith('account:') ? [] : [id];
}

function summed(months: readonly MonthUsage[]): readonly MonthUsage[] {
  const byMonth = new Map<string, MonthUsage>();
  for (const one of months) {
    const before = byMonth.get(one.month);
    byMonth.set(one.month, before ? sumOf(before, one) : one);
  }
  return [...byMonth.values()].sort((a, b) => (a.month < b.month ? 1 : -1));
}

function sumOf(a: MonthUsage, b: MonthUsage): MonthUsage {
  return {
    month: a.month,
    usedWh: a.usedWh + b.usedWh,
    adjustedWh: a.adjustedWh + b.adjustedWh,
    grantedWh: a.grantedWh + b.grantedWh,
  };
}

/** Its sessions as they are now: those that run first. */
export function sessionsOfAccount(snapshot: Snapshot, history: AccountHistory): readonly Session[] {
  return sessionsOf(snapshot.sessions, snapshot.users, history);
}

const sessionsOf = remembered(
  (sessions: Snapshot['sessions'], users: Snapshot['users'], { id, sessions: read }: AccountHistory) => {
    const cards = new Set((users ?? []).filter((user) => accountId(user) === id).map(({ idTag }) => idTag));
    const lately = (sessions ?? []).filter(({ idTag }) => cards.has(idTag));
    const byKey = new Map([...read, ...lately].map((session) => [sessionKey(session), session]));
    return [...byKey.values()].sort(
      (a, b) => Number(a.status === 'ended') - Number(b.status === 'ended') || byStart(a, b),
    );
  },
);
