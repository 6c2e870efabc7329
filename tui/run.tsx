// The dashboard's entry: refuses what is no terminal, draws on the alternate screen, and gives the terminal back as it was.
import { randomUUID } from 'node:crypto';
import { render } from 'ink';
import type { ApiAccess, ApiClientError } from '../src/api/client.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { App } from './app.tsx';
import { LiveSite } from './data/live-site.ts';
import { createSiteApi } from './data/site-api.ts';
import { firstSnapshot } from './data/snapshot.ts';
import { saveFile } from './save-file.ts';
import { SnapshotStore } from './data/store.ts';
import { Dashboard } from './desk/dashboard.ts';
import type { Leaving, Pager } from './desk/desk.ts';
import { newsOf } from './data/news.ts';
import type { GlyphsName, TerminalEnv } from './theme/glyphs.ts';
import type { PaletteName } from './theme/palette.ts';
import { createTheme } from './theme/theme.ts';

/** More is not seen, and would be felt over a slow line. */
const MAX_FPS = 10;
/** What is read out must not change while it is read. */
const SPOKEN_EVERY_MS = 5_000;
const SPOKEN_TIME_STEP_MS = 60_000;

export interface DashboardOptions {
  readonly access: ApiAccess;
  /** The server as the person knows it: `127.0.0.1:8001`, the name of a host. */
  readonly siteHint: string;
  /** Where chargers connect, for who has none yet: `ws://192.0.2.10:9000`; not known: left out. */
  readonly chargersUrl?: string;
  readonly readOnly: boolean;
  readonly glyphs: GlyphsName;
  readonly palette: PaletteName;
  /** False for NO_COLOR and --no-color. */
  readonly color: boolean;
  readonly mouse: boolean;
  readonly screenReader: boolean;
  /** The server was started for this dashboard: leaving asks what becomes of it. */
  readonly startedServer: boolean;
  readonly env: TerminalEnv;
  readonly terminal: Terminal;
  readonly pager: Pager;
}

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** The dashboard cannot be shown here; `hint` says what can be done instead. */
export class TerminalError extends Error {
  readonly code = 'notATerminal';
  readonly hint = 'try kwota status, or kwota serve';

  constructor(message: string) {
    super(message);
    this.name = 'TerminalError';
  }
}

/** Why the dashboard cannot be shown; null: it can. */
export function terminalProblem({ stdin, stdout }: Terminal, { TERM }: TerminalEnv): string | null {
  if (!stdin.isTTY) return 'stdin is not a terminal';
  if (!stdout.isTTY) return 'stdout is not a terminal';
  if (TERM === 'dumb') return 'the terminal is dumb (TERM=dumb): it cannot move its cursor';
  return null;
}

/**
 * Shows the dashboard until the person leaves it. Rejects with a TerminalError where it cannot be shown, with an
 * ApiClientError when the server does not let it in; the terminal is as it was in any case.
 */
export async function runDashboard(options: DashboardOptions): Promise<{ leave: Leaving }> {
  const { terminal, env } = options;
  const problem = terminalProblem(terminal, env);
  if (problem !== null) throw new TerminalError(problem);
  const { promise: left, resolve, reject } = Promise.withResolvers<Leaving>();
  const { dashboard, live } = createDashboard(options, resolve, reject);
  // Before the first frame: the terminal would write keys that are typed meanwhile into the picture.
  terminal.stdin.setRawMode(true);
  const instance = render(<App {...{ dashboard, ...appOptions(options) }} />, {
    ...terminal,
    alternateScreen: !options.screenReader,
    isScreenReaderEnabled: options.screenReader,
    incrementalRendering: true,
    interactive: true,
    maxFps: MAX_FPS,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  dashboard.onRedraw(() => {
    instance.clear();
    dashboard.update((ui) => ({ ...ui }));
  });
  live.start();
  // A fault while drawing ends it as well.
  instance.waitUntilExit().then(() => resolve('server-running'), reject);
  try {
    return { leave: await left };
  } finally {
    live.close();
    dashboard.close();
    instance.unmount();
    await instance.waitUntilExit().catch(() => undefined);
    terminal.stdin.setRawMode(false);
  }
}

function appOptions({ env, mouse, screenReader }: DashboardOptions) {
  return { sparedRows: env.platform === 'win32' ? 1 : 0, hasMouse: mouse, isSpoken: screenReader };
}

function createDashboard(
  options: DashboardOptions,
  onLeave: (leaving: Leaving) => void,
  onEnd: (error: ApiClientError) => void,
): { dashboard: Dashboard; live: LiveSite } {
  const {
    access,
    env,
    siteHint,
    chargersUrl = null,
    readOnly,
    startedServer,
    screenReader,
    terminal,
    pager,
  } = options;
  const clock = systemClock;
  const api = createSiteApi(access);
  const store = new SnapshotStore(clock, firstSnapshot, ...(screenReader ? [SPOKEN_EVERY_MS] : []));
  const live: LiveSite = new LiveSite({
    ...{ access, api, clock, store, onEnd },
    onEvent: (event) => {
      const news = newsOf(event, store.latest().users ?? []);
      if (news !== null) dashboard.say(news.kind, news.text);
    },
    onFailure: (what, { message, hint }) => dashboard.say('failed', `${what}: ${message}; ${hint}`),
  });
  const { columns, rows } = terminal.stdout;
  const dashboard = new Dashboard({
    ...{ api, clock, store, onLeave },
    // Signs would be read out one by one.
    theme: createTheme(screenReader ? { ...options, glyphs: 'ascii' } : options, env),
    facts: { siteHint, chargersUrl, isReadOnly: readOnly, hasStartedServer: startedServer },
    size: { columns, rows },
    ...(screenReader ? { timeStepMs: SPOKEN_TIME_STEP_MS } : {}),
    onPlace: (place) => live.show(place),
    onRead: (feed) => live.read(feed),
    onRetry: () => live.retry(),
    copy: (text) => terminal.stdout.write(clipboardSequence(text)),
    save: saveFile,
    pager,
    newId: randomUUID,
  });
  return { dashboard, live };
}

/** OSC 52: the terminal puts it on the clipboard of the machine that the person sits at, also over SSH. */
function clipboardSequence(text: string): string {
  return `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`;
}
