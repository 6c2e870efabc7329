// Every screen that has a tab can be gone to by its name.
import { withTab } from '../desk/ui-state.ts';
import type { Screen } from '../screen/screen.ts';
import type { Command } from './command.ts';

export function screenCommands(screens: readonly Screen[]): readonly Command[] {
  return screens.flatMap(({ id, tab }) => {
    if (!tab) return [];
    const command: Command = {
      name: id,
      label: `go to ${tab.title}`,
      run(desk) {
        desk.update((ui) => withTab(ui, id));
        return null;
      },
    };
    return [command];
  });
}
