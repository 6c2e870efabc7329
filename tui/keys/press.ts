// One key at a time: what Ink tells at once may be several keys typed fast, and a paste is none at all.
import type { Key } from 'ink';

export interface Press {
  /** `a`, `A`, `/`, `enter`, `esc`, `tab`, `shift-tab`, `up`, `pageDown`, `ctrl-l` …; `paste` for pasted text. */
  readonly name: string;
  /** What it writes into a line of text; empty: nothing. */
  readonly text: string;
}

/** Names of what Ink recognises by itself. */
const NAMED = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageUp'],
  ['pageDown', 'pageDown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[];

/** Keys that come as characters when several were typed fast. */
const CHARACTERS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'esc',
  ' ': 'space',
};

/** The keys that one call of Ink's useInput stands for, in their order. */
export function pressesOf(input: string, key: Key): readonly Press[] {
  if (key.tab) return [named(key.shift ? 'shift-tab' : 'tab')];
  const known = NAMED.find(([flag]) => key[flag]);
  if (known) return [named(known[1])];
  if (key.ctrl) return input === '' ? [] : [named(`ctrl-${input === ' ' ? 'space' : input}`)];
  // Alt with a letter is no key of ours, and not the letter.
  if (key.meta) return [];
  return Array.from(input).flatMap(characterPress);
}

function characterPress(character: string): Press[] {
  const name = CHARACTERS[character];
  if (name !== undefined) return [{ name, text: character === ' ' ? ' ' : '' }];
  // Function keys and what else is no text.
  if (/\p{C}/u.test(character)) return [];
  return [{ name: character, text: character }];
}

function named(name: string): Press {
  return { name, text: '' };
}

/** Pasted text, its line breaks as blanks: it is never taken for keys. */
export function pasteOf(text: string): Press {
  return { name: 'paste', text: text.replace(/[\t\r\n]+/g, ' ').replace(/\p{C}/gu, '') };
}
