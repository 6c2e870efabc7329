// Many charge points come at once, as after a power cut, and then are silent: how long it takes, and what an idle one costs.
import { setTimeout as pause } from 'node:timers/promises';
import { startLoad, type Load } from './load.ts';
import { memoryOf, processorUs } from './process-usage.ts';
import { startServer, type RunningServer, type ServerKind } from './servers.ts';

export interface StormFigures {
  /** From the first connection until the last BootNotification was answered. */
  readonly seconds: number;
  /** Processor time of the server for each connection with its BootNotification. */
  readonly processorUs: number;
}

export interface IdleFigures {
  /** Resident bytes with the crowd. */
  readonly residentBytes: number;
  /**
   * Bytes of its own that one more silent connection costs: of a second crowd as large as the first. The first also brings
   * the engine's young generation to its size, once, whoever comes later.
   */
  readonly ownBytesEach: number;
  /** Resident bytes with the largest number of connections. */
  readonly largestBytes: number;
}

/** Chargers whose connections are not counted: a server that has just started still allocates and compiles. */
const WARM_UP = 50;
const WARM_UP_MS = 5_000;
/** Until what follows from a connect is over (a configuration read, a trace stored) and garbage was collected, if ever. */
const REST_MS = 40_000;

export async function storm(kind: ServerKind, root: string, connections: number): Promise<StormFigures> {
  const server = await startServer(kind, root);
  try {
    const warmUp = await startCrowd(server, 0, WARM_UP);
    await warmUp.close();
    await pause(WARM_UP_MS);
    const beforeUs = processorUs(server.pid);
    const load = await startCrowd(server, 0, connections);
    const usedUs = processorUs(server.pid) - beforeUs;
    await load.close();
    return { seconds: load.connected.seconds, processorUs: usedUs / connections };
  } finally {
    await server.stop();
  }
}

/** Crowds come one after the other until there are `largest`, and each is silent before memory is looked at. */
export async function idle(
  kind: ServerKind,
  root: string,
  { crowd, largest }: { readonly crowd: number; readonly largest: number },
): Promise<IdleFigures> {
  const server = await startServer(kind, root);
  const loads: Load[] = [];
  let connected = 0;
  const memoryWith = async (connections: number) => {
    while (connected < connections) {
      const more = Math.min(crowd, connections - connected);
      loads.push(await startCrowd(server, connected, more));
      connected += more;
    }
    await pause(REST_MS);
    return memoryOf(server.pid);
  };
  try {
    const first = await memoryWith(crowd);
    const second = await memoryWith(2 * crowd);
    const most = await memoryWith(largest);
    return {
      residentBytes: first.resident,
      ownBytesEach: (second.own - first.own) / crowd,
      largestBytes: most.resident,
    };
  } finally {
    await Promise.all(loads.map((load) => load.close()));
    await server.stop();
  }
}

function startCrowd({ port }: RunningServer, firstIndex: number, chargers: number): Promise<Load> {
  const silent = { script: 'idle', intervalMs: null } as const;
  return startLoad({ port, ...silent, firstIndex, chargers, connectAtOnce: chargers });
}
