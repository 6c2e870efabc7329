// Lists as CSV (RFC 4180), for spreadsheets: a cell that one would carry out as a formula is made harmless.

type Cell = string | number | boolean | null;

/** `columns` are the members of the rows, in this order, and the header. Null is an empty cell. */
export function csvText<Column extends string>(
  rows: Iterable<Readonly<Record<Column, Cell>>>,
  columns: readonly Column[],
): string {
  let text = `${columns.join(',')}\r\n`;
  for (const row of rows) text += `${columns.map((column) => cellText(row[column])).join(',')}\r\n`;
  return text;
}

/** Numbers are no formulas, also negative ones; a text that begins like one gets an apostrophe (OWASP, CSV injection). */
function cellText(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
