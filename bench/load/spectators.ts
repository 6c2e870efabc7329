// Who looks on while many charge points come at once: a listener of /api/events, and a program that reads charger_status.json.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { followEvents } from '../../src/api/event-client.ts';
import { startLoad } from './load.ts';
import { startServer, type RunningServer, type ServerKind } from './servers.ts';

/** How long after the last BootNotification was answered all charge points were seen there. */
export interface SpectatorFigures {
  readonly toldAfterMs: number;
  readonly shownAfterMs: number;
}

const LOOK_MS = 20;
const WITHIN_MS = 60_000;

export async function spectate(
  kind: ServerKind,
  root: string,
  connections: number,
): Promise<SpectatorFigures> {
  const server = await startServer(kind, root);
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(WITHIN_MS)]);
  try {
    const told = await listen(server, signal);
    const load = startLoad({
      ...{ port: server.port, chargers: connections, script: 'idle' as const },
      ...{ intervalMs: null, connectAtOnce: connections },
    });
    const [bootedMs, toldMs, shownMs] = await Promise.all([
      load.then(() => performance.now()),
      momentWhen(() => told.size >= connections, signal),
      momentWhen(async () => (await chargersIn(server.dataDir)) >= connections, signal),
    ]);
    await (await load).close();
    return { toldAfterMs: Math.max(0, toldMs - bootedMs), shownAfterMs: Math.max(0, shownMs - bootedMs) };
  } finally {
    over.abort();
    await server.stop();
  }
}

/** The ids of the charge points that the events say are connected; it is filled as they come. */
async function listen({ apiUrl, dataDir }: RunningServer, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const token = (await readFile(join(dataDir, '.kwota', 'admin-token'), 'utf8')).trim();
  const connected = new Set<string>();
  const listening = Promise.withResolvers<undefined>();
  followEvents(
    { url: apiUrl, token },
    (event) => {
      if (event.kind === 'connection' && event.isConnected) connected.add(event.chargerId);
      listening.resolve(undefined);
    },
    { kinds: ['connection'], signal, pause: (ms) => pause(ms) },
  ).catch(listening.reject);
  await listening.promise;
  return connected;
}

async function chargersIn(dataDir: string): Promise<number> {
  return Object.keys(JSON.parse(await readFile(join(dataDir, 'charger_status.json'), 'utf8')) as object)
    .length;
}

async function momentWhen(isSo: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<number> {
  while (!(await isSo())) await pause(LOOK_MS, undefined, { signal });
  return performance.now();
}
