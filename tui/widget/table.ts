// Rows as lines: columns that share the width, go when there is none, are sorted by, and are found by a filter.
import type { ListView } from './list-view.ts';
import type { Glyphs } from '../theme/glyphs.ts';
import { fit, line, span, type Line, type Span } from './line.ts';

export interface Column<R> {
  /** Also its name in a filter (`user:b`) and in `sort by`; empty: a sign that is neither. */
  readonly title: string;
  /** Least width, in columns of the terminal. */
  readonly width: number;
  /** Takes of the width that is left, up to so much. */
  readonly maxWidth?: number;
  /** The higher, the sooner it goes when there is no room; without: never. */
  readonly dropOrder?: number;
  readonly align?: 'left' | 'right';
  readonly cell: (row: R) => Span | string;
  /** Without it the column cannot be sorted by. */
  readonly compare?: (a: R, b: R) => number;
}

interface Placed<R> {
  readonly column: Column<R>;
  readonly width: number;
}

const GAP = 2;
/** The sign of the selected row, and a blank. */
const MARK_WIDTH = 2;

/** Those columns that have room, with their widths. */
export function placeColumns<R>(columns: readonly Column<R>[], width: number): readonly Placed<R>[] {
  let kept = columns;
  while (widthOfAll(kept) > width) {
    const next = kept.reduce((worst, column) => Math.max(worst, column.dropOrder ?? 0), 0);
    if (next === 0) break;
    kept = kept.filter((column) => column.dropOrder !== next);
  }
  let spare = Math.max(0, width - widthOfAll(kept));
  return kept.map((column, index) => {
    const growing = kept.slice(index).filter((one) => roomOf(one) > 0);
    const room = roomOf(column);
    const extra = room > 0 ? Math.min(room, Math.ceil(spare / growing.length)) : 0;
    spare -= extra;
    return { column, width: column.width + extra };
  });
}

function roomOf<R>({ width, maxWidth = width }: Column<R>): number {
  return maxWidth - width;
}

function widthOfAll<R>(columns: readonly Column<R>[]): number {
  return columns.reduce(
    (sum, { width, title }) => sum + width + gapOf(title),
    -gapOf(columns.at(-1)?.title ?? ''),
  );
}

/** A sign stands close to what it belongs to. */
function gapOf(title: string): number {
  return title === '' ? 1 : GAP;
}

function gapAfter<R>(placed: readonly Placed<R>[], at: number): string {
  return at === placed.length - 1 ? '' : ' '.repeat(gapOf(placed[at]?.column.title ?? ''));
}

export interface TableOptions<R> {
  readonly columns: readonly Column<R>[];
  /** Only those that are drawn. */
  readonly rows: readonly R[];
  /** Which of them is selected; -1: none. */
  readonly selected: number;
  readonly view: ListView;
  readonly width: number;
  readonly glyphs: Glyphs;
}

/** A heading, and a line for each row. */
export function tableLines<R>({ columns, rows, selected, view, width, glyphs }: TableOptions<R>): Line[] {
  const placed = placeColumns(columns, width - MARK_WIDTH);
  const heading = placed.map(({ column, width: room }, at) => {
    const mark = view.isReversed ? glyphs.descending : glyphs.ascending;
    const title = column.title.toUpperCase();
    const text = view.sortBy === column.title && title !== '' ? `${title} ${mark}` : title;
    return cellText(column, text, room, glyphs) + gapAfter(placed, at);
  });
  const lines = rows.map((row, index) => {
    const isSelected = index === selected;
    const cells = placed.map(({ column, width: room }, at) => {
      const cell = column.cell(row);
      const { text, role } = typeof cell === 'string' ? span(cell) : cell;
      return span(cellText(column, text, room, glyphs) + gapAfter(placed, at), role);
    });
    return { ...line(isSelected ? `${glyphs.selected} ` : '  ', ...cells), isSelected };
  });
  return [line('  ', span(heading.join('').trimEnd(), 'secondary')), ...lines];
}

function cellText<R>({ align }: Column<R>, text: string, width: number, glyphs: Glyphs): string {
  return fit(text, width, glyphs.ellipsis, align);
}

/** The rows that a filter leaves: `x` anywhere, `!x` nowhere, `user:x` in the column User. */
export function filterRows<R>(
  columns: readonly Column<R>[],
  rows: readonly R[],
  filter: string,
): readonly R[] {
  const isInverse = filter.startsWith('!');
  const wanted = (isInverse ? filter.slice(1) : filter).trim().toLowerCase();
  if (wanted === '') return rows;
  const colon = wanted.indexOf(':');
  const name = colon > 0 ? wanted.slice(0, colon) : '';
  const named = name === '' ? [] : columns.filter(({ title }) => title.toLowerCase().startsWith(name));
  const searched = named.length > 0 ? named : columns;
  const text = named.length > 0 ? wanted.slice(colon + 1).trim() : wanted;
  return rows.filter((row) => isInverse !== searched.some(({ cell }) => cellOf(cell(row)).includes(text)));
}

function cellOf(cell: Span | string): string {
  return (typeof cell === 'string' ? cell : cell.text).toLowerCase();
}

/** Sorted by the column of that title; as they are where there is none. */
export function sortRows<R>(
  columns: readonly Column<R>[],
  rows: readonly R[],
  { sortBy, isReversed }: Pick<ListView, 'sortBy' | 'isReversed'>,
): readonly R[] {
  const compare = columns.find(({ title }) => title === sortBy)?.compare;
  if (!compare) return isReversed ? rows.toReversed() : rows;
  return rows.toSorted(isReversed ? (a, b) => compare(b, a) : compare);
}

/** Texts by the language of the machine, with numbers in them as numbers: CP-2 before CP-10. */
export const byText = new Intl.Collator('en', { numeric: true }).compare;
