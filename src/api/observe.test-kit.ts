// An overview, a log and measures that a test makes up, as the API's ports. Not part of the program.
import { LogRing } from '../runtime/log-ring.ts';
import type { OverviewPort } from './ports/overview.ts';
import type { PerformancePort } from './ports/performance.ts';
import { NOON_MS } from './server.test-kit.ts';

const MINUTE_MS = 60_000;

export function madeUpOverview(): OverviewPort {
  return {
    siteName: 'Riverside',
    timeZone: 'UTC',
    figures: () => ({
      ...{ atMs: NOON_MS, month: '2026-11', monthEndsMs: Date.UTC(2026, 11, 1) },
      chargers: { total: 3, connected: 2, faulted: 1, pending: 0 },
      sessions: { running: 1, charging: 1 },
      ...{ powerW: 7200, powerByMinute: [{ atMs: NOON_MS - MINUTE_MS, powerW: 7100 }] },
      energyByDay: [{ day: '2026-11-01', wh: 1500 }],
      ...{ usedWh: 1500, runningWh: 500, quotaWh: 20_000, quotaUsedWh: 1200, paceWh: null },
    }),
  };
}

/** Three lines, a minute apart; the second is a warning about CP1. */
export function madeUpLog(): LogRing {
  const ring = new LogRing();
  const at = (minute: number) => ({ atMs: NOON_MS + minute * MINUTE_MS, level: 'info' }) as const;
  ring.add({ ...at(0), tag: 'DATA', message: 'started', fields: {} });
  const odd = { charger: 'CP1', wh: 5, unknown: undefined };
  ring.add({ ...at(1), level: 'warn', tag: 'METER', message: 'a register went back', fields: odd });
  ring.add({ ...at(2), tag: 'CONNECT', message: 'charger connected', fields: { charger: 'CP2' } });
  return ring;
}

export function madeUpPerformance(): PerformancePort {
  const spread = { count: 3, p50Ms: 1.5, p95Ms: 2, maxMs: 2.5 };
  const { count, p50Ms, p95Ms } = spread;
  return {
    snapshot: () => ({
      since: new Date(NOON_MS).toISOString(),
      messages: [{ action: 'Heartbeat', ...spread, errors: 1 }],
      meter: spread,
      api: [{ route: 'GET /api/overview', ...spread }],
      commands: [{ action: 'Reset', count, failed: 0, p50Ms, p95Ms }],
      forward: { queued: 1, oldestS: 2, lastError: null, p50Ms: null, p95Ms: null },
      transactions: { started: 2, ended: 1, successPercent: 100 },
      journal: { commits: 3, rows: 9, p50Ms, p95Ms, maxMs: null },
      eventLoop: { p50Ms: 1, p99Ms: 2, maxMs: 3 },
      ...{ memoryBytes: 80_000_000, cpuPercent: 1.5 },
      messagesPerMinute: [{ at: new Date(NOON_MS).toISOString(), count: 12 }],
      chargers: [{ chargerId: 'CP1', uptimePercent: 99.5 }],
    }),
  };
}
