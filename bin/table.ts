// Columns of text for people: aligned, and no wider than the terminal. What stands in them may come from outside.
import { printable } from '../src/runtime/printable.ts';

const GAP = '  ';
/** A column is not cut to less than this. */
const MIN_WIDTH = 6;

const segmenter = new Intl.Segmenter();

/** Lines, each with its line end; the first row is the heading. `maxWidth` is the terminal's, Infinity for a pipe. */
export function table(rows: readonly (readonly string[])[], maxWidth: number): string {
  const cells = rows.map((row) => row.map(charactersOf));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  narrow(widths, maxWidth - GAP.length * (columns - 1));
  const lines = cells.map((row) => row.map((cell, column) => fitted(cell, widths[column] ?? 0)).join(GAP));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** As people count them. */
function charactersOf(cell: string): string[] {
  return Array.from(segmenter.segment(printable(cell)), ({ segment }) => segment);
}

/** Takes from the widest column, one character after the other, until all fit or none can give any more. */
function narrow(widths: number[], available: number): void {
  for (let sum = widths.reduce((a, b) => a + b, 0); sum > available; sum -= 1) {
    const widest = Math.max(...widths);
    if (widest <= MIN_WIDTH) return;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
}

function fitted(cell: readonly string[], width: number): string {
  if (cell.length <= width) return cell.join('') + ' '.repeat(width - cell.length);
  return `${cell.slice(0, width - 1).join('')}…`;
}
