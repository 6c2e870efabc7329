// Users by the quota that they use: one card, or all cards of an account. Pure.
import type { User } from '../../src/api/contract/users.ts';
import { remembered } from './memo.ts';
import type { Snapshot } from './snapshot.ts';

const WH_PER_KWH = 1000;

export interface Account {
  /** `account:NAME`, or the card. */
  readonly id: string;
  readonly name: string;
  readonly users: readonly [User, ...User[]];
  readonly usedWh: number;
  /** null: no limit. */
  readonly leftWh: number | null;
  /** Without grants, the largest of its cards; null: no limit. */
  readonly quotaWh: number | null;
  readonly grantedWh: number;
  /** Quota and grants; null: no limit. */
  readonly limitWh: number | null;
  /** How much of the limit is used; 0 where there is no limit, 1 where the limit is nothing. */
  readonly share: number;
  readonly running: number;
}

/** Those first that have used most of their quota; those without a limit last. */
export function accountsByShare({ users }: Snapshot): readonly Account[] {
  return byShare(users);
}

const byShare = remembered((users: Snapshot['users']) => {
  const groups = new Map<string, [User, ...User[]]>();
  for (const user of users ?? []) {
    const id = accountId(user);
    const group = groups.get(id);
    if (group) group.push(user);
    else groups.set(id, [user]);
  }
  const accounts = [...groups].map(([id, group]) => madeOf(id, group));
  return accounts.sort(
    (a, b) => Number(a.limitWh === null) - Number(b.limitWh === null) || b.share - a.share || b.usedWh - a.usedWh,
  );
});

/** null: it has no card any more. */
export function accountOf(snapshot: Snapshot, id: string): Account | null {
  return byId(accountsByShare(snapshot)).get(id) ?? null;
}

const byId = remembered(
  (accounts: readonly Account[]) => new Map(accounts.map((account) => [account.id, account])),
);

/** The one whose quota this card uses; null: nobody knows the card. */
export function accountOfCard({ users }: Snapshot, idTag: string): string | null {
  const user = users?.find((one) => one.idTag === idTag);
  return user ? accountId(user) : null;
}

/** What a user's account is known by; his card where he shares with nobody. */
export function accountId({ account, idTag }: User): string {
  return account === null ? idTag : `account:${account}`;
}

function madeOf(id: string, users: readonly [User, ...User[]]): Account {
  const [first] = users;
  const sum = (amount: 'usedWh' | 'grantedWh' | 'running') =>
    users.reduce((all, user) => all + user[amount], 0);
  const usedWh = sum('usedWh');
  const grantedWh = sum('grantedWh');
  const isUnlimited = users.some((user) => user.isUnlimited);
  const quotaWh = isUnlimited ? null : Math.max(...users.map(({ quotaKwh }) => Math.round(quotaKwh * WH_PER_KWH)));
  const limitWh = quotaWh === null ? null : quotaWh + grantedWh;
  return {
    ...{ id, users, usedWh, grantedWh, quotaWh, limitWh },
    name: first.account ?? personName(first),
    leftWh: first.leftWh,
    share: limitWh === null ? 0 : limitWh > 0 ? usedWh / limitWh : 1,
    running: sum('running'),
  };
}

/** Name and surname, else the card. */
export function personName({ name, surname, idTag }: Pick<User, 'name' | 'surname' | 'idTag'>): string {
  const full = `${name} ${surname}`.trim();
  return full === '' ? idTag : full;
}
