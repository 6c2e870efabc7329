// A person at a dashboard without a server: presses keys, looks at frames, and sees what would have been asked.
import { renderToString } from 'ink';
import stringWidth from 'string-width';
import { createManualClock } from '../../src/runtime/manual-clock.ts';
import { Frame } from '../../tui/frame.tsx';
import type { SiteApi } from '../../tui/data/site-api.ts';
import type { Snapshot } from '../../tui/data/snapshot.ts';
import { SnapshotStore } from '../../tui/data/store.ts';
import { Dashboard } from '../../tui/desk/dashboard.ts';
import type { DeskFacts, Leaving } from '../../tui/desk/desk.ts';
import { keysOf } from '../../tui/key-tables.ts';
import { dispatch } from '../../tui/keys/dispatch.ts';
import type { Size } from '../../tui/layout.ts';
import { plainText } from '../../tui/widget/line.ts';
import { createTheme, type ThemeChoice } from '../../tui/theme/theme.ts';
import { madeUpSite, NOW_MS } from './made-up-site.ts';

// Before the site has told its own, times are the machine's: pictures must not depend on where it stands.
process.env['TZ'] = 'UTC';

export interface DeskOptions {
  readonly snapshot?: Snapshot;
  readonly size?: Size;
  readonly theme?: Partial<ThemeChoice>;
  readonly facts?: Partial<DeskFacts>;
  /** What the server answers; a call that is not here fails the test. */
  readonly api?: Partial<SiteApi>;
}

export const SMALL: Size = { columns: 80, rows: 24 };
export const LARGE: Size = { columns: 120, rows: 40 };
export const LEAST: Size = { columns: 60, rows: 16 };

/** Those of a box, at most. */
const DIALOG_COLUMNS = 60;

export class TestDesk {
  readonly clock = createManualClock();
  readonly store: SnapshotStore;
  readonly dashboard: Dashboard;
  readonly copied: string[] = [];
  readonly read: string[] = [];
  /** Files by the paths that were asked for. */
  readonly saved: Record<string, string> = {};
  /** What was given to the pager. */
  readonly paged: string[] = [];
  /** Why there is none. */
  pagerProblem: string | null = null;
  #ids = 0;
  left: Leaving | null = null;
  retries = 0;

  constructor({ snapshot = madeUpSite, size = SMALL, theme = {}, facts = {}, api = {} }: DeskOptions = {}) {
    this.clock.advance(NOW_MS);
    this.store = new SnapshotStore(this.clock, snapshot);
    const choice: ThemeChoice = { glyphs: 'unicode', palette: 'default', color: true, ...theme };
    this.dashboard = new Dashboard({
      ...{ clock: this.clock, store: this.store, size, api: api as SiteApi },
      theme: createTheme(choice, { platform: 'linux' }),
      facts: {
        ...{ siteHint: '127.0.0.1:8001', chargersUrl: 'ws://192.0.2.10:9000' },
        ...{ isReadOnly: false, hasStartedServer: false },
        ...facts,
      },
      onPlace: () => undefined,
      onRead: (feed) => this.read.push(feed),
      onRetry: () => (this.retries += 1),
      onLeave: (leaving) => (this.left = leaving),
      copy: (text) => this.copied.push(text),
      save: (path, text) => {
        if (path in this.saved) return Promise.resolve({ isSaved: false, problem: 'there is one already' });
        this.saved[path] = text;
        return Promise.resolve({ isSaved: true, path: `/srv/ada/${path}` });
      },
      pager: (text) => {
        this.paged.push(text);
        return Promise.resolve(this.pagerProblem);
      },
      newId: () => `id-${(this.#ids += 1)}`,
    });
  }

  /** Names of presses (`down`, `enter`) or single characters. */
  press(...names: readonly string[]): this {
    for (const name of names) {
      const text = name === 'space' ? ' ' : Array.from(name).length === 1 ? name : '';
      dispatch({ name, text }, this.dashboard, keysOf(this.dashboard.world()));
    }
    return this;
  }

  /** Each character is a key. */
  type(text: string): this {
    return this.press(...Array.from(text, (one) => (one === ' ' ? 'space' : one)));
  }

  resize(size: Size): this {
    this.dashboard.resize(size);
    return this;
  }

  /** What stands on the terminal, without colours. */
  frame(): string {
    const world = this.dashboard.world();
    return renderToString(<Frame world={world} />, { columns: world.size.columns });
  }

  lines(): string[] {
    return this.frame().split('\n');
  }

  /** What is wrong with the picture's size; empty: nothing. */
  misfits(): string[] {
    const { columns, rows } = this.dashboard.world().size;
    const lines = this.lines();
    const wide = lines.flatMap((line, index) =>
      stringWidth(line) > columns ? [`line ${index + 1} has ${stringWidth(line)} columns: ${line}`] : [],
    );
    return lines.length === rows ? wide : [...wide, `${lines.length} rows instead of ${rows}`];
  }

  /** What is asked over the screen: its title and its text in one line; empty: nothing is. */
  asked(): string {
    const world = this.dashboard.world();
    const { dialog } = world.ui;
    if (dialog === null) return '';
    const lines = dialog.lines(world, DIALOG_COLUMNS).map(plainText);
    return [dialog.title, ...lines].join(' ').replace(/\s+/g, ' ').trim();
  }

  message(): string {
    return this.dashboard.world().ui.messages.at(-1)?.text ?? '';
  }
}
