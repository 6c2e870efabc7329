// The desk that a person sits at: what everything drawn is made from (World), and all that a key may do (Desk). Types only.
import type { ApiClientError } from '../../src/api/client.ts';
import type { SiteApi } from '../data/site-api.ts';
import type { Snapshot } from '../data/snapshot.ts';
import type { Press } from '../keys/press.ts';
import type { Size } from '../layout.ts';
import type { SiteTimes } from '../text/times.ts';
import type { Theme } from '../theme/theme.ts';
import type { Line } from '../widget/line.ts';
import type { ListView } from '../widget/list-view.ts';

/** What does not change while the dashboard is open. */
export interface DeskFacts {
  /** The server as the person knows it: `127.0.0.1:8001`, a host name. */
  readonly siteHint: string;
  /** Where chargers connect, for the empty screens; null: not known here. */
  readonly chargersUrl: string | null;
  /** Commands are off (--read-only). */
  readonly isReadOnly: boolean;
  /** The server was started for this dashboard: leaving asks. */
  readonly hasStartedServer: boolean;
}

/** One moment of everything; screens are drawn from it and from nothing else. */
export interface World {
  readonly snapshot: Snapshot;
  readonly ui: UiState;
  readonly size: Size;
  readonly theme: Theme;
  readonly times: SiteTimes;
  /** By the server's clock. */
  readonly nowMs: number;
  readonly facts: DeskFacts;
}

/** A screen, and what it is about. */
export interface Place {
  readonly screen: string;
  /** The charger, the session … */
  readonly subject?: string;
  /** How many rows are wanted of a list that is read a page at a time; the first page unless told. */
  readonly rows?: number;
}

export interface UiState {
  /** Where the person is, last, and how he came there: Esc goes back. */
  readonly trail: readonly [Place, ...Place[]];
  /** By place and pane. */
  readonly lists: Readonly<Record<string, ListView>>;
  /** What the keys of a screen have chosen, by its id and a name: `log/level`. Absent: as it is at first. */
  readonly choices: Readonly<Record<string, string>>;
  /** The pane that has the keys, by place. */
  readonly focus: Readonly<Record<string, string>>;
  /** Has all keys while it is open. */
  readonly dialog: Dialog | null;
  /** The newest last. */
  readonly messages: readonly Message[];
  /** Since when the picture stands still; null: it does not. */
  readonly frozenAtMs: number | null;
}

/** What the dashboard says: on the message line, and kept for the log. */
export interface Message {
  readonly id: number;
  readonly atMs: number;
  readonly kind: 'info' | 'working' | 'done' | 'warning' | 'failed';
  readonly text: string;
}

/** A question, a menu, a line that is typed into. */
export interface Dialog {
  /** prompt: on the message line, the screen stays. box: instead of the screen's body. */
  readonly place: 'prompt' | 'box';
  readonly title: string;
  /** A prompt's one line, a box's lines between its borders. */
  readonly lines: (world: World, width: number) => readonly Line[];
  /** What the keys do: in place of the screen's hints. */
  readonly hints: (world: World) => string;
  readonly press: (press: Press, desk: Desk) => void;
}

export interface Request<T> {
  /** What is being done: `CP-GARAGE-03: reset`. */
  readonly what: string;
  readonly ask: (api: SiteApi) => Promise<T>;
  /** What came of it; null: `what` says enough. */
  readonly told: (answer: T) => { readonly isDone: boolean; readonly text: string };
  /** Goes on with what came, once it has been said. */
  readonly after?: (answer: Answer<T>) => void;
}

export type Answer<T> =
  { readonly isGood: true; readonly value: T } | { readonly isGood: false; readonly error: ApiClientError };

/** A file that was written, with its full path; or why not, in words. */
export type Saved =
  { readonly isSaved: true; readonly path: string } | { readonly isSaved: false; readonly problem: string };

/** Shows a text on the terminal until the person leaves it; resolves with why it could not. null: it could. */
export type Pager = (text: string) => Promise<string | null>;

export type Leaving = 'server-running' | 'stop-server';

export interface Desk {
  readonly world: () => World;
  readonly update: (change: (ui: UiState) => UiState) => void;
  readonly say: (kind: Message['kind'], text: string) => void;
  /** Asks the server, and says how it goes; never rejects. */
  readonly request: <T>(request: Request<T>) => void;
  /** Asks the server without a word: whoever asks says how it went. Never rejects. */
  readonly ask: <T>(ask: (api: SiteApi) => Promise<T>) => Promise<Answer<T>>;
  /** Writes a new file on the machine that the person sits at; never over one that is there. Never rejects. */
  readonly save: (path: string, text: string) => Promise<Saved>;
  /** Lends the terminal to the person's pager, with these lines; never rejects. */
  readonly page: (lines: readonly string[]) => void;
  /** A name that nothing else has: what is sent twice with it is done once. */
  readonly newId: () => string;
  /** Reads that feed again soon. */
  readonly read: (feed: string) => void;
  readonly freeze: (isFrozen: boolean) => void;
  /** To the person's clipboard, through the terminal. */
  readonly copy: (text: string) => void;
  /** Connects again, and reads everything anew. */
  readonly retry: () => void;
  /** Draws everything anew: another program wrote on the terminal. */
  readonly redraw: () => void;
  readonly leave: (leaving: Leaving) => void;
}

export type Action = (desk: Desk) => void;
