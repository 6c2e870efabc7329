// Lists as CSV (RFC 4180), for spreadsheets: a cell that one would carry out as a formula is made harmless.
import { writeToString } from 'fast-csv';

type Cell = string | number | boolean | null;

/**
 * `columns` are the members of the rows, in this order, and the header, which `rows` leaves out for a piece of a longer
 * list. Null is an empty cell.
 */
export async function csvText<Column extends string>(
  rows: Iterable<Readonly<Record<Column, Cell>>>,
  columns: readonly Column[],
  part: 'whole' | 'rows' = 'whole',
): Promise<string> {
  const cells = Array.from(rows, (row) => columns.map((column) => harmless(row[column])));
  // fast-csv makes an empty row of nothing.
  if (cells.length === 0 && part === 'rows') return '';
  return writeToString(cells, {
    headers: [...columns],
    writeHeaders: part === 'whole',
    alwaysWriteHeaders: part === 'whole',
    includeEndRowDelimiter: true,
    rowDelimiter: '\r\n',
  });
}

/** Numbers are no formulas, also negative ones; a text that begins like one gets an apostrophe (OWASP, CSV injection), full-width signs too. */
function harmless(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  return /^\s*[=+\-@＝＋－＠]|^[\t\r]/.test(cell) ? `'${cell}` : cell;
}
