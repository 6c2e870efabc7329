// Which card of those that share a quota is meant; with one card nobody is asked.
import type { User } from '../../src/api/contract/users.ts';
import { personName, type Account } from '../data/accounts.ts';
import type { Desk } from '../desk/desk.ts';
import { pick, type Choice } from '../dialog/pick.ts';

const ALL: Choice = { id: '', label: 'all of them', note: '' };

export interface CardPicking {
  readonly title: string;
  readonly one: (desk: Desk, user: User) => void;
  /** Where it can be done to all at once. */
  readonly all?: (desk: Desk) => void;
}

export function pickCard(desk: Desk, { users }: Account, { title, one, all }: CardPicking): void {
  const [first, ...others] = users;
  if (others.length === 0) {
    one(desk, first);
    return;
  }
  pick(desk, {
    title,
    prompt: 'Which card',
    choices: [...(all ? [ALL] : []), ...users.map(choiceOf)],
    run(_, { id }) {
      const user = users.find(({ idTag }) => idTag === id);
      if (user) one(desk, user);
      else all?.(desk);
    },
  });
}

function choiceOf(user: User): Choice {
  return {
    id: user.idTag,
    label: personName(user),
    note: `${user.idTag}${user.isBlocked ? '  blocked' : ''}`,
  };
}
