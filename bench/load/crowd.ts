// Many charge points come at once, as after a power cut, and then are silent: how long it takes, and what an idle one costs.
import { startLoad, type Load } from './load.ts';
import { memoryOf, processorUs } from './process-usage.ts';
import { startServer, type ServerKind } from './servers.ts';

export interface CrowdFigures {
  /** From the first connection until the last BootNotification was answered. */
  readonly seconds: number;
  /** Processor time of the server for each connection with its BootNotification. */
  readonly processorUs: number;
  /**
   * Bytes of its own that one more silent connection costs: of a second crowd as large as the first. The first also brings
   * the engine's young generation to its size, once, whoever comes later.
   */
  readonly ownBytesEach: number;
  /** With the first crowd. */
  readonly residentBytes: number;
}

/** Until what follows from a connect is over: kwota reads a charger's configuration two seconds after its boot. */
const QUIET_MS = 5_000;
/** A server that has just started still allocates. */
const WARM_UP = 50;
/** More than these at once is no storm that a site has. */
const GROUP = 5_000;

export async function crowd(kind: ServerKind, root: string, connections: number): Promise<CrowdFigures> {
  const server = await startServer(kind, root);
  try {
    const fleet = { port: server.port, script: 'idle', intervalMs: null } as const;
    const first = await startLoad({ ...fleet, chargers: WARM_UP, connectAtOnce: WARM_UP });
    await first.close();
    await quiet();
    const beforeUs = processorUs(server.pid);
    const load = await startLoad({ ...fleet, chargers: connections, connectAtOnce: connections });
    const usedUs = processorUs(server.pid) - beforeUs;
    await quiet();
    const memory = memoryOf(server.pid);
    const more = await startLoad({
      ...fleet,
      ...{ chargers: connections, firstIndex: connections, connectAtOnce: connections },
    });
    await quiet();
    const memoryWithMore = memoryOf(server.pid);
    await Promise.all([load.close(), more.close()]);
    return {
      seconds: load.connected.seconds,
      processorUs: usedUs / connections,
      ownBytesEach: (memoryWithMore.own - memory.own) / connections,
      residentBytes: memory.resident,
    };
  } finally {
    await server.stop();
  }
}

/** Bytes resident with so many silent connections, which come one group after the other. */
export async function residentWith(kind: ServerKind, root: string, connections: number): Promise<number> {
  const server = await startServer(kind, root);
  const loads: Load[] = [];
  try {
    for (let firstIndex = 0; firstIndex < connections; firstIndex += GROUP) {
      const chargers = Math.min(GROUP, connections - firstIndex);
      const fleet = { chargers, firstIndex, connectAtOnce: chargers } as const;
      loads.push(await startLoad({ port: server.port, script: 'idle', intervalMs: null, ...fleet }));
    }
    await quiet();
    return memoryOf(server.pid).resident;
  } finally {
    await Promise.all(loads.map((load) => load.close()));
    await server.stop();
  }
}

function quiet(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, QUIET_MS));
}
