// Keys that move in whatever list has the keys, and between the panes of a screen.
import type { Desk, World } from '../desk/desk.ts';
import { listOf, placeKey, placeOf, withFocus } from '../desk/ui-state.ts';
import type { Pane, PaneList, Screen } from '../screen/screen.ts';
import { moveBy, select, selectedIndex, type ListView } from '../widget/list-view.ts';
import type { Binding } from './binding.ts';
import { moveIn } from './move.ts';

/** Panes that can have the keys. */
function reachable(world: World, screen: Screen): readonly Pane[] {
  return screen
    .bands(world)
    .flat()
    .filter(({ list, open }) => list !== null || open !== undefined);
}

/** The pane that has the keys; null: the screen has none to give them to. */
export function focusedPane(world: World, screen: Screen): Pane | null {
  const panes = reachable(world, screen);
  const wanted = world.ui.focus[placeKey(placeOf(world.ui))] ?? screen.firstPane;
  return panes.find(({ id }) => id === wanted) ?? panes[0] ?? null;
}

type ScreenOf = (world: World) => Screen;

export function listKeys(screenOf: ScreenOf): readonly Binding[] {
  const focused = (desk: Desk) => focusedPane(desk.world(), screenOf(desk.world()));
  const change = (desk: Desk, next: (view: ListView, list: PaneList) => ListView) => {
    const pane = focused(desk);
    if (pane) moveIn(desk, pane, next);
  };
  const move = (by: (list: PaneList) => number) => (desk: Desk) =>
    change(desk, (view, list) => moveBy(view, list, by(list)));
  return [
    { keys: ['down', 'j'], label: 'move down one row', run: move(() => 1) },
    { keys: ['up', 'k'], label: 'move up one row', run: move(() => -1) },
    { keys: ['pageDown', 'ctrl-f'], label: 'move down one page', run: move(({ height }) => height) },
    { keys: ['pageUp', 'ctrl-b'], label: 'move up one page', run: move(({ height }) => -height) },
    {
      keys: ['home'],
      label: 'first row',
      run: (desk) => change(desk, (view, list) => select(view, list, 0)),
    },
    {
      keys: ['end', 'G'],
      label: 'last row',
      run: (desk) => change(desk, (view, list) => select(view, list, list.ids.length - 1)),
    },
    {
      ...{ keys: ['enter'], label: 'open', hint: 'open' },
      blocked: (world) =>
        canOpen(focusedPane(world, screenOf(world))) ? null : 'there is nothing to open here',
      run: (desk) => openSelected(desk, focused(desk)),
    },
    { keys: ['tab'], label: 'next pane', run: (desk) => moveFocus(desk, screenOf, 1) },
    { keys: ['shift-tab'], label: 'previous pane', run: (desk) => moveFocus(desk, screenOf, -1) },
    {
      keys: ['s'],
      label: 'sort by the next column',
      hint: 'sort',
      run: (desk) =>
        change(desk, (view, { sortable }) => ({ ...view, sortBy: nextOf(sortable, view.sortBy), top: 0 })),
    },
    {
      keys: ['S'],
      label: 'reverse the order',
      run: (desk) => change(desk, (view) => ({ ...view, isReversed: !view.isReversed })),
    },
    { keys: ['y'], label: 'copy the row', run: (desk) => copySelected(desk, focused(desk)) },
  ];
}

/** After the last column comes the list's own order. */
function nextOf(titles: readonly string[], title: string | null): string | null {
  return titles[title === null ? 0 : titles.indexOf(title) + 1] ?? null;
}

function selectedId(desk: Desk, { id, list }: Pane): string | null {
  if (list === null) return null;
  return list.ids[selectedIndex(listOf(desk.world().ui, id), list)] ?? null;
}

function canOpen(pane: Pane | null): boolean {
  if (pane?.open) return true;
  return (pane?.list?.open ?? null) !== null && (pane?.list?.ids.length ?? 0) > 0;
}

function openSelected(desk: Desk, pane: Pane | null): void {
  if (!pane) return;
  const id = selectedId(desk, pane);
  if (id !== null) pane.list?.open?.(desk, id);
  else pane.open?.(desk);
}

function copySelected(desk: Desk, pane: Pane | null): void {
  const id = pane ? selectedId(desk, pane) : null;
  if (pane?.list && id !== null) desk.copy(pane.list.textOf(id));
}

function moveFocus(desk: Desk, screenOf: ScreenOf, by: number): void {
  const world = desk.world();
  const panes = reachable(world, screenOf(world));
  const focused = focusedPane(world, screenOf(world));
  const at = panes.findIndex(({ id }) => id === focused?.id);
  const next = panes[(at + by + panes.length) % panes.length];
  if (next) desk.update((ui) => withFocus(ui, next.id));
}
