// Users by the quota that they use: one card, or all cards of an account. Pure.
import type { User } from '../../src/api/contract/users.ts';
import { remembered } from './memo.ts';
import type { Snapshot } from './snapshot.ts';

export interface Account {
  /** `account:NAME`, or the card. */
  readonly id: string;
  readonly name: string;
  readonly users: readonly [User, ...User[]];
  readonly usedWh: number;
  /** null: no limit. */
  readonly leftWh: number | null;
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
    const id = user.account === null ? user.idTag : `account:${user.account}`;
    const group = groups.get(id);
    if (group) group.push(user);
    else groups.set(id, [user]);
  }
  const accounts = [...groups].map(([id, group]) => accountOf(id, group));
  return accounts.sort(
    (a, b) => Number(a.limitWh === null) - Number(b.limitWh === null) || b.share - a.share || b.usedWh - a.usedWh,
  );
});

function accountOf(id: string, users: readonly [User, ...User[]]): Account {
  const [first] = users;
  const usedWh = users.reduce((sum, user) => sum + user.usedWh, 0);
  const { leftWh } = first;
  const limitWh = leftWh === null ? null : usedWh + leftWh;
  return {
    id,
    name: first.account ?? personName(first),
    users,
    usedWh,
    leftWh,
    limitWh,
    share: limitWh === null ? 0 : limitWh > 0 ? usedWh / limitWh : 1,
    running: users.reduce((sum, user) => sum + user.running, 0),
  };
}

/** Name and surname, else the card. */
export function personName({ name, surname, idTag }: Pick<User, 'name' | 'surname' | 'idTag'>): string {
  const full = `${name} ${surname}`.trim();
  return full === '' ? idTag : full;
}
