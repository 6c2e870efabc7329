// What the boxes of dialogs are filled with: wrapped text, and text that is being typed.
import type { EditedText } from '../keys/text-edit.ts';
import { graphemes } from '../text/graphemes.ts';
import { safeText } from '../widget/safe-text.ts';
import { line, span, widthOf, type Line, type Span } from '../widget/line.ts';

/** A text in lines of at most so many columns, broken at blanks. */
export function wrapped(text: string, columns: number): Line[] {
  const lines: string[] = [''];
  for (const word of safeText(text).split(' ')) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (last === '' || widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((one) => line(one));
}

/** With a sign where the next character goes. */
export function textWithCursor({ text, cursor }: EditedText): readonly Span[] {
  const characters = graphemes(text);
  const before = characters.slice(0, cursor).join('');
  const after = characters.slice(cursor).join('');
  return [span(before), span('_', 'strong'), span(after)];
}
