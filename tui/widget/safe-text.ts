// Makes text from outside harmless to draw: what moves the cursor, colours, turns the direction or takes no column is gone.
import { stripVTControlCharacters } from 'node:util';

const PRINTABLE_ASCII = /^[ -~]*$/;

/** Controls, formats (bidi, zero width), private and unassigned characters, lone surrogates, separators, variation selectors. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu;

/** More marks than this on one character are no language but an attempt to draw over other lines. */
const MARKS_MAX = 2;
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MARKS_MAX}})\\p{M}+`, 'gu');

/** The same text for everything a person types or a charger normally says. */
export function safeText(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  const spaced = text.replace(/[\t\r\n]+/g, ' ');
  return stripVTControlCharacters(spaced).replace(UNSAFE, '').replace(TOO_MANY_MARKS, '$1');
}
