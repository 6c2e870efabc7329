// The parts of the benchmark: what is measured, against whom, and which targets it is held against.
import { mkdirSync } from 'node:fs';
import { idle, storm, type IdleFigures, type StormFigures } from './crowd.ts';
import { duel, ratios, type Contestant, type Turn } from './duel.ts';
import { decimals, median, withQuartiles } from './figures.ts';
import { flood, type FloodFigures } from './flood.ts';
import { killUnderLoad } from './kill.ts';
import { spectate } from './spectators.ts';
import { slowDisk, SLOW_SYNC_MS, type SlowDiskFigures } from './slow-disk.ts';
import {
  CONSTANT_REPLY,
  KWOTA,
  kwotaWith,
  OCPP_RPC_STRICT,
  SQLITE_GROUP_COMMIT,
  startServer,
  type ServerKind,
} from './servers.ts';

/** How much of everything. */
export interface Scale {
  readonly chargers: readonly number[];
  readonly turns: number;
  readonly warmUpTurns: number;
  readonly sliceMs: number;
  /** Charge points that connect at once, and then are silent. */
  readonly crowd: number;
  /** Charge points of the largest site that is tried, all silent. */
  readonly largest: number;
  readonly rounds: number;
  readonly users: number;
  readonly sessions: number;
  readonly silent: number;
}

export interface Row {
  readonly figure: string;
  readonly kwota: string;
  /** In the order of OTHERS. */
  readonly others?: readonly string[];
  readonly must?: string | undefined;
  readonly ambitious?: string | undefined;
}

interface Part {
  readonly rows: readonly Row[];
  /** Wrong answers, lost connections, lost energy. */
  readonly problems: readonly string[];
}

const OTHERS = [CONSTANT_REPLY, OCPP_RPC_STRICT, SQLITE_GROUP_COMMIT];
const PACED_CHARGERS = 1_000;
const PACED_INTERVAL_MS = 500;
const GROWTH_CHARGERS = 200;
const FEW_USERS = 1_000;
const KILL_CHARGERS = 200;
const SLOW_SLICES = 5;
const KIB = 1024;
const MIB = KIB * KIB;

const CLOSED_TARGETS: Readonly<Record<number, readonly [must: string, ambitious: string]>> = {
  50: ['2.2', '1.9'],
  200: ['1.8', '1.6'],
  1000: ['1.6', '1.45'],
};

export const PART_NAMES = [
  'closed',
  'paced',
  'flood',
  'storm',
  'idle',
  'growth',
  'start',
  'slow',
  'kill',
] as const;
export type PartName = (typeof PART_NAMES)[number];

export const PARTS: Readonly<Record<PartName, (root: string, scale: Scale) => Promise<Part>>> = {
  closed,
  paced,
  flood: floods,
  storm: storms,
  idle: idles,
  growth,
  start,
  slow,
  kill,
};

async function closed(root: string, scale: Scale): Promise<Part> {
  const rows: Row[] = [];
  const problems: string[] = [];
  for (const chargers of scale.chargers) {
    const contestants = await duel({
      ...scale,
      root: folder(root, String(chargers)),
      kinds: [KWOTA, ...OTHERS],
      load: { chargers, script: 'charging', intervalMs: null },
    });
    problems.push(...problemsOf(contestants));
    const [must, ambitious] = CLOSED_TARGETS[chargers] ?? [];
    const cells = (figure: keyof Turn, show: (turns: number) => string) =>
      againstWs(contestants, figure, show);
    const cpu = cells('processorUs', (us) => `1 = ${decimals(us, 1)} µs`);
    const rate = cells('perSecond', (perSecond) => `1 = ${decimals(perSecond, 0)}/s`);
    rows.push({ figure: `CPU per message, ${chargers} chargers`, ...cpu, must, ambitious });
    rows.push({
      figure: `messages/s, ${chargers} chargers`,
      ...rate,
      ...(chargers === 200 ? { must: '0.5', ambitious: '0.6' } : {}),
    });
  }
  return { rows, problems };
}

