// Keys that mean the same on every screen.
import type { Command } from '../command/command.ts';
import type { Desk, World } from '../desk/desk.ts';
import { listOf, placeOf, withTab, withoutLastPlace, goTo } from '../desk/ui-state.ts';
import { openCommandLine } from '../dialog/command-line.ts';
import { openFilter, setFilter } from '../dialog/filter.ts';
import type { Screen } from '../screen/screen.ts';
import type { Binding } from './binding.ts';
import { askLeave } from '../action/leave.ts';
import { focusedPane } from './list-keys.ts';

export interface GlobalKeyParts {
  readonly screens: readonly Screen[];
  readonly screenOf: (world: World) => Screen;
  readonly commands: readonly Command[];
}

export function globalKeys({ screens, screenOf, commands }: GlobalKeyParts): readonly Binding[] {
  const list = (world: World) => {
    const pane = focusedPane(world, screenOf(world));
    return pane?.list ? pane.id : null;
  };
  return [
    ...screens.flatMap((screen) => tabKey(screen)),
    {
      keys: ['/'],
      label: 'filter this list',
      hint: 'filter',
      blocked: (world) => (list(world) === null ? 'there is no list here to filter' : null),
      run: (desk) => {
        const pane = list(desk.world());
        if (pane !== null) openFilter(desk, pane);
      },
    },
    { keys: [':'], label: 'command', hint: 'command', run: (desk) => openCommandLine(desk, commands) },
    {
      keys: ['space'],
      label: 'freeze the picture, and let it go on',
      hint: 'freeze',
      run: (desk) => desk.freeze(desk.world().ui.frozenAtMs === null),
    },
    {
      keys: ['esc'],
      label: 'back: filter away, screen before',
      run: (desk) => back(desk, list(desk.world())),
    },
    { keys: ['R'], label: 'connect again and read everything anew', run: (desk) => desk.retry() },
    { keys: ['ctrl-l'], label: 'draw everything anew', run: (desk) => desk.redraw() },
    { keys: ['?'], label: 'help', hint: 'help', run: (desk) => goTo(desk, { screen: 'help' }) },
    { keys: ['q'], label: 'leave the dashboard', hint: 'quit', run: askLeave },
    {
      keys: ['ctrl-c'],
      label: 'leave at once; the server goes on',
      run: (desk) => desk.leave('server-running'),
    },
  ];
}

function tabKey({ id, tab }: Screen): Binding[] {
  if (!tab) return [];
  return [{ keys: [tab.key], label: tab.title, run: (desk) => desk.update((ui) => withTab(ui, id)) }];
}

/** One step: what is nearest is undone first. It never leaves the dashboard. */
function back(desk: Desk, list: string | null): void {
  const { ui } = desk.world();
  if (list !== null && listOf(ui, list).filter !== '') setFilter(desk, list, '');
  else if (ui.trail.length > 1) desk.update(withoutLastPlace);
  else if (ui.frozenAtMs !== null) desk.freeze(false);
  else if (placeOf(ui).screen !== 'overview') desk.update((now) => withTab(now, 'overview'));
}
