// One line of text while a person types it: where the cursor is, and what each key makes of it. Pure.
import type { Press } from './press.ts';

export interface EditedText {
  readonly text: string;
  /** Before which character; counted as characters, not as units of UTF-16. */
  readonly cursor: number;
}

/** A line longer than this is a mistake. */
const LENGTH_MAX = 200;

export function edited(text: string): EditedText {
  return { text, cursor: [...text].length };
}

/** null: the key is none of editing. */
export function edit({ text, cursor }: EditedText, { name, text: typed }: Press): EditedText | null {
  const characters = [...text];
  const without = (from: number, to: number) => ({
    text: characters.toSpliced(from, to - from).join(''),
    cursor: from,
  });
  switch (name) {
    case 'left':
    case 'ctrl-b':
      return { text, cursor: Math.max(0, cursor - 1) };
    case 'right':
    case 'ctrl-f':
      return { text, cursor: Math.min(characters.length, cursor + 1) };
    case 'home':
    case 'ctrl-a':
      return { text, cursor: 0 };
    case 'end':
    case 'ctrl-e':
      return { text, cursor: characters.length };
    case 'backspace':
      return cursor === 0 ? { text, cursor } : without(cursor - 1, cursor);
    case 'delete':
      return without(cursor, cursor + 1);
    case 'ctrl-u':
      return without(0, cursor);
    case 'ctrl-k':
      return without(cursor, characters.length);
    case 'ctrl-w':
      return without(wordStart(characters, cursor), cursor);
    default: {
      if (typed === '') return null;
      const added = [...typed].slice(0, Math.max(0, LENGTH_MAX - characters.length));
      return { text: characters.toSpliced(cursor, 0, ...added).join(''), cursor: cursor + added.length };
    }
  }
}

function wordStart(characters: readonly string[], cursor: number): number {
  let start = cursor;
  while (start > 0 && characters[start - 1] === ' ') start -= 1;
  while (start > 0 && characters[start - 1] !== ' ') start -= 1;
  return start;
}
