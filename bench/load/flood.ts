// One charge point that sends as fast as its socket takes it: what the others notice of it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Histogram } from './histogram.ts';
import { startLoad, type Load } from './load.ts';
import { startServer, type ServerKind } from './servers.ts';

export interface FloodFigures {
  /** Of the others, in each turn, in milliseconds. */
  readonly p99Ms: readonly { readonly calm: number; readonly flooded: number }[];
  /** Of the flood, for each second. */
  readonly answeredPerSecond: number;
  readonly problems: readonly string[];
}

const ENTRY = fileURLToPath(new URL('flood-process.ts', import.meta.url));
const OTHERS = 200;
const INTERVAL_MS = 500;
const CONNECT_AT_ONCE = 50;

/** Turns without and with the flood, by turns, so that what else the machine does weighs on both. */
export async function flood(
  kind: ServerKind,
  root: string,
  turns: number,
  sliceMs: number,
): Promise<FloodFigures> {
  const server = await startServer(kind, root);
  try {
    const load = await startLoad({
      ...{ port: server.port, chargers: OTHERS, script: 'meter' as const },
      ...{ intervalMs: INTERVAL_MS, connectAtOnce: CONNECT_AT_ONCE },
    });
    const problems: string[] = [];
    // Not counted: until caches are warm and code is compiled.
    await load.slice(sliceMs);
    const p99Ms: { calm: number; flooded: number }[] = [];
    let answered = 0;
    for (let turn = 0; turn < turns; turn += 1) {
      const calm = await p99Of(load, sliceMs, problems);
      const flooding = startFlood(server.port);
      await flooding.begun;
      const flooded = await p99Of(load, sliceMs, problems);
      answered += await flooding.stop();
      p99Ms.push({ calm, flooded });
    }
    await load.close();
    return { p99Ms, answeredPerSecond: (answered * 1000) / (turns * sliceMs), problems };
  } finally {
    await server.stop();
  }
}

async function p99Of(load: Load, sliceMs: number, problems: string[]): Promise<number> {
  const slice = await load.slice(sliceMs);
  problems.push(...slice.problems);
  const histogram = new Histogram();
  histogram.merge(slice.latency['MeterValues'] ?? []);
  return histogram.quantileMs(0.99);
}

/** In a process of its own. `stop` resolves with how many of its messages were answered. */
function startFlood(port: number): { readonly begun: Promise<unknown>; stop(): Promise<number> } {
  const child = fork(ENTRY, [String(port)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    begun: once(child, 'message'),
    async stop() {
      const told = once(child, 'message') as Promise<[number]>;
      child.send('stop');
      const [answered] = await told;
      child.disconnect();
      await once(child, 'exit');
      return answered;
    },
  };
}
