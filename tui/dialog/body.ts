// What the boxes of dialogs are filled with: wrapped text, and text that is being typed.
import type { EditedText } from '../keys/text-edit.ts';
import { graphemes } from '../text/graphemes.ts';
import { safeText } from '../widget/safe-text.ts';
import { line, lineWidth, span, widthOf, type Line, type Span } from '../widget/line.ts';

/** A text in lines of at most so many columns, broken at blanks; all of them as far from the left as the first. */
export function wrapped(text: string, columns: number): Line[] {
  const safe = safeText(text);
  const indent = /^ */.exec(safe)?.[0] ?? '';
  const lines: string[] = [''];
  for (const word of safe.slice(indent.length).split(' ')) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (last === '' || widthOf(longer) <= columns - indent.length) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((one) => line(indent + one));
}

/** A line in as many as it needs: what does not fit goes on below, in its own look. */
export function flowed(one: Line, columns: number): readonly Line[] {
  const lines: Span[][] = [[]];
  for (const { text, role } of one.spans) {
    const last = lines.at(-1) ?? [];
    const isFitting = lineWidth(line(...last, text)) <= columns;
    if (isFitting) last.push(span(text, role));
    else {
      const parts = wrapped(text.trimStart(), columns).map(({ spans }) =>
        spans.map((part) => span(part.text, role)),
      );
      if (last.length === 0) lines.pop();
      lines.push(...parts);
    }
  }
  return lines.map((spans) => line(...spans));
}

/** With a sign where the next character goes; of a text that is longer than `columns` the part before it. */
export function textWithCursor({ text, cursor }: EditedText, columns: number): readonly Span[] {
  const characters = graphemes(text);
  let first = 0;
  while (widthOf(characters.slice(first, cursor).join('')) >= columns) first += 1;
  const before = characters.slice(first, cursor).join('');
  const after = characters.slice(cursor).join('');
  return [span(before), span('_', 'strong'), span(after)];
}