async function paced(root: string, scale: Scale): Promise<Part> {
  const contestants = await duel({
    ...scale,
    root: folder(root),
    kinds: [KWOTA, ...OTHERS],
    sliceMs: 2 * scale.sliceMs,
    load: { chargers: PACED_CHARGERS, script: 'meter', intervalMs: PACED_INTERVAL_MS },
  });
  const cells = (figure: keyof Turn, digits: number, unit: string) => {
    const [own = '', ...others] = contestants.map(({ turns }) => {
      return `${withQuartiles(
        turns.map((turn) => turn[figure]),
        digits,
      )} ${unit}`;
    });
    return { kwota: own, others };
  };
  const rate = `${(PACED_CHARGERS * 1000) / PACED_INTERVAL_MS} readings/s`;
  return {
    rows: [
      { figure: `${rate}: p50`, ...cells('p50Ms', 1, 'ms') },
      { figure: `${rate}: p99`, ...cells('p99Ms', 1, 'ms'), must: '15 ms', ambitious: '8 ms' },
      { figure: `${rate}: CPU`, ...cells('processorUs', 0, 'µs'), must: '160 µs', ambitious: '100 µs' },
    ],
    problems: problemsOf(contestants),
  };
}

async function floods(root: string, { turns, sliceMs }: Scale): Promise<Part> {
  const own = await flood(KWOTA, folder(root), turns, sliceMs);
  const ws = await flood(CONSTANT_REPLY, folder(root), turns, sliceMs);
  const cells = (show: (figures: FloodFigures) => string) => ({ kwota: show(own), others: [show(ws)] });
  const p99 = (which: 'calm' | 'flooded') =>
    cells(
      ({ p99Ms }) =>
        `${withQuartiles(
          p99Ms.map((turn) => turn[which]),
          1,
        )} ms`,
    );
  const answered = cells(({ answeredPerSecond }) => `${decimals(answeredPerSecond, 0)}/s`);
  return {
    rows: [
      { figure: 'p99 of 200 others, calm', ...p99('calm') },
      { figure: 'p99 of 200 others while one charger floods', ...p99('flooded') },
      { figure: 'answered of the flood', ...answered },
    ],
    problems: [...own.problems, ...ws.problems],
  };
}

async function storms(root: string, scale: Scale): Promise<Part> {
  const figures = new Map<ServerKind, StormFigures[]>();
  for (let round = 0; round < scale.rounds; round += 1) {
    for (const kind of [KWOTA, ...OTHERS]) {
      const measured = await storm(kind, folder(root, String(round)), scale.crowd);
      figures.set(kind, [...(figures.get(kind) ?? []), measured]);
    }
  }
  const cells = (figure: (one: StormFigures) => number, digits: number, unit: string) =>
    ownAndOthers([...figures.values()].map((rounds) => quantity(median(rounds.map(figure)), digits, unit)));
  const name = `${scale.crowd} connect and boot`;
  const seen = await spectate(KWOTA, folder(root, 'seen'), scale.crowd);
  return {
    rows: [
      { figure: name, ...cells(({ seconds }) => seconds, 2, 's'), must: '2.0 s', ambitious: '1.2 s' },
      {
        figure: `${name}: CPU each`,
        ...cells((one) => one.processorUs, 0, 'µs'),
        must: '300 µs',
        ambitious: '180 µs',
      },
      {
        figure: `${name}: the last is told in /api/events after`,
        kwota: quantity(seen.toldAfterMs, 0, 'ms'),
      },
      {
        figure: `${name}: all are in charger_status.json after`,
        kwota: quantity(seen.shownAfterMs, 0, 'ms'),
      },
    ],
    problems: [],
  };
}

async function idles(root: string, scale: Scale): Promise<Part> {
  const figures: IdleFigures[] = [];
  for (const kind of [KWOTA, ...OTHERS]) figures.push(await idle(kind, folder(root), scale));
  const cells = (figure: (one: IdleFigures) => number, digits: number, unit: string) =>
    ownAndOthers(figures.map((one) => quantity(figure(one), digits, unit)));
  return {
    rows: [
      {
        figure: 'one more idle connection',
        ...cells(({ ownBytesEach }) => ownBytesEach / KIB, 1, 'KiB'),
        ...{ must: '16 KiB', ambitious: '11 KiB' },
      },
      {
        figure: `resident with ${scale.crowd} connections`,
        ...cells(({ residentBytes }) => residentBytes / MIB, 0, 'MiB'),
        ...(scale.crowd === 5_000 ? { must: '180 MiB', ambitious: '150 MiB' } : {}),
      },
      {
        figure: `resident with ${scale.largest} connections`,
        ...cells(({ largestBytes }) => largestBytes / MIB, 0, 'MiB'),
        ...(scale.largest === 19_000 ? { must: '400 MiB', ambitious: '320 MiB' } : {}),
      },
    ],
    problems: [],
  };
}

function ownAndOthers([kwota = '', ...others]: readonly string[]): Pick<Row, 'kwota' | 'others'> {
  return { kwota, others };
}

function quantity(value: number, digits: number, unit: string): string {
  return `${decimals(value, digits)} ${unit}`;
}

