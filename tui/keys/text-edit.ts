// One line of text while a person types it: where the cursor is, and what each key makes of it. Pure.
import { graphemes } from '../text/graphemes.ts';
import type { Press } from './press.ts';

export interface EditedText {
  readonly text: string;
  /** Before which character; counted in characters as people do. */
  readonly cursor: number;
}

/** A line longer than this is a mistake. */
const LENGTH_MAX = 200;

export function edited(text: string): EditedText {
  return { text, cursor: graphemes(text).length };
}

/** null: the key is none of editing. */
export function edit({ text, cursor }: EditedText, { name, text: typed }: Press): EditedText | null {
  const characters = graphemes(text);
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
      const room = Math.max(0, LENGTH_MAX - characters.length);
      // Joined first: an accent typed after its letter makes one character of both.
      const before = characters.slice(0, cursor).join('') + graphemes(typed).slice(0, room).join('');
      return { text: before + characters.slice(cursor).join(''), cursor: graphemes(before).length };
    }
  }
}

function wordStart(characters: readonly string[], cursor: number): number {
  let start = cursor;
  while (start > 0 && characters[start - 1] === ' ') start -= 1;
  while (start > 0 && characters[start - 1] !== ' ') start -= 1;
  return start;
}
