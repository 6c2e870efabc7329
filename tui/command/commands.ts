// What can be typed after `:`; a new command is a row here.
import type { World } from '../desk/desk.ts';
import { goTo } from '../desk/ui-state.ts';
import { askLeave } from '../action/leave.ts';
import type { Command } from './command.ts';
import { sessionCommands } from './session-commands.ts';
import { userCommands } from './user-commands.ts';

export const commands: readonly Command[] = [
  ...sessionCommands,
  ...userCommands,
  {
    name: 'cp',
    also: ['charger'],
    args: 'CHARGER',
    label: 'go to a charger',
    complete: ({ snapshot }) => (snapshot.chargers ?? []).map(({ id }) => id),
    run(desk, [text]) {
      const found = chargersLike(desk.world(), text ?? '');
      const [id] = found;
      if (id === undefined) return `there is no charger like ${text ?? ''}`;
      if (found.length > 1)
        return `which one: ${found.slice(0, 4).join(', ')}${found.length > 4 ? ' …' : ''}?`;
      goTo(desk, { screen: 'charger', subject: id });
      return null;
    },
  },
  {
    name: 'help',
    label: 'all keys and commands',
    run(desk) {
      goTo(desk, { screen: 'help' });
      return null;
    },
  },
  {
    name: 'q',
    also: ['quit'],
    label: 'leave the dashboard',
    run(desk) {
      askLeave(desk);
      return null;
    },
  },
];

/** The one of that name, else those that have it in their name. */
function chargersLike({ snapshot }: World, text: string): readonly string[] {
  const ids = (snapshot.chargers ?? []).map(({ id }) => id);
  const wanted = text.toLowerCase();
  const exact = ids.filter((id) => id.toLowerCase() === wanted);
  if (exact.length > 0 || wanted === '') return exact;
  return ids.filter((id) => id.toLowerCase().includes(wanted));
}
