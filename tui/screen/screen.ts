// A screen as data: panes made from the world, and keys. What is drawn, spoken, clicked and tested is the same thing.
import type { Action, Desk, World } from '../desk/desk.ts';
import type { Binding } from '../keys/binding.ts';
import type { Line } from '../widget/line.ts';
import type { Rows } from '../widget/list-view.ts';

/** All rows that the filter leaves, in their order. */
export interface PaneList extends Rows {
  /** The first row that is drawn, and the line of the pane that it is on. */
  readonly top: number;
  readonly firstLine: number;
  /** Titles of the columns that can be sorted by. */
  readonly sortable: readonly string[];
  readonly open: ((desk: Desk, id: string) => void) | null;
  /** Asks for the rows after the last; null: there are none. */
  readonly more: Action | null;
  /** A row as text, to be copied: its cells with tabs between. */
  readonly textOf: (id: string) => string;
  /** A row to be read out: each cell after the name of its column. */
  readonly sentenceOf: (id: string) => string;
}

export interface Pane {
  readonly id: string;
  readonly title: string;
  readonly width: number;
  /** Borders included. */
  readonly height: number;
  /** As many as fit between the borders, or fewer. */
  readonly lines: readonly Line[];
  /** What keys move in; null: nothing. */
  readonly list: PaneList | null;
  /** What Enter does in a pane without rows. */
  readonly open?: Action;
}

export interface Tab {
  /** The key that goes there. */
  readonly key: string;
  readonly title: string;
  /** Where there is little room. */
  readonly short: string;
}

export interface Screen {
  readonly id: string;
  /** null: it is reached from another screen. */
  readonly tab: Tab | null;
  /** The screen whose tab is lit. */
  readonly under: string;
  /** For the help: over its keys. */
  readonly name: string;
  /** Bands of panes from top to bottom; in a band from left to right. They fill the body exactly. */
  readonly bands: (world: World) => readonly (readonly Pane[])[];
  /** The pane that has the keys at first; without it the first that can have them. */
  readonly firstPane?: string;
  readonly bindings: readonly Binding[];
}
