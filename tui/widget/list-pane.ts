// A pane with rows: filtered, sorted, scrolled and selected as the person left them. Only the rows that fit become lines.
import type { Action, Desk, World } from '../desk/desk.ts';
import { PANE_BORDERS, PANE_SIDES } from '../layout.ts';
import { listOf, placeKey, placeOf } from '../desk/ui-state.ts';
import type { Pane } from '../screen/screen.ts';
import { count, plural } from '../text/figures.ts';
import { line, span, type Line } from './line.ts';
import { safeText } from './safe-text.ts';
import { firstShown, selectedIndex, type ListView } from './list-view.ts';
import { cellNeeds, filterRows, sortRows, tableLines, type Column } from './table.ts';

export interface ListSpec<R> {
  readonly pane: string;
  /** What the border says: `Chargers`. */
  readonly title: string;
  /** What a row is: `connector`. */
  readonly noun: string;
  readonly columns: (world: World) => readonly Column<R>[];
  /** All of them, in the order that needs no sorting; the same array while nothing changed. */
  readonly rows: (world: World) => readonly R[];
  /** Its columns need no names. */
  readonly isBare?: boolean;
  /** The newest rows are the last, and are shown until somebody moves away. */
  readonly isFollowing?: boolean;
  /** What that order is: `status`. */
  readonly order?: string;
  readonly idOf: (row: R) => string;
  /** Where there is no row at all. */
  readonly empty: (world: World) => readonly Line[];
  readonly open?: (desk: Desk, row: R) => void;
  /** Asks for the rows after the last, where a list is read a page at a time; null: there are none. */
  readonly more?: (world: World) => Action | null;
}

/** Where a pane goes. */
export interface Extent {
  readonly width: number;
  /** Borders included. */
  readonly height: number;
}

const HEADING = 1;

interface Arranged<R> {
  readonly key: string;
  readonly rows: readonly R[];
  readonly ids: readonly string[];
  readonly needs: readonly number[];
}

/** By the array of all rows: sorting thousands of them for each key would be felt. */
const arrangedBefore = new WeakMap<readonly unknown[], Arranged<unknown>>();

function arranged<R>(world: World, spec: ListSpec<R>, view: ListView): Arranged<R> {
  const all = spec.rows(world);
  const key = JSON.stringify([spec.pane, view.sortBy, view.isReversed, view.filter]);
  const before = arrangedBefore.get(all);
  if (before?.key === key) return before as Arranged<R>;
  const columns = spec.columns(world);
  const rows = sortRows(columns, filterRows(columns, all, view.filter), view);
  const now = { key, rows, ids: rows.map(spec.idOf), needs: cellNeeds(columns, rows) };
  arrangedBefore.set(all, now);
  return now;
}

/** The row that keys are about; null where there is none. */
export function selectedRow<R>(world: World, spec: ListSpec<R>): R | null {
  const view = listOf(world.ui, spec.pane);
  const { rows, ids } = arranged(world, spec, view);
  return rows[selectedIndex(view, { ids, isFollowing: spec.isFollowing === true })] ?? null;
}

/** All rows that the filter leaves, in their order. */
export function shownRows<R>(world: World, spec: ListSpec<R>): readonly R[] {
  return arranged(world, spec, listOf(world.ui, spec.pane)).rows;
}

