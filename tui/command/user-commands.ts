// What can be typed after `:` about users. A user is named by a card, an account, or what no other has in its name.
import { askGrant } from '../action/grant.ts';
import { accountsByShare, personName, type Account } from '../data/accounts.ts';
import type { World } from '../desk/desk.ts';
import { goTo, withTab } from '../desk/ui-state.ts';
import { whOfText } from '../text/typed-figures.ts';
import type { Command } from './command.ts';

/** More are found by typing on. */
const COMPLETED = 20;

export const userCommands: readonly Command[] = [
  {
    ...{ name: 'user', args: 'USER', label: 'go to a user', complete: completeUser },
    run(desk, words) {
      if (words.length === 0) {
        desk.update((ui) => withTab(ui, 'users'));
        return null;
      }
      const found = onlyAccount(desk.world(), words.join(' '));
      if (typeof found === 'string') return found;
      goTo(desk, { screen: 'user', subject: found.id });
      return null;
    },
  },
  {
    ...{ name: 'grant', args: 'USER KWH', label: 'grant extra kWh', role: 'admin', complete: completeUser },
    run(desk, words) {
      const kWh = words.at(-1) ?? '';
      if (words.length < 2 || whOfText(kWh) === null) return 'it is like: grant b.meyer 20';
      const found = onlyAccount(desk.world(), words.slice(0, -1).join(' '));
      if (typeof found === 'string') return found;
      askGrant(desk, found, kWh);
      return null;
    },
  },
];

function completeUser({ snapshot }: World, words: readonly string[]): readonly string[] {
  const wanted = (words.at(-1) ?? '').toLowerCase();
  const starts = (text: string) => text.toLowerCase().startsWith(wanted);
  return accountsByShare(snapshot).flatMap(namesOf).filter(starts).slice(0, COMPLETED);
}

/** All that an account may be called by. */
function namesOf({ name, users }: Account): readonly string[] {
  return [name, ...users.map(personName), ...users.map(({ idTag }) => idTag)].filter(
    (text, index, all) => all.indexOf(text) === index,
  );
}

/** The one account that is meant; a sentence where there is none, or more. */
function onlyAccount({ snapshot }: World, text: string): Account | string {
  const wanted = text.toLowerCase();
  const accounts = accountsByShare(snapshot);
  const exact = accounts.filter((account) => namesOf(account).some((name) => name.toLowerCase() === wanted));
  const found =
    exact.length > 0
      ? exact
      : accounts.filter((account) => namesOf(account).some((name) => name.toLowerCase().includes(wanted)));
  const [first, ...others] = found;
  if (!first) return `there is no user like ${text}`;
  if (others.length === 0) return first;
  const names = found.slice(0, 4).map(({ name }) => name);
  return `which one: ${names.join(', ')}${found.length > names.length ? ' …' : ''}?`;
}
