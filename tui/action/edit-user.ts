// Changing a user. Whoever else changes him meanwhile loses nothing, and neither does who types here.
import type { User } from '../../src/api/contract/users.ts';
import { personName, type Account } from '../data/accounts.ts';
import type { Desk } from '../desk/desk.ts';
import { openForm, type Refusal, type SentForm, type Values } from '../dialog/form.ts';
import { plural } from '../text/figures.ts';
import { pickCard } from './pick-card.ts';
import { changesOf, differenceText, quotaField, typedQuota, typedUser, userFields } from './user-form.ts';

export function askEdit(desk: Desk, account: Account): void {
  pickCard(desk, account, {
    title: `Edit ${account.name}`,
    one: (_, user) => openForm(desk, userForm(desk, user)),
    all: () => askSharedQuota(desk, account),
  });
}

/** `user` is what the person sees: what he leaves as it is stays as it is, whatever it may be by then. */
function userForm(desk: Desk, user: User): SentForm {
  return {
    title: `Edit ${personName(user)}`,
    text: [`Card ${user.idTag}. The row of users1.csv is written anew.`],
    fields: userFields(user),
    waiting: 'saving',
    send: (_, values) => save(desk, user, values),
  };
}

async function save(desk: Desk, user: User, values: Values): Promise<Refusal | null> {
  const { idTag, etag } = user;
  const changes = changesOf(user, typedUser(values));
  if (Object.keys(changes).length === 0) {
    desk.say('info', `${personName(user)}: nothing to change`);
    return null;
  }
  const answer = await desk.ask(({ users }) => users.change(idTag, changes, etag));
  if (answer.isGood) {
    desk.say('done', `${personName(answer.value)} is changed`);
    desk.read('users');
    return null;
  }
  const { code, message, hint } = answer.error;
  if (code === 'versionChanged') return conflict(desk, user);
  return { problem: `${message}; ${hint}.` };
}

/** Nothing was saved: the person sees what the other one did, and decides. */
async function conflict(desk: Desk, before: User): Promise<Refusal> {
  const answer = await desk.ask(({ users }) => users.user(before.idTag));
  if (!answer.isGood) return { problem: `Somebody else has changed him meanwhile: ${answer.error.message}.` };
  const difference = differenceText(before, answer.value) || 'in what is not shown here';
  return {
    problem: `Nothing is saved yet: somebody else has changed this user meanwhile (${difference}). Enter saves what you have typed, Esc leaves it.`,
    form: userForm(desk, answer.value),
  };
}

/** The quota of all cards of an account at once: all of them, or none. */
function askSharedQuota(desk: Desk, { name, users }: Account): void {
  openForm(desk, {
    title: `Quota of ${name}`,
    text: [`For its ${plural(users.length, 'card')}. Where they differ, the largest quota holds.`],
    fields: [quotaField(largest(users))],
    waiting: 'saving',
    send: async (_, values) => {
      const quota = typedQuota(values);
      const items = users.map(({ idTag }) => ({ idTag, ...quota }));
      const answer = await desk.ask((api) => api.users.import(items));
      if (!answer.isGood) return { problem: `${answer.error.message}; ${answer.error.hint}.` };
      desk.say('done', `${name}: the quota of ${plural(users.length, 'card')} is changed`);
      desk.read('users');
      return null;
    },
  });
}

function largest(users: readonly [User, ...User[]]): User {
  return (
    users.find(({ isUnlimited }) => isUnlimited) ?? users.reduce((a, b) => (b.quotaKwh > a.quotaKwh ? b : a))
  );
}
