// Where a person stands in a list: what is selected, how far it is scrolled, sorted and filtered. Pure.

export interface ListView {
  /** The id of the row, so that it stays selected when rows come and go; null: the first. */
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

/** Index of the selected row; of its neighbour when it is gone; -1 where there are no rows. */
export function selectedIndex({ selectedId, index }: ListView, ids: readonly string[]): number {
  if (ids.length === 0) return -1;
  const found = selectedId === null ? -1 : ids.indexOf(selectedId);
  return found >= 0 ? found : Math.min(index, ids.length - 1);
}

/** The first row to draw, so that the selected one is seen and no room is left empty. */
export function firstShown({ top }: ListView, selected: number, count: number, height: number): number {
  const last = Math.max(0, count - height);
  const around = Math.min(Math.max(top, selected - height + 1), Math.max(0, selected));
  return Math.min(Math.max(0, around), last);
}

/** Selects the row at `to`, or the nearest there is. */
export function select(view: ListView, ids: readonly string[], to: number, height: number): ListView {
  if (ids.length === 0) return view;
  const index = Math.min(Math.max(0, to), ids.length - 1);
  const top = firstShown(view, index, ids.length, height);
  return { ...view, selectedId: ids[index] ?? null, index, top };
}

/** Moves the selection by so many rows. */
export function moveBy(view: ListView, ids: readonly string[], by: number, height: number): ListView {
  return select(view, ids, selectedIndex(view, ids) + by, height);
}
