// How the server is doing: how much is said, how long answers take, what it waits for, who stays connected.
import { remembered } from '../data/memo.ts';
import type { World } from '../desk/desk.ts';
import { bodySize, isNarrow, isTall, isWide, PANE_BORDERS, PANE_SIDES, split } from '../layout.ts';
import { count, mebibytes, milliseconds } from '../text/figures.ts';
import { duration, msOf } from '../text/times.ts';
import { columnChart } from '../widget/column-chart.ts';
import { line, span, type Line } from '../widget/line.ts';
import { hasFocus, listPane, type Extent, type ListSpec } from '../widget/list-pane.ts';
import { byText, type Column } from '../widget/table.ts';
import type { Performance } from '../../src/api/contract/performance.ts';
import type { Pane, Screen } from './screen.ts';

type MessageMeasure = Performance['messages'][number];
type CommandMeasure = Performance['commands'][number];
type RouteMeasure = Performance['api'][number];
type Uptime = Performance['chargers'][number];

const FIRST_PANE = 'messages';
/** An event loop that is held up for longer delays every charger. */
const LATE_MS = 100;
/** A disk that takes longer holds up every answer to a transaction message. */
const SLOW_DISK_MS = 250;
const CONNECTED_ENOUGH_PERCENT = 99;

const NO_MESSAGES: readonly MessageMeasure[] = [];
const NO_COMMANDS: readonly CommandMeasure[] = [];
const NO_ROUTES: readonly RouteMeasure[] = [];

