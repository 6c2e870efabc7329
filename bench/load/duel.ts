// Servers compared where other programs disturb the machine: all are up at once, but only one is under load at a time, in short
// slices that take turns. What slows the machine down slows all of them, and the ratio within one turn stays.
import type { FleetOptions } from './fleet.ts';
import { Histogram } from './histogram.ts';
import { startLoad, type Load } from './load.ts';
import { processorUs } from './process-usage.ts';
import { startServer, type RunningServer, type ServerKind } from './servers.ts';

export interface DuelOptions {
  readonly root: string;
  readonly kinds: readonly ServerKind[];
  /** Silent charge points beside those of the load, by the name of the server; none unless given. */
  readonly silentBeside?: Readonly<Record<string, number>>;
  readonly load: Pick<FleetOptions, 'chargers' | 'script' | 'intervalMs'>;
  readonly turns: number;
  /** Not counted: until caches are warm and code is compiled. */
  readonly warmUpTurns: number;
  readonly sliceMs: number;
}

/** What one server did in one turn. */
export interface Turn {
  /** Processor time of the server for each CALL answered, in microseconds. */
  readonly processorUs: number;
  readonly perSecond: number;
  /** Latency of MeterValues, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Contestant {
  readonly name: string;
  readonly turns: Turn[];
  readonly problems: string[];
}

interface Side {
  readonly server: RunningServer;
  /** The one under measurement first. */
  readonly loads: Load[];
  readonly result: Contestant;
}

const CONNECT_AT_ONCE = 250;

/** By name, in the order of `kinds`; the turns of all have the same indexes. */
export async function duel(options: DuelOptions): Promise<readonly Contestant[]> {
  const sides: Side[] = [];
  try {
    for (const kind of options.kinds) sides.push(await startSide(kind, options));
    for (let turn = 0; turn < options.warmUpTurns + options.turns; turn += 1) {
      for (const { server, loads, result } of shuffled(sides)) {
        const [load] = loads;
        if (!load) continue;
        const measured = await oneTurn(server, load, options.sliceMs, result.problems);
        if (turn >= options.warmUpTurns) result.turns.push(measured);
      }
    }
  } finally {
    for (const side of sides) await endSide(side);
  }
  return sides.map(({ result }) => result);
}

async function startSide(kind: ServerKind, { root, load, silentBeside }: DuelOptions): Promise<Side> {
  const server = await startServer(kind, root);
  const side: Side = { server, loads: [], result: { name: kind.name, turns: [], problems: [] } };
  try {
    const fleet = { ...load, port: server.port, connectAtOnce: CONNECT_AT_ONCE };
    side.loads.push(await startLoad(fleet));
    const others = silentBeside?.[kind.name] ?? 0;
    if (others > 0)
      side.loads.push(
        await startLoad({ ...fleet, script: 'idle', chargers: others, firstIndex: load.chargers }),
      );
    return side;
  } catch (error) {
    await endSide(side);
    throw error;
  }
}

async function endSide({ server, loads }: Side): Promise<void> {
  for (const load of loads) await load.close();
  await server.stop();
}

/** One figure of a contestant divided by that of the reference, turn by turn. */
export function ratios(one: Contestant, reference: Contestant, figure: keyof Turn): number[] {
  return one.turns.map((turn, index) => turn[figure] / (reference.turns[index]?.[figure] ?? Number.NaN));
}

async function oneTurn(server: RunningServer, load: Load, ms: number, problems: string[]): Promise<Turn> {
  const beforeUs = processorUs(server.pid);
  const slice = await load.slice(ms);
  const usedUs = processorUs(server.pid) - beforeUs;
  problems.push(...slice.problems);
  const meter = new Histogram();
  meter.merge(slice.latency['MeterValues'] ?? []);
  return {
    processorUs: usedUs / slice.answered,
    perSecond: slice.perSecond,
    p50Ms: meter.quantileMs(0.5),
    p99Ms: meter.quantileMs(0.99),
  };
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => ({ one, lot: Math.random() }))
    .sort((a, b) => a.lot - b.lot)
    .map(({ one }) => one);
}
