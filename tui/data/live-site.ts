// Keeps the snapshot what the server says: reads the feeds, follows the events, comes back after a lost connection.
import { ApiClientError, type ApiAccess } from '../../src/api/client.ts';
import { EVENT_KINDS, type LiveEvent, type ResetEvent } from '../../src/api/contract/events.ts';
import { followEvents } from '../../src/api/event-client.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { FeedReader } from './feed-reader.ts';
import { feeds, type Interest } from './feeds.ts';
import type { SiteApi } from './site-api.ts';
import type { Link, Snapshot } from './snapshot.ts';
import type { SnapshotStore } from './store.ts';

export interface LiveSiteParts {
  readonly access: ApiAccess;
  readonly api: SiteApi;
  readonly clock: Clock;
  readonly store: SnapshotStore;
  /** Told of each event as it comes. */
  readonly onEvent: (event: LiveEvent) => void;
  /** Told what could not be read. */
  readonly onFailure: (what: string, error: ApiClientError) => void;
  /** No other attempt would go better: the token was refused, the server is another. */
  readonly onEnd: (error: ApiClientError) => void;
}

export class LiveSite {
  readonly #parts: LiveSiteParts;
  readonly #reader: FeedReader;
  readonly #closed = new AbortController();
  #endPause: () => void = () => undefined;
  #lastDataMs: number | null = null;

  constructor(parts: LiveSiteParts) {
    this.#parts = parts;
    const { api, clock, store, onFailure } = parts;
    this.#reader = new FeedReader({
      ...{ api, clock, store, feeds },
      onFailure: (what, error) => {
        // A server that is gone is told by the events' connection.
        if (error.code !== 'noServer') onFailure(what, error);
      },
    });
  }

  start(): void {
    const { access, onEnd } = this.#parts;
    this.#reader.start();
    followEvents(access, (event) => this.#happened(event), {
      kinds: EVENT_KINDS,
      signal: this.#closed.signal,
      pause: (ms, signal) => this.#pause(ms, signal),
      onConnection: (problem) => this.#connection(problem),
    }).catch((error: unknown) => {
      if (!(error instanceof ApiClientError)) throw error;
      if (!this.#closed.signal.aborted) onEnd(error);
    });
  }

  close(): void {
    this.#closed.abort();
    this.#reader.stop();
    this.#parts.store.close();
  }

  show(interest: Interest): void {
    this.#reader.show(interest);
  }

  /** Reads that feed as soon as it can be: something was changed that has no event. */
  read(feed: string): void {
    this.#reader.read(feed);
  }

  /** Tries to connect now, and reads everything anew. */
  retry(): void {
    this.#endPause();
    this.#reader.readAll();
  }

  #happened(event: LiveEvent | ResetEvent): void {
    const { store, clock, onEvent } = this.#parts;
    this.#lastDataMs = clock.now();
    if (event.kind === 'reset') {
      this.#reader.readAll();
      return;
    }
    this.#reader.happened(event);
    store.happened(event);
    onEvent(event);
  }

  #connection(problem: ApiClientError | null): void {
    const { store, clock } = this.#parts;
    if (problem === null) {
      this.#lastDataMs = clock.now();
      // Lines of the log are not told again.
      this.#reader.read('log');
      this.#reader.read('overview');
      store.change((snapshot) => withLink(snapshot, { state: 'live', problem: null, retryAtMs: null }));
      return;
    }
    const { message, hint } = problem;
    const lastDataMs = this.#lastDataMs;
    store.change((snapshot) => withLink(snapshot, { state: 'lost', lastDataMs, problem: { message, hint } }));
  }

  /** Until it is tried again; shorter when somebody asks for it. */
  #pause(ms: number, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#parts;
    const retryAtMs = clock.now() + ms;
    store.change((snapshot) => withLink(snapshot, { state: 'lost', retryAtMs }));
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        this.#endPause = () => undefined;
        store.change((snapshot) => withLink(snapshot, { retryAtMs: null }));
        resolve();
      };
      const cancel = clock.after(ms, end);
      signal.addEventListener('abort', end, { once: true });
      this.#endPause = end;
    });
  }
}

function withLink(snapshot: Snapshot, link: Partial<Link>): Snapshot {
  return { ...snapshot, link: { ...snapshot.link, ...link } };
}
