// What a configuration value may be: each kind reads one text (from the file, a variable or a flag) into a typed
// value or says no. Which key has which kind stands in schema.ts.
import { resolve } from 'node:path';
import { closest } from './closest.ts';

/** The value, or what could help where the text is not one; who asks says which key and what was expected. */
export type Reading<T> = { readonly value: T } | { readonly hint: string | null };

export interface Kind<T> {
  /** Completes the sentence "must be …"; the reference shows it too. */
  readonly expected: string;
  /** Relative paths are resolved against `baseDir`. */
  read(text: string, baseDir: string): Reading<T>;
}

const no = (hint: string | null = null): { readonly hint: string | null } => ({ hint });

/** One line of 1 to `maxLength` characters. */
export function text(maxLength: number): Kind<string> {
  return {
    expected: `one line of at most ${maxLength} characters`,
    read: (given) =>
      given.length > 0 && given.length <= maxLength && !/\p{Cc}/u.test(given) ? { value: given } : no(),
  };
}

/** A whole number, both bounds included. */
export function integer(min: number, max: number): Kind<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    read: (given) => (/^-?\d+$/.test(given) ? within(Number(given), min, max) : no()),
  };
}

/** A number in decimal notation, both bounds included. */
export function number(min: number, max: number): Kind<number> {
  return {
    expected: `a number from ${min} to ${max}`,
    read: (given) =>
      /^-?\d+(\.\d+)?$/.test(given)
        ? within(Number(given), min, max)
        : no(/^-?\d+,\d+$/.test(given) ? 'write a point, not a comma' : null),
  };
}

function within(value: number, min: number, max: number): Reading<number> {
  return value >= min && value <= max ? { value } : no();
}

/** `true` or `false`. */
export function boolean(): Kind<boolean> {
  return {
    expected: 'true or false',
    read: (given) => (given === 'true' || given === 'false' ? { value: given === 'true' } : no()),
  };
}

/** One word of a list, to the letter. */
export function oneOf<const T extends string>(...words: readonly T[]): Kind<T> {
  return {
    expected: `one of ${words.join(', ')}`,
    read(given) {
      const word = words.find((each) => each === given);
      return word === undefined ? no(didYouMean(given, words)) : { value: word };
    },
  };
}

/** A file or folder; the value is absolute. */
export function path(): Kind<string> {
  return {
    expected: 'a path',
    read: (given, baseDir) =>
      given.length > 0 && !given.includes('\0') ? { value: resolve(baseDir, given) } : no(),
  };
}

/** A zone of the IANA database, never a fixed offset: the month of a site follows its daylight saving. */
export function timeZone(): Kind<string> {
  return {
    expected: 'an IANA time zone such as Europe/Istanbul',
    read(given) {
      if (isTimeZone(given)) return { value: given };
      const zones = Intl.supportedValuesOf('timeZone');
      const city = zones.find((zone) => zone.toLowerCase().endsWith(`/${given.toLowerCase()}`));
      return no(didYouMean(city ?? given, zones));
    },
  };
}

function isTimeZone(given: string): boolean {
  if (!/^[A-Za-z]/.test(given)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: given });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function didYouMean(given: string, words: readonly string[]): string | null {
  const word = closest(given, words);
  return word === null ? null : `did you mean ${word}?`;
}
