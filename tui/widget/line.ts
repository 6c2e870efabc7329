// A line on the screen as spans with a meaning each, and how it is cut or filled to a number of columns.
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import type { Role } from '../theme/role.ts';
import { safeText } from './safe-text.ts';

export interface Span {
  readonly text: string;
  readonly role: Role;
}

export interface Line {
  readonly spans: readonly Span[];
  /** Drawn inverse, all of it. */
  readonly isSelected?: boolean;
  /** Nothing to read out. */
  readonly isPicture?: boolean;
}

export type Piece = Span | string;

export const emptyLine: Line = { spans: [] };

export function span(text: string, role: Role = 'plain'): Span {
  return { text, role };
}

export function line(...pieces: readonly Piece[]): Line {
  return { spans: pieces.map((piece) => (typeof piece === 'string' ? span(piece) : piece)) };
}

/** Letters of Europe, lines and blocks, and the signs of theme/glyphs.ts: one column each. What is not here is measured. */
const ONE_COLUMN_EACH = /^[ -~\u00a1-\u00ac\u00ae-\u024f\u2500-\u259f●○▶◐◑‖◆▲✖⊘■∞✓…↑↓→←]*$/;

/** In columns of the terminal. */
export function widthOf(text: string): number {
  return ONE_COLUMN_EACH.test(text) ? text.length : stringWidth(text);
}

/** Made harmless and cut to at most so many columns; what was cut ends in the ellipsis. */
export function cut(text: string, columns: number, ellipsis: string): string {
  const safe = safeText(text);
  if (widthOf(safe) <= columns) return safe;
  return take(safe, columns - widthOf(ellipsis)) + take(ellipsis, columns);
}

/** Cut or filled with blanks to exactly so many columns. */
export function fit(
  text: string,
  columns: number,
  ellipsis: string,
  align: 'left' | 'right' = 'left',
): string {
  const short = cut(text, columns, ellipsis);
  const blanks = ' '.repeat(Math.max(0, columns - widthOf(short)));
  return align === 'left' ? short + blanks : blanks + short;
}

/** The line in exactly so many columns; its texts made harmless. */
export function fitLine({ spans, ...rest }: Line, columns: number, ellipsis: string): Line {
  const safe = spans.map(({ text, role }) => span(safeText(text), role));
  const isCut = safe.reduce((sum, { text }) => sum + widthOf(text), 0) > columns;
  const end = isCut ? take(ellipsis, columns) : '';
  const fitted: Span[] = [];
  let left = columns - widthOf(end);
  for (const { text, role } of safe) {
    const short = take(text, left);
    fitted.push(span(short, role));
    left -= widthOf(short);
    if (short.length < text.length) break;
  }
  return { ...rest, spans: [...fitted, span(end + ' '.repeat(left))] };
}

/** The beginning of a safe text: as many characters as there are columns for. */
function take(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (ONE_COLUMN_EACH.test(text)) return text.slice(0, columns);
  return widthOf(text) <= columns ? text : cliTruncate(text, columns, { truncationCharacter: '' });
}

/** A left and a right part with blanks between; what has no room on the left is cut, the right part stays. */
export function spread(left: Line, right: Line, columns: number, ellipsis: string): Line {
  const rightWidth = lineWidth(right);
  if (rightWidth >= columns) return fitLine(left, columns, ellipsis);
  const { spans } = fitLine(left, columns - rightWidth, ellipsis);
  return { spans: [...spans, ...right.spans] };
}

/** The first of these that has room; the last of them where none has. */
export function firstThatFits(candidates: readonly Line[], columns: number): Line {
  return candidates.find((one) => lineWidth(one) <= columns) ?? candidates.at(-1) ?? emptyLine;
}

/** Whether both look the same. */
export function isSameLine(a: Line, b: Line): boolean {
  return (
    a.isSelected === b.isSelected &&
    a.spans.length === b.spans.length &&
    a.spans.every(({ text, role }, index) => text === b.spans[index]?.text && role === b.spans[index].role)
  );
}

export function lineWidth({ spans }: Line): number {
  return spans.reduce((sum, { text }) => sum + widthOf(safeText(text)), 0);
}

/** The line without roles: for goldens and speech. */
export function plainText({ spans }: Line): string {
  return spans.map(({ text }) => text).join('');
}
