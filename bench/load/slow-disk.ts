// A disk whose syncs take long, as of an SD card: a library put before libc's makes them so. Heartbeats must not wait for it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Histogram } from './histogram.ts';
import { startLoad } from './load.ts';
import { startServer, type ServerKind } from './servers.ts';

export const SLOW_SYNC_MS = 5;

export interface SlowDiskFigures {
  readonly heartbeatP99Ms: number;
  readonly meterP99Ms: number;
  readonly problems: readonly string[];
}

const SOURCE = fileURLToPath(new URL('slow-sync.c', import.meta.url));
const METERS = 200;
const METER_INTERVAL_MS = 500;
const HEARTBEATS = 50;
const HEARTBEAT_INTERVAL_MS = 100;
const CONNECT_AT_ONCE = 50;

/** Null where there is no C compiler. */
export async function slowDisk(kind: ServerKind, root: string, ms: number): Promise<SlowDiskFigures | null> {
  const library = join(root, 'slow-sync.so');
  if (!existsSync(library) && spawnSync('cc', ['-shared', '-fPIC', '-o', library, SOURCE]).status !== 0)
    return null;
  const env = { LD_PRELOAD: library, SLOW_SYNC_MS: String(SLOW_SYNC_MS) };
  const server = await startServer(kind, root, env);
  try {
    const fleet = { port: server.port, connectAtOnce: CONNECT_AT_ONCE };
    const meters = await startLoad({
      ...fleet,
      chargers: METERS,
      script: 'meter',
      intervalMs: METER_INTERVAL_MS,
    });
    const heartbeats = await startLoad({
      ...fleet,
      chargers: HEARTBEATS,
      firstIndex: METERS,
      script: 'heartbeat',
      intervalMs: HEARTBEAT_INTERVAL_MS,
    });
    const slice = () => Promise.all([meters.slice(ms), heartbeats.slice(ms)]);
    // The first one until caches are warm and code is compiled.
    const slices = [await slice(), await slice()][1] ?? [];
    await Promise.all([meters.close(), heartbeats.close()]);
    const p99Ms = (action: string) => {
      const histogram = new Histogram();
      for (const { latency } of slices) histogram.merge(latency[action] ?? []);
      return histogram.quantileMs(0.99);
    };
    return {
      heartbeatP99Ms: p99Ms('Heartbeat'),
      meterP99Ms: p99Ms('MeterValues'),
      problems: slices.flatMap(({ problems }) => problems.map((problem) => `${kind.name}: ${problem}`)),
    };
  } finally {
    await server.stop();
  }
}
