// Moving in a list, by whatever means: where its end comes into sight the rows after it are asked for.
import type { Desk } from '../desk/desk.ts';
import { listOf, withList } from '../desk/ui-state.ts';
import type { Pane, PaneList } from '../screen/screen.ts';
import { selectedIndex, type ListView } from '../widget/list-view.ts';

export function moveIn(
  desk: Desk,
  { id, list }: Pane,
  next: (view: ListView, list: PaneList) => ListView,
): void {
  if (!list) return;
  desk.update((ui) => withList(ui, id, next(listOf(ui, id), list)));
  const selected = selectedIndex(listOf(desk.world().ui, id), list);
  if (selected >= list.ids.length - list.height) list.more?.(desk);
}
