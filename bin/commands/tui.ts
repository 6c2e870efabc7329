// `kwota` and `kwota tui`: the dashboard, on a server that runs or on one that is started for it. What it shows is in tui/.
import { requestJson, type ApiAccess } from '../../src/api/client.ts';
import type { Config } from '../../src/config/schema.ts';
import { accessOf, withApi, type ApiOptions } from '../api-access.ts';
import { readConfiguration } from '../configuration.ts';
import { findOrStartServer, stopServer } from '../local-server.ts';
import { ownProgram } from '../own-program.ts';
import { startingLine } from '../starting-line.ts';

export interface TuiOptions extends ApiOptions {
  readonly readOnly?: boolean;
  /** False: asked for no colours. */
  readonly color?: boolean;
  readonly ascii?: boolean;
  readonly mouse?: boolean;
}

/** In a place of its own until it is part of this checkout. */
const DASHBOARD = ['..', '..', 'tui', 'run.tsx'].join('/');

interface DashboardModule {
  readonly runDashboard: (options: object) => Promise<{ leave: 'server-running' | 'stop-server' }>;
}

/** The dashboard on the server of the data folder; where none runs, one is started, and stays when it is left. */
export async function runKwota(options: TuiOptions): Promise<void> {
  const { dataDir, config } = readConfiguration(options);
  const line = startingLine(process.stderr, dataDir);
  const start = { program: ownProgram(), options, dataDir };
  const { access, pid, isStarted } = await findOrStartServer(start, line.waiting).finally(line.clear);
  const leave = await openDashboard(access, config, { ...options, isStarted });
  if (leave === 'stop-server') {
    process.stdout.write('stopping the server … ');
    await stopServer(access, pid);
    process.stdout.write('stopped\n');
  } else if (isStarted) {
    process.stdout.write('the server goes on: kwota opens the dashboard again, kwota stop ends the server\n');
  }
}

/** The dashboard on a server that runs: the one of the data folder, or the one that the options name. */
export async function runTui(options: TuiOptions): Promise<void> {
  const { config } = readConfiguration(options);
  // Before the screen changes: that there is no such server is told on a line.
  await withApi(options, async (_, access) => {
    await requestJson(access, 'health');
  });
  await openDashboard(accessOf(options), config, { ...options, isStarted: false });
}

async function openDashboard(
  access: ApiAccess,
  { tui }: Config,
  options: TuiOptions & { readonly isStarted: boolean },
): Promise<'server-running' | 'stop-server'> {
  const { env } = process;
  const { runDashboard } = (await import(DASHBOARD)) as DashboardModule;
  const { leave } = await runDashboard({
    access,
    siteHint: new URL(access.url).host,
    readOnly: options.readOnly ?? false,
    glyphs: options.ascii ? 'ascii' : tui.glyphs,
    palette: tui.palette,
    color: options.color !== false && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    mouse: options.mouse ?? tui.mouse,
    screenReader: env['INK_SCREEN_READER'] === 'true',
    startedServer: options.isStarted,
    env,
  });
  return leave;
}
