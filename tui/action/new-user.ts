// New users: written by hand, made of an unknown card, or enrolled with the next card that is shown.
import type { User } from '../../src/api/contract/users.ts';
import { accountId, personName } from '../data/accounts.ts';
import type { Desk, UiState } from '../desk/desk.ts';
import { listOf, placeOf, withList } from '../desk/ui-state.ts';
import { openForm, type Refusal, type Values } from '../dialog/form.ts';
import { typedUser, userFields } from './user-form.ts';

/** How long a card is waited for. */
const WAIT_S = 60;
const MS_PER_S = 1000;

/** `card`: what it is made of; empty: it is typed. */
export function askNewUser(desk: Desk, card = ''): void {
  openForm(desk, {
    title: card === '' ? 'New user' : `New user of card ${card}`,
    fields: [
      {
        ...{ name: 'card', label: 'Card', value: card },
        problem: (text) => (text === '' ? 'it has a number' : null),
      },
      ...userFields(null),
    ],
    waiting: 'saving',
    send: (_, values) => addUser(desk, values),
  });
}

async function addUser(desk: Desk, { card = '', ...values }: Values): Promise<Refusal | null> {
  const answer = await desk.ask(({ users }) => users.add({ idTag: card, ...typedUser(values) }));
  if (!answer.isGood) return { problem: `${answer.error.message}; ${answer.error.hint}.` };
  tellNew(desk, answer.value);
  return null;
}

/** What he is comes first, then the card. */
export function askEnrol(desk: Desk): void {
  openForm(desk, {
    title: 'Enrol the next card',
    text: ['Who gets it? Then hold the card to a charger: the next card that nobody knows is his.'],
    fields: userFields(null),
    waiting: 'Hold the card to a charger now.',
    waitingMs: WAIT_S * MS_PER_S,
    send: (_, values, signal) => enrol(desk, values, signal),
  });
}

async function enrol(desk: Desk, values: Values, signal: AbortSignal): Promise<Refusal | null> {
  const wanted = { ...typedUser(values), waitSeconds: WAIT_S };
  const answer = await desk.ask(({ users }) => users.enroll(wanted, signal));
  if (answer.isGood) {
    tellNew(desk, answer.value);
    return null;
  }
  const { code, message, hint } = answer.error;
  if (signal.aborted) {
    desk.say('info', 'no longer waiting for a card');
    return null;
  }
  if (code === 'noCardShown')
    return { problem: `In ${WAIT_S} s no card was shown that nobody knows. Enter waits again.` };
  return { problem: `${message}; ${hint}.` };
}

function tellNew(desk: Desk, user: User): void {
  // Where the list of users is seen he is the one that is selected.
  const select = (ui: UiState) =>
    placeOf(ui).screen === 'users'
      ? withList(ui, 'users', { ...listOf(ui, 'users'), selectedId: accountId(user) })
      : ui;
  desk.update(select);
  desk.say('done', `${personName(user)} may charge with card ${user.idTag}`);
  desk.read('users');
  desk.read('unknown cards');
}
