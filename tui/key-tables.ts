// Which tables of keys count where, joined with the screens and commands that there are.
import type { Command } from './command/command.ts';
import { commands } from './command/commands.ts';
import { screenCommands } from './command/screen-commands.ts';
import type { World } from './desk/desk.ts';
import { helpScreen, type HelpParts } from './screen/help.ts';
import { screenOf, screens } from './screen/screens.ts';
import type { Screen } from './screen/screen.ts';
import type { Binding } from './keys/binding.ts';
import { globalKeys } from './keys/global-keys.ts';
import { listKeys } from './keys/list-keys.ts';

export const allCommands: readonly Command[] = [...commands, ...screenCommands(screens)];

/** What the help shows, and the documentation. */
export const helpParts = (): HelpParts => ({
  screens,
  listKeys: keysOfLists,
  globalKeys: keysAnywhere,
  commands: allCommands,
});

const help = helpScreen(helpParts);

export const allScreens: readonly Screen[] = [...screens, help];

const current = (world: World) => screenOf(allScreens, world);

export const keysOfLists: readonly Binding[] = listKeys(current);

export const keysAnywhere: readonly Binding[] = globalKeys({
  screens,
  screenOf: current,
  commands: allCommands,
});

/** Hints on the last line, what matters here first. */
export function hintsOf(world: World): readonly Binding[] {
  const open = keysOfLists.filter(({ keys }) => keys.includes('enter'));
  const others = keysOfLists.filter((binding) => !open.includes(binding));
  return [...open, ...current(world).bindings, ...others, ...keysAnywhere];
}

/** What is asked first stands first: the screen's own keys, those of lists, those that count anywhere. */
export function keysOf(world: World): readonly (readonly Binding[])[] {
  return [current(world).bindings, keysOfLists, keysAnywhere];
}
