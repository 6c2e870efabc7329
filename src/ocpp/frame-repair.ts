// Text that JSON.parse refuses: mends what cannot change a value, splits joined messages, and searches the rest. Only reached by broken frames.
// One pass of its own, no pattern over the whole text: a hostile megabyte must cost a megabyte's time, not its square.

/** Most messages taken out of one WebSocket frame; what follows is not acknowledged, so the charger repeats it. */
export const MAX_MESSAGES_PER_FRAME = 100;

export interface Scan {
  /** Texts of the complete top-level brackets, mended. */
  readonly messages: readonly string[];
  /** What begins with a bracket that never closes, mended, or ''. */
  readonly unfinished: string;
  /** There were more than MAX_MESSAGES_PER_FRAME. */
  readonly hasMore: boolean;
}

const BARE_WORDS = ['NaN', 'Infinity', '-Infinity', 'undefined'] as const;

/**
 * Cuts a text into its top-level bracketed messages, minding strings. On the way: byte-order marks and NULs are removed,
 * raw control characters become blanks, trailing commas go, a missing value and words that are no JSON become null.
 * Brackets are never closed here: a number in front of the break may have lost digits.
 */
export function scanMessages(text: string): Scan {
  const scanner = new Scanner(text);
  return scanner.run();
}

class Scanner {
  readonly #text: string;
  readonly #messages: string[] = [];
  #out = '';
  #copiedTo = 0;
  #at = 0;
  #depth = 0;
  #isInString = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Scan {
    const text = this.#text;
    for (; this.#at < text.length; this.#at++) {
      if (this.#messages.length === MAX_MESSAGES_PER_FRAME) break;
      const char = text.charAt(this.#at);
      if (char === '\0' || char === '\ufeff') this.#replace(1, '');
      else if (char < ' ') this.#replace(1, ' ');
      else if (this.#isInString) this.#inString(char);
      else this.#outside(char);
    }
    const hasMore = text.includes('[', this.#at);
    const unfinished = this.#depth > 0 ? this.#out + text.slice(this.#copiedTo, this.#at) : '';
    return { messages: this.#messages, unfinished, hasMore };
  }

  #inString(char: string): void {
    if (char === '\\') this.#at++;
    else if (char === '"') this.#isInString = false;
  }

  #outside(char: string): void {
    if (char === '[' || char === '{') this.#open();
    else if (this.#depth === 0) return;
    else if (char === '"') this.#isInString = true;
    else if (char === ']' || char === '}') this.#close();
    else if (char === ',') this.#dropIfTrailing();
    else if (char === ':') this.#addIfMissing();
    else this.#nullIfBareWord();
  }

  #open(): void {
    if (this.#depth === 0) {
      this.#out = '';
      this.#copiedTo = this.#at;
    }
    this.#depth++;
  }

  #close(): void {
    this.#depth--;
    if (this.#depth > 0) return;
    this.#messages.push(this.#out + this.#text.slice(this.#copiedTo, this.#at + 1));
    this.#copiedTo = this.#at + 1;
  }

  #dropIfTrailing(): void {
    const next = this.#nextVisible();
    if (next === ']' || next === '}') this.#replace(1, '');
  }

  #addIfMissing(): void {
    const next = this.#nextVisible();
    if (next === ']' || next === '}' || next === ',') this.#replace(1, ':null');
  }

  #nullIfBareWord(): void {
    const word = BARE_WORDS.find((bare) => this.#text.startsWith(bare, this.#at));
    if (word === undefined) return;
    this.#replace(word.length, 'null');
    this.#at += word.length - 1;
  }

  #nextVisible(): string {
    let at = this.#at + 1;
    while (at < this.#text.length && this.#text.charAt(at) <= ' ') at++;
    return this.#text.charAt(at);
  }

  #replace(length: number, replacement: string): void {
    this.#out += this.#text.slice(this.#copiedTo, this.#at) + replacement;
    this.#copiedTo = this.#at + length;
  }
}

export interface Salvage {
  readonly messageType: number;
  readonly id: string | number;
  readonly action?: string;
}

const HEAD =
  /^\s*\[\s*"?([234])"?\s*,\s*(?:"((?:[^"\\]|\\.){0,512})"|(-?\d{1,15})(?=\s*,))(?:\s*,\s*"([^"\\]{1,128})")?/;

/** Message type, id and, of a CALL, the action at the head of a broken message; undefined when unreadable. */
export function salvageHead(text: string): Salvage | undefined {
  const head = HEAD.exec(text);
  if (head === null) return undefined;
  const [, type, quotedId, numericId, action] = head;
  const id = quotedId === undefined ? Number(numericId) : unescaped(quotedId);
  const messageType = Number(type);
  return messageType === 2 && action !== undefined ? { messageType, id, action } : { messageType, id };
}

const SALVAGED_MEMBERS: Readonly<Record<string, readonly string[] | undefined>> = {
  StartTransaction: ['connectorId', 'idTag', 'meterStart', 'reservationId', 'timestamp'],
  StopTransaction: ['transactionId', 'idTag', 'meterStop', 'timestamp', 'reason'],
};

const TEXT_MEMBERS: ReadonlySet<string> = new Set(['idTag', 'timestamp', 'reason']);

/** The members that can be found in a broken StartTransaction or StopTransaction; undefined for any other action. */
export function salvagePayload(action: string, text: string): Record<string, unknown> | undefined {
  const members = Object.hasOwn(SALVAGED_MEMBERS, action) ? SALVAGED_MEMBERS[action] : undefined;
  if (members === undefined) return undefined;
  const payload: Record<string, unknown> = {};
  for (const name of members) {
    // transactionData has timestamps too; those are samples', not the stop's.
    const source = name === 'timestamp' ? withoutNested(text) : text;
    const found = TEXT_MEMBERS.has(name) ? findText(source, name) : findNumber(source, name);
    if (found !== undefined) payload[name] = found;
  }
  return payload;
}

/** A number counts only up to a delimiter: `"meterStop":12` at a break may have been 12345. */
function findNumber(text: string, name: string): number | undefined {
  const pattern = new RegExp(
    String.raw`"${name}"\s{0,9}:\s{0,9}"?([+-]?\d{1,20}(?:\.\d{1,20})?)\s{0,9}["},\]]`,
  );
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

function findText(text: string, name: string): string | undefined {
  const pattern = new RegExp(String.raw`"${name}"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){0,128})"`);
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : unescaped(found);
}

/** The text of the message and its payload, less everything deeper. */
function withoutNested(text: string): string {
  let shallow = '';
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const start = at;
    if (isInString) {
      if (char === '\\') at++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth <= 2) shallow += text.slice(start, at + 1);
  }
  return shallow;
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
