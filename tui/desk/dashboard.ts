// The desk itself: holds what is seen, does what keys ask, tells who draws. Whoever draws it is another part.
import { ApiClientError } from '../../src/api/client.ts';
import { every, type CancelTimer, type Clock } from '../../src/runtime/clock.ts';
import type { SiteApi } from '../data/site-api.ts';
import type { SnapshotStore } from '../data/store.ts';
import type { Size } from '../layout.ts';
import { siteTimes, type SiteTimes } from '../text/times.ts';
import type { Theme } from '../theme/theme.ts';
import type {
  Answer,
  Desk,
  DeskFacts,
  Leaving,
  Message,
  Pager,
  Request,
  Saved,
  UiState,
  World,
} from './desk.ts';
import { safeText } from '../widget/safe-text.ts';
import { firstUi, placeOf, withMessage } from './ui-state.ts';

const TICK_MS = 1_000;

export interface DashboardParts {
  readonly api: SiteApi;
  readonly clock: Clock;
  readonly store: SnapshotStore;
  readonly theme: Theme;
  readonly facts: DeskFacts;
  readonly size: Size;
  /** Time is seen to go on in steps of so much; a second, unless told otherwise. */
  readonly timeStepMs?: number;
  /** Told where the person looks. */
  readonly onPlace: (place: ReturnType<typeof placeOf>) => void;
  readonly onRead: (feed: string) => void;
  readonly onRetry: () => void;
  readonly onLeave: (leaving: Leaving) => void;
  /** Puts a text on the person's clipboard. */
  readonly copy: (text: string) => void;
  readonly save: (path: string, text: string) => Promise<Saved>;
  readonly pager: Pager;
  readonly newId: () => string;
}

/** Keeps off the terminal until `use` has settled. */
type Lend = (use: () => Promise<void>) => Promise<void>;

export class Dashboard implements Desk {
  readonly #parts: DashboardParts;
  readonly #listeners = new Set<() => void>();
  readonly #cancelTick: CancelTimer;
  #ui: UiState = firstUi;
  #size: Size;
  #world: World | null = null;
  #times: { readonly zone: string | null; readonly times: SiteTimes } = {
    zone: null,
    times: siteTimes(null),
  };
  #messageId = 0;
  #redraw: () => void = () => undefined;
  #isLent = false;
  #lend: Lend = (use) => use();

  constructor(parts: DashboardParts) {
    this.#parts = parts;
    this.#size = parts.size;
    parts.store.subscribe(() => this.#changed());
    this.#cancelTick = every(parts.clock, TICK_MS, () => this.#changed());
    parts.onPlace(placeOf(this.#ui));
  }

  /** The same object until something changed. */
  readonly world = (): World => (this.#world ??= this.#makeWorld());

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly update = (change: (ui: UiState) => UiState): void => {
    const before = placeOf(this.#ui);
    this.#ui = change(this.#ui);
    const place = placeOf(this.#ui);
    if (place !== before) this.#parts.onPlace(place);
    this.#changed();
  };

  readonly say = (kind: Message['kind'], text: string): void => {
    this.#tell(this.#nextId(), kind, text);
  };

  readonly request = <T>({ what, ask, told, after }: Request<T>): void => {
    const id = this.#nextId();
    this.#tell(id, 'working', what);
    void this.ask(ask).then((answer) => {
      if (answer.isGood) {
        const { isDone, text } = told(answer.value);
        this.#tell(id, isDone ? 'done' : 'failed', text);
      } else this.#tell(id, 'failed', `${what}: ${answer.error.message}; ${answer.error.hint}`);
      after?.(answer);
    });
  };

  readonly ask = async <T>(ask: (api: SiteApi) => Promise<T>): Promise<Answer<T>> => {
    try {
      return { isGood: true, value: await ask(this.#parts.api) };
    } catch (error) {
      if (!(error instanceof ApiClientError)) throw error;
      return { isGood: false, error };
    }
  };

  readonly save = (path: string, text: string): Promise<Saved> => this.#parts.save(path, text);

  readonly page = (lines: readonly string[]): void => {
    const text = lines.map((one) => `${safeText(one)}\n`).join('');
    // Keys that came with the one that asked for it.
    if (this.#isLent) return;
    this.#isLent = true;
    void this.#lend(async () => {
      const problem = await this.#parts.pager(text);
      if (problem !== null) this.say('failed', problem);
    }).finally(() => (this.#isLent = false));
  };

  readonly newId = (): string => this.#parts.newId();

  readonly read = (feed: string): void => this.#parts.onRead(feed);

  readonly freeze = (isFrozen: boolean): void => {
    const frozenAtMs = isFrozen ? this.world().nowMs : null;
    this.update((ui) => ({ ...ui, frozenAtMs }));
    this.#parts.store.freeze(isFrozen);
  };

  readonly copy = (text: string): void => {
    this.#parts.copy(text);
    this.say('done', 'copied');
  };

  readonly retry = (): void => {
    this.#parts.onRetry();
    this.say('info', 'reading everything anew');
  };

  readonly redraw = (): void => this.#redraw();

  readonly leave = (leaving: Leaving): void => this.#parts.onLeave(leaving);

  resize(size: Size): void {
    this.#size = size;
    this.#changed();
  }

  /** Who draws says how the terminal is lent to another program; what is asked for before that is not drawn over. */
  onLend(lend: Lend): void {
    this.#lend = lend;
  }

  /** Who draws says how everything is drawn anew. */
  onRedraw(redraw: () => void): void {
    this.#redraw = redraw;
  }

  close(): void {
    this.#cancelTick();
    this.#listeners.clear();
  }

  #tell(id: number, kind: Message['kind'], text: string): void {
    const atMs = this.world().nowMs;
    this.update((ui) => withMessage(ui, { id, atMs, kind, text }));
  }

  #nextId(): number {
    this.#messageId += 1;
    return this.#messageId;
  }

  #changed(): void {
    this.#world = null;
    for (const listener of this.#listeners) listener();
  }

  #makeWorld(): World {
    const { store, theme, facts, clock, timeStepMs = 1 } = this.#parts;
    const snapshot = store.shown();
    const zone = snapshot.overview?.timeZone ?? null;
    if (zone !== this.#times.zone) this.#times = { zone, times: siteTimes(zone) };
    const nowMs = Math.floor((clock.now() + snapshot.clockOffsetMs) / timeStepMs) * timeStepMs;
    return { snapshot, ui: this.#ui, size: this.#size, theme, times: this.#times.times, nowMs, facts };
  }
}
