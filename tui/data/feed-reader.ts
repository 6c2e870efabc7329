// Reads the feeds when they are due, each by itself: one that is slow or fails holds up no other.
import { ApiClientError } from '../../src/api/client.ts';
import type { LiveEvent } from '../../src/api/contract/events.ts';
import { every, type CancelTimer, type Clock } from '../../src/runtime/clock.ts';
import { applyEvents } from './apply-events.ts';
import type { Feed, Interest } from './feeds.ts';
import type { SiteApi } from './site-api.ts';
import type { SnapshotStore } from './store.ts';

const LOOK_EVERY_MS = 250;
/** One that failed is not asked again at once. */
const AFTER_FAILURE_MS = 5_000;

interface FeedState {
  readonly feed: Feed;
  subject: string | null;
  /** What happened while it is being read; null: it is not. The answer may be older than that. */
  meanwhile: LiveEvent[] | null;
  /** null: not before something says so. */
  dueAtMs: number | null;
  readAtMs: number;
}

export interface FeedReaderParts {
  readonly api: SiteApi;
  readonly clock: Clock;
  readonly store: SnapshotStore;
  readonly feeds: readonly Feed[];
  /** Told what could not be read, and why; each feed once until it works again. */
  readonly onFailure: (name: string, error: ApiClientError) => void;
}

export class FeedReader {
  readonly #parts: FeedReaderParts;
  readonly #states: readonly FeedState[];
  readonly #failing = new Set<string>();
  #cancel: CancelTimer | null = null;

  constructor(parts: FeedReaderParts) {
    this.#parts = parts;
    this.#states = parts.feeds.map((feed) => ({
      feed,
      subject: null,
      meanwhile: null,
      dueAtMs: null,
      readAtMs: -Infinity,
    }));
  }

  start(): void {
    this.#cancel ??= every(this.#parts.clock, LOOK_EVERY_MS, () => this.#look());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** What somebody looks at now; what that needs is read at once. */
  show(interest: Interest): void {
    for (const state of this.#states) {
      const subject = state.feed.subject(interest);
      if (subject === state.subject) continue;
      state.subject = subject;
      state.dueAtMs = this.#nowMs();
    }
    this.#look();
  }

  /** Nothing that was read can be relied on. */
  readAll(): void {
    for (const state of this.#states) state.dueAtMs = this.#nowMs();
    this.#look();
  }

  /** This one, as soon as it can be. */
  read(name: string): void {
    for (const state of this.#states) if (state.feed.name === name) state.dueAtMs = this.#nowMs();
    this.#look();
  }

  happened(event: LiveEvent): void {
    for (const state of this.#states) {
      state.meanwhile?.push(event);
      const { staleBy, gapMs } = state.feed;
      if (!staleBy.includes(event.kind)) continue;
      becomeDue(state, Math.max(this.#nowMs(), state.readAtMs + gapMs));
    }
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  #look(): void {
    if (this.#cancel === null) return;
    const nowMs = this.#nowMs();
    for (const state of this.#states) {
      const isDue = state.dueAtMs !== null && state.dueAtMs <= nowMs;
      if (isDue && state.meanwhile === null && state.subject !== null) void this.#readOne(state, state.subject);
    }
  }

  async #readOne(state: FeedState, subject: string): Promise<void> {
    const { feed } = state;
    const { api, clock, store } = this.#parts;
    const meanwhile: LiveEvent[] = [];
    state.meanwhile = meanwhile;
    state.dueAtMs = null;
    state.readAtMs = this.#nowMs();
    let againMs = feed.everyMs;
    try {
      const change = await feed.load(api, { subject, latest: store.latest(), nowMs: () => clock.now() });
      // Somebody looks elsewhere meanwhile: what came is of something else.
      if (state.subject === subject)
        store.change((snapshot) => applyEvents(change(snapshot), meanwhile));
      this.#failing.delete(feed.name);
    } catch (error) {
      if (!(error instanceof ApiClientError)) throw error;
      againMs = AFTER_FAILURE_MS;
      if (!this.#failing.has(feed.name)) this.#parts.onFailure(feed.name, error);
      this.#failing.add(feed.name);
    } finally {
      state.meanwhile = null;
    }
    if (againMs !== null) becomeDue(state, this.#nowMs() + againMs);
  }
}

/** Then, or sooner if it was due sooner. */
function becomeDue(state: FeedState, atMs: number): void {
  state.dueAtMs = Math.min(state.dueAtMs ?? Infinity, atMs);
}