/** `isFocused`: its selected row is shown as such. */
export function listPane<R>(world: World, spec: ListSpec<R>, extent: Extent, isFocused: boolean): Pane {
  const view = listOf(world.ui, spec.pane);
  const { rows, ids, needs } = arranged(world, spec, view);
  const columns = spec.columns(world);
  const heading = spec.isBare === true ? 0 : HEADING;
  const height = Math.max(0, extent.height - PANE_BORDERS - heading);
  const isFollowing = spec.isFollowing === true;
  const selected = selectedIndex(view, { ids, isFollowing });
  const top = firstShown(view, selected, rows.length, height);
  const { glyphs } = world.theme;
  const shown = rows.slice(top, top + height);
  const table = tableLines({
    ...{ columns, needs, rows: shown, view, glyphs, hasHeading: heading > 0 },
    selected: isFocused ? selected - top : -1,
    width: extent.width - PANE_SIDES,
  });
  const cellsOf = (id: string) => cellTexts(columns, rows[ids.indexOf(id)]);
  const open = spec.open;
  const more = spec.more?.(world) ?? null;
  const counts = { all: spec.rows(world).length, rows: rows.length, top, shown: shown.length };
  return {
    id: spec.pane,
    title: titleOf(spec, view, { ...counts, hasMore: more !== null }),
    ...extent,
    lines: rows.length > 0 ? table : inRoom(nothingToShow(world, spec, view), height + heading),
    list: {
      ...{ ids, height, isFollowing, top },
      textOf: (id) =>
        cellsOf(id)
          .map(([, text]) => text)
          .join('\t'),
      sentenceOf: (id) =>
        cellsOf(id)
          .map(([title, text]) => `${title} ${text}`)
          .join(', '),
      firstLine: heading,
      sortable: columns.flatMap(({ title, compare }) => (compare ? [title] : [])),
      open: open
        ? (desk, id) => {
            const row = rows[ids.indexOf(id)];
            if (row !== undefined) open(desk, row);
          }
        : null,
      more,
    },
  };
}

interface Counts {
  readonly all: number;
  readonly rows: number;
  readonly top: number;
  readonly shown: number;
  /** There are rows that have not been read. */
  readonly hasMore: boolean;
}

function titleOf<R>(spec: ListSpec<R>, view: ListView, counts: Counts): string {
  const { title, noun, order, isFollowing } = spec;
  const { all, rows, top, shown, hasMore } = counts;
  const parts = [title];
  if (isFollowing === true) parts.push(followText(view, rows - top - shown));
  const known = hasMore ? `${count(all)}+ ${noun}s` : plural(all, noun);
  const of = rows === all ? known : `${count(rows)} of ${known}`;
  if (all > 0) parts.push(shown < rows ? `${count(top + 1)}-${count(top + shown)} of ${of}` : of);
  if (view.filter !== '') parts.push(`filter: ${view.filter}`);
  const sort = view.sortBy?.toLowerCase() ?? order;
  if (sort !== undefined && all > 1) parts.push(`sort: ${sort}${view.isReversed ? ', reversed' : ''}`);
  return parts.join('  ');
}

function followText({ selectedId }: ListView, below: number): string {
  if (selectedId === null) return 'following';
  return below > 0 ? `paused, ${count(below)} below` : 'paused';
}

function nothingToShow<R>(
  world: World,
  { noun, rows, empty }: ListSpec<R>,
  { filter }: ListView,
): readonly Line[] {
  if (filter === '' || rows(world).length === 0) return empty(world);
  return [line(), line(`No ${noun} matches '${filter}'. `, span('Esc clears the filter.', 'secondary'))];
}

/** Without the blank line at the top where that would cost what is said. */
function inRoom(lines: readonly Line[], room: number): readonly Line[] {
  const [first] = lines;
  return lines.length > room && first?.spans.length === 0 ? lines.slice(1) : lines;
}

/** The name of each column that says something of this row, and what. */
function cellTexts<R>(
  columns: readonly Column<R>[],
  row: R | undefined,
): readonly (readonly [string, string])[] {
  if (row === undefined) return [];
  return columns.flatMap(({ title, width, cell }) => {
    const value = cell(row, width);
    // Also for the clipboard and the voice: what is pasted into a shell must not be able to do something there.
    const text = safeText(typeof value === 'string' ? value : value.text).trim();
    return title === '' || text === '' ? [] : [[title, text] as const];
  });
}

/** Whether this pane has the keys; without a choice so far it is the first one. */
export function hasFocus({ ui }: World, pane: string, first: string): boolean {
  return (ui.focus[placeKey(placeOf(ui))] ?? first) === pane;
}