async function growth(root: string, scale: Scale): Promise<Part> {
  const small = kwotaWith('small', { users: FEW_USERS, sessions: 0 });
  const users = kwotaWith('users', { users: scale.users, sessions: 0 });
  const past = kwotaWith('past', { users: FEW_USERS, sessions: scale.sessions });
  const crowded = kwotaWith('crowded', { users: FEW_USERS, sessions: 0 });
  const contestants = await duel({
    ...scale,
    root: folder(root),
    kinds: [small, users, past, crowded],
    silentBeside: { [crowded.name]: scale.silent },
    load: { chargers: GROWTH_CHARGERS, script: 'charging', intervalMs: null },
  });
  const [reference, ...grown] = contestants;
  const named = [
    `${scale.users} users`,
    `${scale.sessions} sessions in the store`,
    `${scale.silent} silent chargers beside`,
  ];
  return {
    rows: grown.map((one, index) => ({
      figure: `CPU with ${named[index] ?? ''}, to without`,
      kwota: reference ? withQuartiles(ratios(one, reference, 'processorUs'), 2) : '',
      must: '1.10',
    })),
    problems: problemsOf(contestants),
  };
}

async function start(root: string, scale: Scale): Promise<Part> {
  const kind = kwotaWith('past', { users: scale.users, sessions: scale.sessions });
  const readyMs: number[] = [];
  for (let round = 0; round <= scale.rounds; round += 1) {
    const server = await startServer(kind, folder(root));
    // The first start also publishes the files.
    if (round > 0) readyMs.push(server.readyMs);
    await server.stop();
  }
  const figure = `start with ${scale.sessions} sessions, ${scale.users} users`;
  return {
    rows: [{ figure, kwota: `${decimals(median(readyMs), 0)} ms`, must: '2000 ms', ambitious: '1000 ms' }],
    problems: [],
  };
}

async function slow(root: string, { sliceMs }: Scale): Promise<Part> {
  const figures: SlowDiskFigures[] = [];
  for (const kind of [KWOTA, SQLITE_GROUP_COMMIT]) {
    const measured = await slowDisk(kind, folder(root), SLOW_SLICES * sliceMs);
    if (measured === null) return { rows: [{ figure: 'slow disk', kwota: 'no C compiler' }], problems: [] };
    figures.push(measured);
  }
  const [own, sqlite] = figures;
  const cells = (figure: 'heartbeatP99Ms' | 'meterP99Ms') => ({
    kwota: `${decimals(own?.[figure] ?? Number.NaN, 1)} ms`,
    others: ['', '', `${decimals(sqlite?.[figure] ?? Number.NaN, 1)} ms`],
  });
  const where = `syncs ${SLOW_SYNC_MS} ms slower`;
  return {
    rows: [
      { figure: `${where}: Heartbeat p99`, ...cells('heartbeatP99Ms'), must: '5 ms', ambitious: '3 ms' },
      { figure: `${where}: MeterValues p99`, ...cells('meterP99Ms'), must: '30 ms', ambitious: '20 ms' },
    ],
    problems: figures.flatMap(({ problems }) => problems),
  };
}

async function kill(root: string): Promise<Part> {
  const { acknowledgedWh, storedWh, sentWh, wrong, readyMs } = await killUnderLoad(
    folder(root),
    KILL_CHARGERS,
  );
  const kwota = `${acknowledgedWh} Wh acknowledged, ${storedWh} stored, ${sentWh} sent`;
  return {
    rows: [
      { figure: 'kill -9 under load', kwota, must: '0 Wh lost or twice' },
      { figure: 'start after it', kwota: `${decimals(readyMs, 0)} ms` },
    ],
    problems: wrong,
  };
}

/** Ratios to `ws` within each turn; of `ws` itself the figure. */
function againstWs(
  contestants: readonly Contestant[],
  figure: keyof Turn,
  show: (median: number) => string,
): Pick<Row, 'kwota' | 'others'> {
  const reference = contestants.find(({ name }) => name === CONSTANT_REPLY.name);
  const [own = '', ...others] = contestants.map((one) => {
    if (!reference) return '';
    if (one === reference) return show(median(one.turns.map((turn) => turn[figure])));
    return withQuartiles(ratios(one, reference, figure), 2);
  });
  return { kwota: own, others };
}

function problemsOf(contestants: readonly Contestant[]): string[] {
  return contestants.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`));
}

function folder(...names: readonly string[]): string {
  const path = names.join('/');
  mkdirSync(path, { recursive: true });
  return path;
}
