// Sizes, without drawing: how a terminal's columns and rows are shared out. Breakpoints stand here only.

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Below this nothing sensible fits. */
export const LEAST_SIZE: Size = { columns: 60, rows: 16 };

/** Below this two panes side by side are too narrow to read. */
const TWO_PANES_COLUMNS = 76;
/** From here a list and its details stand side by side. */
const WIDE_COLUMNS = 110;
/** From here there is room for what is nice to know. */
const TALL_ROWS = 36;

/** Top and bottom of a pane. */
export const PANE_BORDERS = 2;
/** Border and blank on either side of a pane. */
export const PANE_SIDES = 4;

/** Status, tabs, message, key hints. */
const CHROME_ROWS = 4;

export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < LEAST_SIZE.columns || rows < LEAST_SIZE.rows;
}

export function isNarrow({ columns }: Size): boolean {
  return columns < TWO_PANES_COLUMNS;
}

export function isWide({ columns }: Size): boolean {
  return columns >= WIDE_COLUMNS;
}

export function isTall({ rows }: Size): boolean {
  return rows >= TALL_ROWS;
}

/** What is left for the panes of a screen. */
export function bodySize({ columns, rows }: Size): Size {
  return { columns, rows: rows - CHROME_ROWS };
}

/** `total` in parts of these shares; the parts add up to it. */
export function split(total: number, shares: readonly number[]): number[] {
  const sum = shares.reduce((all, share) => all + share, 0);
  let given = 0;
  let passed = 0;
  return shares.map((share) => {
    passed += share;
    const upTo = Math.round((total * passed) / sum);
    const part = upTo - given;
    given = upTo;
    return part;
  });
}
