// Rows as lines: columns that share the width, go when there is none, are sorted by, and are found by a filter.
import type { ListView } from './list-view.ts';
import type { Glyphs } from '../theme/glyphs.ts';
import { fit, line, span, widthOf, type Line, type Span } from './line.ts';

export interface Column<R> {
  /** Also its name in a filter (`user:b`) and in `sort by`; empty: a sign that is neither. */
  readonly title: string;
  /** Least width, in columns of the terminal. */
  readonly width: number;
  /** Grows with its texts where there is room, up to so much. */
  readonly maxWidth?: number;
  /** Takes what the others leave. */
  readonly fills?: boolean;
  /** The higher, the sooner it goes when there is no room; without: never. */
  readonly dropOrder?: number;
  readonly align?: 'left' | 'right';
  /** `width`: what the column has, for what is drawn to fit. */
  readonly cell: (row: R, width: number) => Span | string;
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

/** Those columns that have room, with their widths; `needs` are those of their widest cells. */
function placeColumns<R>(
  columns: readonly Column<R>[],
  needs: readonly number[],
  width: number,
): readonly Placed<R>[] {
  let kept = columns.map((column, index) => ({ column, need: needs[index] ?? 0 }));
  const taken = () => widthOfAll(kept.map(({ column }) => column));
  while (taken() > width) {
    const next = kept.reduce((worst, { column }) => Math.max(worst, column.dropOrder ?? 0), 0);
    if (next === 0) break;
    kept = kept.filter(({ column }) => column.dropOrder !== next);
  }
  let spare = Math.max(0, width - taken());
  const placed = kept.map(({ column, need }, index) => {
    // What one does not need, the others have.
    const growing = kept.slice(index).filter((one) => roomOf(one.column, one.need) > 0).length;
    const extra = Math.min(roomOf(column, need), Math.ceil(spare / Math.max(1, growing)));
    spare -= extra;
    return { column, width: column.width + extra };
  });
  return placed.map((one) => (one.column.fills === true ? { ...one, width: one.width + spare } : one));
}

/** How much wider than its least width a column wants to be. */
function roomOf<R>({ width, maxWidth = width }: Column<R>, need: number): number {
  return Math.max(0, Math.min(maxWidth, need) - width);
}

/** The widest cell of each column that can grow. */
export function cellNeeds<R>(columns: readonly Column<R>[], rows: readonly R[]): readonly number[] {
  return columns.map(({ width, maxWidth, cell }) =>
    maxWidth === undefined
      ? 0
      : rows.reduce((most, row) => Math.max(most, widthOf(textOf(cell(row, width)))), 0),
  );
}

function textOf(cell: Span | string): string {
  return typeof cell === 'string' ? cell : cell.text;
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
  readonly needs: readonly number[];
  readonly hasHeading: boolean;
  /** Only those that are drawn. */
  readonly rows: readonly R[];
  /** Which of them is selected; -1: none. */
  readonly selected: number;
  readonly view: ListView;
  readonly width: number;
  readonly glyphs: Glyphs;
}

/** A heading, and a line for each row. */
export function tableLines<R>(options: TableOptions<R>): Line[] {
  const { columns, needs, rows, hasHeading, selected, view, width, glyphs } = options;
  const placed = placeColumns(columns, needs, width - MARK_WIDTH);
  const heading = placed.map(({ column, width: room }, at) => {
    const mark = view.isReversed ? glyphs.descending : glyphs.ascending;
    const title = column.title.toUpperCase();
    const text = view.sortBy === column.title && title !== '' ? `${title} ${mark}` : title;
    return cellText(column, text, room, glyphs) + gapAfter(placed, at);
  });
  const lines = rows.map((row, index) => {
    const isSelected = index === selected;
    const cells = placed.map(({ column, width: room }, at) => {
      const cell = column.cell(row, room);
      const { text, role } = typeof cell === 'string' ? span(cell) : cell;
      return span(cellText(column, text, room, glyphs) + gapAfter(placed, at), role);
    });
    return { ...line(isSelected ? `${glyphs.selected} ` : '  ', ...cells), isSelected };
  });
  return hasHeading ? [line('  ', span(heading.join('').trimEnd(), 'secondary')), ...lines] : lines;
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
  return rows.filter(
    (row) =>
      isInverse !== searched.some(({ cell, width }) => textOf(cell(row, width)).toLowerCase().includes(text)),
  );
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

/** Made when something is sorted: the first one takes as long as a tenth of the start. */
let collator: Intl.Collator | null = null;

/** Texts with numbers in them as numbers: CP-2 before CP-10. */
export function byText(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b);
}
