// What a configuration value may be: each kind reads one text (from the file, a variable or a flag) into a typed
// value or says no. Which key has which kind stands in schema.ts.
import { resolve } from 'node:path';
import { STOP_STEPS, type Rung } from '../domain/stop-ladder.ts';
import { closest } from './closest.ts';

const MS_PER_SECOND = 1000;

/** In the place of a path or an address: there is to be none. */
export const NONE = 'none';

/** The value, or what could help where the text is not one; who asks says which key and what was expected. */
export type Reading<T> = { readonly value: T } | { readonly hint: string | null };

export interface Kind<T> {
  /** Completes the sentence "must be …"; the reference shows it too. */
  readonly expected: string;
  /** What YAML may write it as, beside one text: a list is then read as `a, b`, a map as lines of `key=value`. */
  readonly shape?: 'list' | 'map';
  /** No message shows the text. */
  readonly isSecret?: true;
  /** Relative paths are resolved against `baseDir`. */
  read(text: string, baseDir: string): Reading<T>;
  /** The value as YAML, where that is not its JSON or the text itself. */
  write?(value: T): string;
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

/** What gives access to whoever has it; long enough not to be guessed. */
export function secret(minLength: number, maxLength: number): Kind<string> {
  return {
    expected: `${minLength} to ${maxLength} letters, digits and signs without blanks`,
    isSecret: true,
    read: (given) =>
      given.length >= minLength && given.length <= maxLength && /^[\x21-\x7e]+$/.test(given)
        ? { value: given }
        : no(),
  };
}

/** Where a page comes from, as browsers write it. */
export function origin(): Kind<string> {
  return {
    expected: 'an origin such as https://dashboard.example.com',
    read(given) {
      const url = URL.canParse(given) ? new URL(given) : null;
      if (url === null || url.origin === 'null') return no();
      return url.origin === given ? { value: given } : no(`did you mean ${url.origin}?`);
    },
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

/** A file or folder, or the word that there is to be none. */
export function pathOrNone(): Kind<string> {
  return orNone(path());
}

/** Another kind, or the word that says that there is to be none. */
export function orNone(kind: Kind<string>): Kind<string> {
  return {
    expected: `${kind.expected}, or ${NONE}`,
    ...(kind.isSecret ? { isSecret: true } : {}),
    read: (given, baseDir) => (given === NONE ? { value: NONE } : kind.read(given, baseDir)),
  };
}

/** An address that is asked by HTTP. What is secret has a key of its own: addresses are shown. */
export function httpUrl(): Kind<string> {
  return {
    expected: 'an address such as https://api.example.com/readings',
    read(given) {
      const url = URL.canParse(given) ? new URL(given) : null;
      if (url === null || !['http:', 'https:'].includes(url.protocol)) return no();
      if (url.username !== '' || url.password !== '') return no('a name and password do not belong into it');
      return { value: given };
    },
  };
}

/** The name of an HTTP header. */
export function headerName(): Kind<string> {
  return {
    expected: 'the name of a header such as X-API-Key',
    read: (given) => (/^[A-Za-z][A-Za-z0-9-]{0,99}$/.test(given) ? { value: given } : no()),
  };
}

/** Up to `max` of another kind, with commas between them; an empty text is none. */
export function list<T>(item: Kind<T>, max: number): Kind<readonly T[]> {
  return {
    expected: `a list of at most ${max}, each ${item.expected}`,
    shape: 'list',
    read(given, baseDir) {
      const texts = given.trim() === '' ? [] : given.split(',').map((text) => text.trim());
      if (texts.length > max) return no();
      const values: T[] = [];
      for (const text of texts) {
        const reading = item.read(text, baseDir);
        if (!('value' in reading)) return no(reading.hint ?? `${JSON.stringify(text)} is none`);
        values.push(reading.value);
      }
      return { value: values };
    },
    write: (values) => `[${values.map((value) => item.write?.(value) ?? String(value)).join(', ')}]`,
  };
}

const MAX_PAIR_LENGTH = 600;

/** As YAML: bare where it can only be read as this text. */
function plain(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : JSON.stringify(text);
}

/** Up to `max` names with a text each; in a variable or a flag as `name=text`, with line ends or semicolons between them. */
export function pairs(max: number): Kind<Readonly<Record<string, string>>> {
  return {
    expected: `a map of at most ${max} names to texts`,
    shape: 'map',
    read(given) {
      const entries: [string, string][] = [];
      // A text of several lines keeps its semicolons: they belong to the values.
      for (const line of given.split(given.includes('\n') ? '\n' : ';')) {
        if (line.trim() === '') continue;
        const [name, ...rest] = line.split('=');
        if (!name?.trim() || rest.length === 0 || line.length > MAX_PAIR_LENGTH) return no();
        entries.push([name.trim(), rest.join('=').trim()]);
      }
      return entries.length <= max ? { value: Object.fromEntries(entries) } : no();
    },
    write(value) {
      const texts = Object.entries(value).map(([name, text]) => `${plain(name)}: ${plain(text)}`);
      return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`;
    },
  };
}

/** A rung of the stop ladder: the step, and the seconds to wait before it. */
export function rung(): Kind<Rung> {
  return {
    expected: `one of ${STOP_STEPS.join(', ')} and the seconds to wait before it, as in "remoteStop 15"`,
    read(given) {
      const match = /^([a-zA-Z]+) (\d{1,4})$/.exec(given.trim());
      const step = STOP_STEPS.find((known) => known === match?.[1]);
      if (!match || step === undefined) return no(didYouMean(given.split(' ')[0] ?? '', STOP_STEPS));
      return { value: { step, waitMs: Number(match[2]) * MS_PER_SECOND } };
    },
    write: ({ step, waitMs }) => `${step} ${waitMs / MS_PER_SECOND}`,
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
