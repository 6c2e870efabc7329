// Opens the dashboard with what the command line, the configuration and the terminal say. What it shows is in tui/.
import type { ApiAccess } from '../src/api/client.ts';
import type { Config } from '../src/config/schema.ts';
import { ownAddress } from '../src/runtime/own-address.ts';
import { showInPager } from './pager.ts';
import type { ApiOptions } from './api-access.ts';

export interface DashboardOptions extends ApiOptions {
  readonly readOnly?: boolean;
  /** False: asked for no colours. */
  readonly color?: boolean;
  readonly ascii?: boolean;
  readonly mouse?: boolean;
}

export interface OpenDashboard {
  readonly access: ApiAccess;
  /** Where chargers connect, as this machine reaches it; left out: not known. */
  readonly ocppUrl?: string | null;
  readonly config: Config;
  readonly options: DashboardOptions;
  /** Whether the server was started for it: then leaving asks what becomes of the server. */
  readonly isStarted: boolean;
}

/** Loads what draws while a server starts: it takes about as long. Whether it can be loaded shows when it is opened. */
export function prepareDashboard(): void {
  void import('../tui/run.tsx').catch(() => undefined);
}

/** Resolves when the person has left, with what he said about the server. */
export async function openDashboard({
  access,
  ocppUrl = null,
  config: { tui, ocpp },
  options,
  isStarted,
}: OpenDashboard): Promise<'server-running' | 'stop-server'> {
  const { env } = process;
  // Loaded when needed: no other command draws.
  const { runDashboard } = await import('../tui/run.tsx');
  const { leave } = await runDashboard({
    access,
    siteHint: new URL(access.url).host,
    ...(ocppUrl === null ? {} : { chargersUrl: asChargersReachIt(ocppUrl, ocpp.host) }),
    readOnly: options.readOnly ?? false,
    glyphs: options.ascii ? 'ascii' : tui.glyphs,
    palette: tui.palette,
    color: options.color !== false && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    mouse: options.mouse ?? tui.mouse,
    screenReader: env['INK_SCREEN_READER'] === 'true',
    startedServer: isStarted,
    env: { ...env, platform: process.platform },
    terminal: { stdin: process.stdin, stdout: process.stdout },
    pager: showInPager,
  });
  return leave;
}

/** A server that listens on every address is on this machine's own for chargers. */
function asChargersReachIt(ocppUrl: string, listensOn: string): string {
  const address = ['0.0.0.0', '::'].includes(listensOn) ? ownAddress() : undefined;
  if (address === undefined) return ocppUrl;
  const url = new URL(ocppUrl);
  url.hostname = address;
  return url.href.replace(/\/$/, '');
}
