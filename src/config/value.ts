// Reads one text by its key, for all three origins alike: the file, variables and flags.
import type { Key } from './key.ts';

const SHOWN_LENGTH = 40;

export type KeyReading =
  { readonly value: unknown } | { readonly message: string; readonly hint: string | null };

/** The value of a key, or the sentence that says what it must be; `shown` stands in that sentence for the text. */
export function readKey(
  path: string,
  key: Key<unknown>,
  text: string,
  baseDir: string,
  shown = text,
): KeyReading {
  const reading = key.kind.read(text, baseDir);
  if ('value' in reading) return reading;
  return { message: mustBe(path, key, key.kind.isSecret ? 'this text' : quote(shown)), hint: reading.hint };
}

/** `ocpp.port must be a whole number from 0 to 65535, not a list`. */
export function mustBe(path: string, key: Key<unknown>, found: string): string {
  return `${path} must be ${expectedOf(key)}, not ${found}`;
}

/** Kind and unit: `a whole number from 1 to 86400, in seconds`. */
export function expectedOf(key: Key<unknown>): string {
  return key.unit === null ? key.kind.expected : `${key.kind.expected}, in ${key.unit}`;
}

/** A text as messages show it: short and on one line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);
}
