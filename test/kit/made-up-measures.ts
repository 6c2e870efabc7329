// Made-up measures of the made-up site, and what its log says.
import type { LogLine } from '../../src/api/contract/logs.ts';
import type { Performance } from '../../src/api/contract/performance.ts';
import { ago } from './made-up-time.ts';

const timed = (count: number, p50Ms: number, p95Ms: number, maxMs: number) => ({
  count,
  p50Ms,
  p95Ms,
  maxMs,
});

export const madeUpMeasures: Performance = {
  since: ago(6_120),
  messages: [
    { action: 'MeterValues', ...timed(24_480, 3.1, 8.4, 212), errors: 0 },
    { action: 'Heartbeat', ...timed(79_300, 0.2, 0.6, 31), errors: 0 },
    { action: 'StatusNotification', ...timed(1_902, 0.4, 1.1, 28), errors: 0 },
    { action: 'StartTransaction', ...timed(214, 4.2, 9.9, 61), errors: 0 },
    { action: 'StopTransaction', ...timed(210, 4.4, 9.1, 58), errors: 0 },
    { action: 'DataTransfer', ...timed(12, 0.3, 0.9, 2), errors: 3 },
  ],
  meter: timed(24_480, 0.2, 0.4, 12),
  api: [
    { route: 'GET /api/events', ...timed(4, 1.2, 2.4, 3) },
    { route: 'GET /api/chargers/{id}', ...timed(318, 0.9, 2.1, 24) },
  ],
  commands: [
    { action: 'RemoteStopTransaction', count: 61, failed: 1, p50Ms: 240, p95Ms: 1_900 },
    { action: 'GetConfiguration', count: 13, failed: 0, p50Ms: 310, p95Ms: 2_400 },
  ],
  forward: { queued: 3, oldestS: 2, lastError: null, p50Ms: 41, p95Ms: 120 },
  transactions: { started: 214, ended: 210, successPercent: 98.6 },
  journal: { commits: 24_900, rows: 51_000, p50Ms: 2.8, p95Ms: 7.9, maxMs: 208 },
  eventLoop: { p50Ms: 0.1, p99Ms: 2.2, maxMs: 44 },
  memoryBytes: 133_169_152,
  cpuPercent: 3.4,
  messagesPerMinute: Array.from({ length: 60 }, (_, minute) => ({
    at: ago(60 - minute),
    count: Math.round(30 + 14 * Math.sin(minute / 9)),
  })),
  chargers: [
    { chargerId: 'CP-GARAGE-01', uptimePercent: 100 },
    { chargerId: 'CP-YARD-02', uptimePercent: 93.7 },
    { chargerId: 'CP-GARAGE-07', uptimePercent: 99.9 },
  ],
};

interface Said {
  readonly level: LogLine['level'];
  readonly tag: LogLine['tag'];
  readonly charger: string | null;
  readonly message: string;
  readonly fields?: Readonly<Record<string, string>>;
}

const said: readonly Said[] = [
  { level: 'info', tag: 'CONNECT', charger: 'CP-GARAGE-05', message: 'charger connected' },
  {
    ...{ level: 'info', tag: 'TRANSACTION', charger: 'CP-GARAGE-03', message: 'started' },
    fields: { connector: '2', transaction: '1842', user: '04C2D3E4F5', status: 'Accepted' },
  },
  { level: 'warn', tag: 'AUTH', charger: 'CP-GARAGE-01', message: 'refused', fields: { user: '04A1B2C3D4' } },
  { level: 'warn', tag: 'CONNECT', charger: 'CP-YARD-02', message: 'charger disconnected' },
  {
    ...{ level: 'info', tag: 'COMMAND', charger: 'CP-GARAGE-03', message: 'SetChargingProfile answered' },
    fields: { answer: 'Accepted' },
  },
  {
    ...{ level: 'warn', tag: 'QUOTA', charger: null, message: '95 % of the quota is used' },
    fields: { user: '04C2D3E4F5', usedKwh: '115.2', quotaKwh: '120' },
  },
  {
    ...{ level: 'info', tag: 'METER', charger: 'CP-GARAGE-03', message: 'reading' },
    fields: { connector: '2', transaction: '1842', registerWh: '3902', energyWh: '3902' },
  },
  {
    ...{ level: 'error', tag: 'STATUS', charger: 'CP-GARAGE-07', message: 'Faulted' },
    fields: { connector: '1', error: 'GroundFailure' },
  },
];

/** The newest last. */
export const madeUpLog: readonly LogLine[] = said.map((one, index) => ({
  ...{ seq: index + 1, at: ago((said.length - index) * 0.7), fields: {} },
  ...one,
}));
