// Many charge points come at once, as after a power cut, and then are silent: how long it takes, and what an idle one costs.
import { startLoad } from './load.ts';
import { memoryOf, processorUs } from './process-usage.ts';
import { startServer, type ServerKind } from './servers.ts';

export interface CrowdFigures {
  /** From the first connection until the last BootNotification was answered. */
  readonly seconds: number;
  /** Processor time of the server for each connection with its BootNotification. */
  readonly processorUs: number;
  /** Bytes of its own that one more silent connection costs. */
  readonly ownBytesEach: number;
  readonly residentBytes: number;
}

const QUIET_MS = 3_000;
/** A server that has just started still allocates. */
const WARM_UP = 50;

export async function crowd(kind: ServerKind, root: string, connections: number): Promise<CrowdFigures> {
  const server = await startServer(kind, root);
  try {
    const fleet = { port: server.port, script: 'idle', intervalMs: null } as const;
    const first = await startLoad({ ...fleet, chargers: WARM_UP, connectAtOnce: WARM_UP });
    await first.close();
    await quiet();
    const memoryBefore = memoryOf(server.pid);
    const beforeUs = processorUs(server.pid);
    const load = await startLoad({ ...fleet, chargers: connections, connectAtOnce: connections });
    const usedUs = processorUs(server.pid) - beforeUs;
    await quiet();
    const memory = memoryOf(server.pid);
    await load.close();
    return {
      seconds: load.connected.seconds,
      processorUs: usedUs / connections,
      ownBytesEach: (memory.own - memoryBefore.own) / connections,
      residentBytes: memory.resident,
    };
  } finally {
    await server.stop();
  }
}

function quiet(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, QUIET_MS));
}
