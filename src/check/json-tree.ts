// JSON with the place of every key and value, for messages about a file. As strict as JSON.parse, and it sees repeated keys.

export interface JsonEntry {
  readonly key: string;
  /** Of the key: the index of its first character. */
  readonly at: number;
  readonly node: JsonNode;
}

export type JsonNode = { readonly at: number } & (
  | { readonly kind: 'object'; readonly entries: readonly JsonEntry[] }
  | { readonly kind: 'list'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
);

/** Where and why a text is no JSON. */
export class JsonFault extends Error {
  readonly code = 'notJson';
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.name = 'JsonFault';
    this.at = at;
  }
}

/** No file of a data folder is deeper than three. */
const MAX_DEPTH = 100;
const BLANK = /[ \t\n\r]*/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Throws a JsonFault. */
export function parseJsonTree(text: string): JsonNode {
  const parser = new Parser(text);
  const node = parser.value(0);
  parser.end();
  return node;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#take(BLANK);
  }

  value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) throw this.#fault('lists and objects lie too deep in one another');
    const at = this.#at;
    const next = this.#text[at];
    if (next === '{') return { at, kind: 'object', entries: this.#series('}', () => this.#entry(depth + 1)) };
    if (next === '[') return { at, kind: 'list', items: this.#series(']', () => this.value(depth + 1)) };
    return { at, kind: 'value', value: this.#scalar() };
  }

  end(): void {
    if (this.#at < this.#text.length) throw this.#fault('something follows after the end');
  }

  /** From the opening bracket to behind the closing one. */
  #series<T>(closing: string, one: () => T): T[] {
    const found: T[] = [];
    this.#skip();
    if (this.#is(closing)) return found;
    for (;;) {
      found.push(one());
      if (this.#is(closing)) return found;
      if (!this.#is(',')) throw this.#fault(`a comma or ${closing} is missing`);
    }
  }

  #entry(depth: number): JsonEntry {
    const at = this.#at;
    const key = this.#string();
    if (key === null) throw this.#fault('a key in double quotes is missing');
    if (!this.#is(':')) throw this.#fault('a colon is missing');
    return { key, at, node: this.value(depth) };
  }

  #scalar(): string | number | boolean | null {
    const string = this.#string();
    if (string !== null) return string;
    const number = this.#take(NUMBER);
    if (number !== null) return this.#then(Number(number));
    const word = this.#take(WORD);
    if (word !== null) return this.#then(WORDS[word] ?? null);
    throw this.#fault(this.#at === this.#text.length ? 'the file is cut short' : 'a value is missing');
  }

  #string(): string | null {
    const at = this.#at;
    const found = this.#take(STRING);
    if (found === null) return null;
    try {
      return this.#then(JSON.parse(found) as string);
    } catch {
      throw new JsonFault(at, 'the text has a line break, a tab or an escape that JSON does not know');
    }
  }

  #then<T>(value: T): T {
    this.#take(BLANK);
    return value;
  }

  #is(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#skip();
    return true;
  }

  #skip(): void {
    this.#at += 1;
    this.#take(BLANK);
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  #fault(message: string): JsonFault {
    return new JsonFault(this.#at, message);
  }
}