interface Timed {
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

function timeColumn<R>(title: string, timeOf: (row: R) => number | null, dropOrder?: number): Column<R> {
  return {
    ...{ title, width: 9, align: 'right' },
    ...(dropOrder === undefined ? {} : { dropOrder }),
    cell: (row) => milliseconds(timeOf(row)),
    compare: (a, b) => (timeOf(b) ?? -1) - (timeOf(a) ?? -1),
  };
}

function countColumn<R extends { readonly count: number }>(): Column<R> {
  return {
    ...{ title: 'Count', width: 9, align: 'right' },
    cell: (row) => count(row.count),
    compare: (a, b) => b.count - a.count,
  };
}

/** Of these, some went wrong. */
function failedColumn<R>(title: string, failedOf: (row: R) => number): Column<R> {
  return {
    ...{ title, width: 7, align: 'right', dropOrder: 1 },
    cell: (row) => span(count(failedOf(row)), failedOf(row) > 0 ? 'warning' : 'secondary'),
    compare: (a, b) => failedOf(b) - failedOf(a),
  };
}

const half = <R extends Timed>() => timeColumn<R>('Half in', ({ p50Ms }) => p50Ms, 2);
const most = <R extends Timed>() => timeColumn<R>('95 % in', ({ p95Ms }) => p95Ms);

const nothingYet = (text: string) => (): readonly Line[] => [line(), line(span(`  ${text}`, 'secondary'))];

const messageList: ListSpec<MessageMeasure> = {
  pane: FIRST_PANE,
  title: 'Messages of chargers',
  noun: 'kind',
  rows: ({ snapshot }) => snapshot.performance?.messages ?? NO_MESSAGES,
  idOf: ({ action }) => action,
  empty: nothingYet('No message since the server started.'),
  columns: (): readonly Column<MessageMeasure>[] => [
    { title: 'Message', width: 18, maxWidth: 34, cell: ({ action }) => action },
    countColumn(),
    failedColumn('Errors', ({ errors }) => errors),
    half(),
    most(),
    timeColumn('Slowest', ({ maxMs }) => maxMs, 3),
  ],
};

const commandList: ListSpec<CommandMeasure> = {
  pane: 'commands',
  title: 'Commands to chargers',
  noun: 'kind',
  rows: ({ snapshot }) => snapshot.performance?.commands ?? NO_COMMANDS,
  idOf: ({ action }) => action,
  empty: nothingYet('No command since the server started.'),
  columns: (): readonly Column<CommandMeasure>[] => [
    { title: 'Command', width: 16, maxWidth: 30, cell: ({ action }) => action },
    countColumn(),
    failedColumn('Failed', ({ failed }) => failed),
    half(),
    most(),
  ],
};

const routeList: ListSpec<RouteMeasure> = {
  pane: 'api',
  title: 'Requests to the API',
  noun: 'path',
  rows: ({ snapshot }) => snapshot.performance?.api ?? NO_ROUTES,
  idOf: ({ route }) => route,
  empty: nothingYet('No request since the server started.'),
  columns: (): readonly Column<RouteMeasure>[] => [
    { title: 'Request', width: 20, maxWidth: 44, cell: ({ route }) => route },
    countColumn(),
    half(),
    most(),
  ],
};

const uptimeList: ListSpec<Uptime> = {
  pane: 'uptime',
  title: 'Connected, last 24 h',
  noun: 'charger',
  order: 'least connected first',
  rows: ({ snapshot }) => leastConnectedFirst(snapshot.performance),
  idOf: ({ chargerId }) => chargerId,
  empty: nothingYet('No charger has connected yet.'),
  columns: (): readonly Column<Uptime>[] => [
    {
      ...{ title: 'Charger', width: 14, maxWidth: 30 },
      cell: ({ chargerId }) => chargerId,
      compare: (a, b) => byText(a.chargerId, b.chargerId),
    },
    {
      ...{ title: 'Connected', width: 9, align: 'right' },
      cell: ({ uptimePercent }) =>
        span(`${uptimePercent.toFixed(1)} %`, uptimePercent < CONNECTED_ENOUGH_PERCENT ? 'warning' : 'plain'),
    },
  ],
};

const leastConnectedFirst = remembered((measures: Performance | null): readonly Uptime[] =>
  (measures?.chargers ?? []).toSorted(
    (a, b) => a.uptimePercent - b.uptimePercent || byText(a.chargerId, b.chargerId),
  ),
);

function bands(world: World): readonly (readonly Pane[])[] {
  const { columns, rows } = bodySize(world.size);
  const pane = <R>(list: ListSpec<R>, width: number, height: number) =>
    listPane(world, list, { width, height }, hasFocus(world, list.pane, FIRST_PANE));
  const figuresHeight = isTall(world.size) ? 11 : Math.min(9, rows - 6);
  // Figures cannot do with less width, a chart can.
  const [left = 0, right = 0] = split(columns, isNarrow(world.size) ? [1, 2] : [1, 1]);
  const figures = [
    minutesPane(world, { width: left, height: figuresHeight }),
    factsPane(world, { width: right, height: figuresHeight }),
  ];
  const rest = rows - figuresHeight;
  if (!isTall(world.size)) {
    // One list at a time fits beside another; Tab goes on to the others where there is width for two.
    if (!isWide(world.size)) return [figures, [pane(messageList, columns, rest)]];
    return [figures, [pane(messageList, left, rest), pane(uptimeList, right, rest)]];
  }
  const [upper = 0, lower = 0] = split(rest, [1, 1]);
  if (!isWide(world.size))
    return [figures, [pane(messageList, columns, upper)], [pane(uptimeList, columns, lower)]];
  return [
    figures,
    [pane(messageList, left, upper), pane(commandList, right, upper)],
    [pane(routeList, left, lower), pane(uptimeList, right, lower)],
  ];
}

function minutesPane(world: World, extent: Extent): Pane {
  const counts = (world.snapshot.performance?.messagesPerMinute ?? []).map((minute) => minute.count);
  const height = extent.height - PANE_BORDERS;
  const last = counts.at(-1);
  const isSlim = isNarrow(world.size);
  const now =
    last === undefined
      ? span('no full minute yet', 'secondary')
      : span(`${count(last)} ${isSlim ? 'a minute' : 'in the last minute'}`, 'strong');
  const peak = counts.length > 1 ? span(`   ${count(Math.max(...counts))} at most`, 'secondary') : '';
  const size = { width: extent.width - PANE_SIDES, height: height - 1 };
  const chart = columnChart(counts, { ...size, glyphs: world.theme.glyphs, scale: count });
  return {
    ...{ id: 'minutes', title: isSlim ? 'Messages' : 'Messages, last 60 min', ...extent, list: null },
    lines: [line(now, peak), ...chart].slice(0, height),
  };
}

function factsPane(world: World, extent: Extent): Pane {
  const { performance } = world.snapshot;
  const room = extent.width - PANE_SIDES - FACT_NAME_WIDTH;
  const lines = performance ? factLines(world, performance, room) : [line(span('reading', 'secondary'))];
  return {
    ...{ id: 'facts', title: 'Server', ...extent, list: null },
    lines: lines.slice(0, extent.height - PANE_BORDERS),
  };
}

const FACT_NAME_WIDTH = 13;

function factLines({ nowMs }: World, measures: Performance, room: number): readonly Line[] {
  const { since, journal, eventLoop, transactions, meter, forward } = measures;
  const fact = (name: string, value: string, isBad = false) =>
    line(span(name.padEnd(FACT_NAME_WIDTH), 'secondary'), span(value, isBad ? 'warning' : 'plain'));
  const both = ({ p50Ms, p95Ms }: Omit<Timed, 'count'>) =>
    `${milliseconds(p50Ms)}, ${milliseconds(p95Ms)} at 95 %`;
  const percent = transactions.successPercent;
  const usually = `${milliseconds(eventLoop.p99Ms)} at 99 %`;
  const late = `${usually}, ${milliseconds(eventLoop.maxMs)} at most`;
  return [
    fact('disk', both(journal), (journal.p95Ms ?? 0) > SLOW_DISK_MS),
    fact('meter values', both(meter)),
    fact('event loop', late.length <= room ? late : usually, eventLoop.p99Ms > LATE_MS),
    fact('program', `${measures.cpuPercent.toFixed(0)} % of a core, ${mebibytes(measures.memoryBytes)}`),
    fact(
      'sessions',
      percent === null
        ? `${count(transactions.started)} started`
        : `${count(transactions.started)}, ${percent.toFixed(1)} % ended well`,
    ),
    fact('running', `for ${duration(nowMs - (msOf(since) ?? nowMs))}`),
    ...(forward === null
      ? []
      : [
          fact(
            'forwarding',
            `${count(forward.queued)} waiting${forward.lastError === null ? '' : `: ${forward.lastError}`}`,
            forward.lastError !== null,
          ),
        ]),
  ];
}

export const performance: Screen = {
  id: 'performance',
  tab: { key: '7', title: 'Performance', short: 'Perf' },
  under: 'performance',
  name: 'Performance',
  bands,
  bindings: [],
};
