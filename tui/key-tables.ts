// Which tables of keys count where, joined with the screens and commands that there are.
import { commands } from './command/commands.ts';
import type { World } from './desk/desk.ts';
import { helpScreen } from './screen/help.ts';
import { screenOf, screens } from './screen/screens.ts';
import type { Screen } from './screen/screen.ts';
import type { Binding } from './keys/binding.ts';
import { globalKeys } from './keys/global-keys.ts';
import { listKeys } from './keys/list-keys.ts';

const help = helpScreen(() => ({ screens, listKeys: keysOfLists, globalKeys: keysAnywhere, commands }));

export const allScreens: readonly Screen[] = [...screens, help];

const current = (world: World) => screenOf(allScreens, world);

export const keysOfLists: readonly Binding[] = listKeys(current);

export const keysAnywhere: readonly Binding[] = globalKeys({ screens, screenOf: current, commands });

/** What is asked first stands first: the screen's own keys, those of lists, those that count anywhere. */
export function keysOf(world: World): readonly (readonly Binding[])[] {
  return [current(world).bindings, keysOfLists, keysAnywhere];
}
