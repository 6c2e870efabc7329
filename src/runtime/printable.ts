// Makes text from outside harmless for a terminal or a log: what is invisible, or would be obeyed, is shown as an escape.

/** Control, format (also the ones that turn the direction of writing), separator characters and lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const EACH = new RegExp(UNPRINTABLE, 'gu');
const EACH_IN_JSON = new RegExp(`(?!\\n)${UNPRINTABLE.source}`, 'gu');

export function isPrintable(text: string): boolean {
  return !UNPRINTABLE.test(text);
}

/** `\u001b` for an escape character, as JSON writes it. */
export function printable(text: string): string {
  return isPrintable(text) ? text : text.replace(EACH, escaped);
}

/** JSON for programs that does no harm when it is shown all the same; it reads back as the same value. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(EACH_IN_JSON, escaped);
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
