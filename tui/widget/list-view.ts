// Where a person stands in a list: what is selected, how far it is scrolled, sorted and filtered. Pure.

export interface ListView {
  /** The id of the row, so that it stays selected when rows come and go; null: the first, or the last of a list that follows. */
  readonly selectedId: string | null;
  /** Where it was, for when it is gone. */
  readonly index: number;
  /** The first row that is drawn. */
  readonly top: number;
  /** Title of the column to sort by; null: the list's own order. */
  readonly sortBy: string | null;
  readonly isReversed: boolean;
  readonly filter: string;
}

export const freshListView: ListView = {
  selectedId: null,
  index: 0,
  top: 0,
  sortBy: null,
  isReversed: false,
  filter: '',
};

/** Rows of a list, as far as moving in it needs them. */
export interface Rows {
  readonly ids: readonly string[];
  /** Rows that fit. */
  readonly height: number;
  /** New rows come at the end, and are shown until somebody moves away from there. */
  readonly isFollowing: boolean;
}

/** Index of the selected row; of its neighbour when it is gone; -1 where there are no rows. */
export function selectedIndex(
  { selectedId, index }: ListView,
  { ids, isFollowing }: Omit<Rows, 'height'>,
): number {
  if (selectedId === null) return isFollowing || ids.length === 0 ? ids.length - 1 : 0;
  const found = ids.lastIndexOf(selectedId);
  return found >= 0 ? found : Math.min(index, ids.length - 1);
}

/** The first row to draw, so that the selected one is seen and no room is left empty. */
export function firstShown({ top }: ListView, selected: number, count: number, height: number): number {
  const last = Math.max(0, count - height);
  const around = Math.min(Math.max(top, selected - height + 1), Math.max(0, selected));
  return Math.min(Math.max(0, around), last);
}

/** Selects the row at `to`, or the nearest there is; at its end a list that follows goes on following. */
export function select(view: ListView, { ids, height, isFollowing }: Rows, to: number): ListView {
  if (ids.length === 0) return view;
  const index = Math.min(Math.max(0, to), ids.length - 1);
  const top = firstShown(view, index, ids.length, height);
  const isAtEnd = isFollowing && index === ids.length - 1;
  return { ...view, selectedId: isAtEnd ? null : (ids[index] ?? null), index, top };
}

/** Moves the selection by so many rows. */
export function moveBy(view: ListView, rows: Rows, by: number): ListView {
  return select(view, rows, selectedIndex(view, rows) + by);
}
