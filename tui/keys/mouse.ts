// The mouse, for who asked for it: reports of the terminal (SGR, 1006) and what they mean on the screen.
import { tabAt } from '../chrome/tab-line.ts';
import type { Desk, World } from '../desk/desk.ts';
import { listOf, withFocus, withList, withTab } from '../desk/ui-state.ts';
import type { Pane, Screen } from '../screen/screen.ts';
import { moveBy, select, selectedIndex } from '../widget/list-view.ts';
import { moveIn } from './move.ts';

const ESCAPE = '\u001b';

/** Asks the terminal for clicks and the wheel; selecting text needs Shift from then on. */
export const MOUSE_ON = `${ESCAPE}[?1000h${ESCAPE}[?1006h`;
export const MOUSE_OFF = `${ESCAPE}[?1006l${ESCAPE}[?1000l`;

export interface MouseReport {
  readonly kind: 'click' | 'wheelUp' | 'wheelDown';
  /** From 0, from the top left. */
  readonly column: number;
  readonly row: number;
}

/** `ESC [ < button ; column ; row M`: pressed; released ends in m. */
const REPORT = new RegExp(`${ESCAPE}\\[<(\\d{1,3});(\\d{1,5});(\\d{1,5})M`, 'g');
const KINDS: Readonly<Record<string, MouseReport['kind']>> = { 0: 'click', 64: 'wheelUp', 65: 'wheelDown' };
const WHEEL_ROWS = 3;
/** Status and tabs. */
const ROWS_ABOVE = 2;
const TAB_ROW = 1;
/** The border, and the sign of the selected row. */
const TOP_BORDER = 1;

/** The reports in what came from the terminal. */
export function mouseReports(input: string): readonly MouseReport[] {
  return [...input.matchAll(REPORT)].flatMap(([, button = '', column, row]) => {
    const kind = KINDS[button];
    return kind === undefined ? [] : [{ kind, column: Number(column) - 1, row: Number(row) - 1 }];
  });
}

/** Does what the report means; a dialog is answered by keys alone. */
export function mouse(report: MouseReport, desk: Desk, screens: readonly Screen[], screen: Screen): void {
  const world = desk.world();
  if (world.ui.dialog !== null) return;
  if (report.row === TAB_ROW && report.kind === 'click') {
    const tab = tabAt(world, screens, screen, report.column);
    if (tab !== null) desk.update((ui) => withTab(ui, tab));
    return;
  }
  const hit = paneAt(world, screen, report);
  if (!hit) return;
  if (report.kind === 'click') click(desk, hit);
  else wheel(desk, hit.pane, report.kind === 'wheelUp' ? -WHEEL_ROWS : WHEEL_ROWS);
}

interface Hit {
  readonly pane: Pane;
  /** From the first line under the border. */
  readonly line: number;
}

function paneAt(world: World, screen: Screen, { column, row }: MouseReport): Hit | null {
  let top = ROWS_ABOVE;
  for (const band of screen.bands(world)) {
    const height = Math.max(...band.map((pane) => pane.height));
    if (row < top + height) {
      let left = 0;
      for (const pane of band) {
        if (column < left + pane.width) return { pane, line: row - top - TOP_BORDER };
        left += pane.width;
      }
      return null;
    }
    top += height;
  }
  return null;
}

/** Selects the row; opens the one that is selected already. */
function click(desk: Desk, { pane, line }: Hit): void {
  const { list } = pane;
  if (list === null && pane.open === undefined) return;
  const before = listOf(desk.world().ui, pane.id);
  desk.update((ui) => withFocus(ui, pane.id));
  if (list === null) return;
  const at = list.top + line - list.firstLine;
  const id = list.ids[at];
  if (line < list.firstLine || line >= list.firstLine + list.height || id === undefined) return;
  if (before.selectedId !== null && selectedIndex(before, list) === at) list.open?.(desk, id);
  else desk.update((ui) => withList(ui, pane.id, select(listOf(ui, pane.id), list, at)));
}

function wheel(desk: Desk, pane: Pane, by: number): void {
  if (pane.list === null) return;
  desk.update((ui) => withFocus(ui, pane.id));
  moveIn(desk, pane, (view, list) => moveBy(view, list, by));
}
