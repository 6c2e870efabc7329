// Blocking and unblocking, and taking a user away. A driver feels it, so it is asked before.
import type { User } from '../../src/api/contract/users.ts';
import { personName, type Account } from '../data/accounts.ts';
import type { Desk, Request } from '../desk/desk.ts';
import { confirm } from '../dialog/confirm.ts';
import { plural } from '../text/figures.ts';
import { pickCard } from './pick-card.ts';

/** Blocks who may charge, and unblocks who may not. */
export function askBlock(desk: Desk, account: Account): void {
  pickCard(desk, account, {
    title: `Block or unblock ${account.name}`,
    one: (_, user) => askBlockOf(desk, personName(user), [user]),
    all: () => askBlockOf(desk, account.name, account.users),
  });
}

function askBlockOf(desk: Desk, name: string, users: readonly [User, ...User[]]): void {
  const isBlocked = users.some((user) => !user.isBlocked);
  const cards = users.length === 1 ? `card ${users[0].idTag}` : plural(users.length, 'card');
  const running = users.reduce((sum, user) => sum + user.running, 0);
  confirm(desk, {
    title: isBlocked ? `Block ${name}?` : `Unblock ${name}?`,
    text: isBlocked
      ? [
          `${cards} may not charge until somebody unblocks it.`,
          running === 0 ? 'No session runs on it.' : `${plural(running, 'session')} on it will be stopped.`,
        ]
      : [`${cards} may charge again, as far as its quota goes.`],
    verb: isBlocked ? 'Block' : 'Unblock',
    run: () => desk.request(changeOf(desk, name, users, isBlocked)),
  });
}

function changeOf(
  desk: Desk,
  name: string,
  users: readonly [User, ...User[]],
  isBlocked: boolean,
): Request<unknown> {
  const [{ idTag, etag }, ...others] = users;
  return {
    what: `${isBlocked ? 'block' : 'unblock'} ${name}`,
    ask: (api) =>
      others.length === 0
        ? api.users.change(idTag, { isBlocked }, etag)
        : api.users.import(users.map((user) => ({ idTag: user.idTag, isBlocked }))),
    told: () => ({ isDone: true, text: `${name} ${isBlocked ? 'is blocked' : 'may charge again'}` }),
    after: () => desk.read('users'),
  };
}

export function askRemove(desk: Desk, account: Account): void {
  pickCard(desk, account, {
    title: `Remove a card of ${account.name}`,
    one: (_, user) => askRemoveOf(desk, user),
  });
}

function askRemoveOf(desk: Desk, user: User): void {
  const { idTag, etag, running } = user;
  const name = personName(user);
  confirm(desk, {
    title: `Remove ${name}?`,
    text: [
      `The row of card ${idTag} leaves users1.csv: it may not charge any more.`,
      'What it has used stays in the books.',
      ...(running === 0 ? [] : ['A session runs on it: it goes on, and is held to the quota that it had.']),
    ],
    verb: 'Remove',
    run: () =>
      desk.request({
        what: `remove ${name}`,
        ask: ({ users }) => users.remove(idTag, etag),
        told: () => ({ isDone: true, text: `${name} with card ${idTag} is removed` }),
        after: () => desk.read('users'),
      }),
  });
}
