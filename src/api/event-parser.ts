// Reads server-sent events (HTML standard §9.2.6) from text in whatever pieces it comes. It knows no connection.

export interface ParsedEvent {
  /** `message` where the stream does not say. */
  readonly kind: string;
  readonly data: string;
  /** The last event id as of this event. */
  readonly id: string | undefined;
}

/** An event that never ends would fill the memory. */
const EVENT_MAX_LENGTH = 4 * 1024 * 1024;

export class EventParser {
  /** The id of the newest event, or of a block with nothing but an id; undefined before the first. */
  lastEventId: string | undefined;
  #line = '';
  #kind = '';
  #data: string[] = [];
  #length = 0;
  #endsWithCr = false;

  constructor(lastEventId?: string) {
    this.lastEventId = lastEventId;
  }

  /** Returns the events that are complete with this piece. */
  push(text: string): ParsedEvent[] {
    const events: ParsedEvent[] = [];
    // The line feed of a CR LF that two pieces share.
    const rest = this.#endsWithCr && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#endsWithCr = text.endsWith('\r');
    const lines = rest.split(/\r\n|\r|\n/);
    this.#length += rest.length;
    if (this.#length > EVENT_MAX_LENGTH) throw new RangeError('an event is too long');
    const last = lines.pop() ?? '';
    for (const piece of lines) {
      const line = this.#line + piece;
      this.#line = '';
      if (line !== '') this.#field(line);
      else {
        const event = this.#dispatch();
        if (event) events.push(event);
      }
    }
    this.#line += last;
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.#kind = value;
    else if (name === 'data') this.#data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.lastEventId = value;
  }

  #dispatch(): ParsedEvent | null {
    const kind = this.#kind === '' ? 'message' : this.#kind;
    const event = { kind, data: this.#data.join('\n'), id: this.lastEventId };
    const hasData = this.#data.length > 0;
    this.#kind = '';
    this.#data = [];
    this.#length = 0;
    return hasData ? event : null;
  }
}
