// The log of the server, the newest last; it goes on by itself until somebody moves away from its end.
import { LOG_PANE } from '../action/go-to-log.ts';
import type { LogLine } from '../../src/api/contract/logs.ts';
import type { Desk, World } from '../desk/desk.ts';
import { listOf, withChoice, withList } from '../desk/ui-state.ts';
import { openPage } from '../dialog/page.ts';
import { setFilter } from '../dialog/filter.ts';
import type { Binding } from '../keys/binding.ts';
import { bodySize } from '../layout.ts';
import { msOf } from '../text/times.ts';
import type { Role } from '../theme/role.ts';
import { line, span } from '../widget/line.ts';
import { listPane, selectedRow, shownRows, type ListSpec } from '../widget/list-pane.ts';
import type { Column } from '../widget/table.ts';
import { remembered } from '../data/memo.ts';
import type { Screen } from './screen.ts';

const LEVEL = 'log/level';
const READINGS = 'log/readings';
const HIDDEN = 'hidden';

/** As grave as this, or graver; what is not chosen is everything. */
const LEVELS = ['warn', 'error'] as const;
const GRAVITY: readonly LogLine['level'][] = ['debug', 'info', 'warn', 'error'];

const ROLES: Readonly<Record<LogLine['level'], Role>> = {
  debug: 'secondary',
  info: 'plain',
  warn: 'warning',
  error: 'danger',
};

const chosen = remembered(
  (
    lines: readonly LogLine[],
    level: string | undefined,
    readings: string | undefined,
  ): readonly LogLine[] => {
    if (level === undefined && readings === undefined) return lines;
    const least = level === 'error' || level === 'warn' ? GRAVITY.indexOf(level) : 0;
    return lines.filter(
      (one) => GRAVITY.indexOf(one.level) >= least && (readings !== HIDDEN || one.tag !== 'METER'),
    );
  },
);

const logList: ListSpec<LogLine> = {
  pane: LOG_PANE,
  title: 'Log',
  noun: 'line',
  isBare: true,
  isFollowing: true,
  rows: ({ snapshot, ui }) => chosen(snapshot.log, ui.choices[LEVEL], ui.choices[READINGS]),
  idOf: ({ seq }) => String(seq),
  empty: ({ snapshot }) => [
    line(),
    line(
      span(
        snapshot.log.length === 0 ? '  Nothing has been logged yet.' : '  No line is as grave as that.',
        'secondary',
      ),
    ),
  ],
  open: (desk, one) => openPage(desk, { title: `${one.level} ${one.tag}`, text: pageOf(desk, one) }),
  columns: ({ times }): readonly Column<LogLine>[] => [
    { title: 'Time', width: 8, cell: ({ at }) => span(times.clock(msOf(at) ?? 0), 'secondary') },
    { title: 'Level', width: 5, cell: ({ level }) => span(levelText(level), ROLES[level]) },
    { title: 'Tag', width: 11, dropOrder: 2, cell: ({ tag }) => span(tag, 'secondary') },
    {
      ...{ title: 'Charger', width: 12, maxWidth: 20, dropOrder: 1 },
      cell: ({ charger }) => charger ?? '',
    },
    { title: 'Message', width: 20, fills: true, cell: (one) => span(textOf(one), ROLES[one.level]) },
  ],
};

/** What is wrong is told by more than its colour. */
function levelText(level: LogLine['level']): string {
  return level === 'warn' || level === 'error' ? level.toUpperCase() : level;
}

/** The sentence and its fields on one line. */
function textOf({ message, fields }: LogLine): string {
  const all = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return [message, ...all].join(' ');
}

/** All of it on one line, as the log file has it. */
function pagerLine({ times }: World, one: LogLine): string {
  const charger = one.charger === null ? '' : ` charger=${one.charger}`;
  return `${times.full(msOf(one.at) ?? 0)} ${levelText(one.level).padEnd(5)} [${one.tag}] ${textOf(one)}${charger}`;
}

function pageOf(desk: Desk, { at, charger, message, fields }: LogLine): string[] {
  const when = desk.world().times.full(msOf(at) ?? 0);
  const all = charger === null ? fields : { charger, ...fields };
  const width = Math.max(0, ...Object.keys(all).map((name) => name.length));
  return [
    message,
    '',
    ...Object.entries(all).map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    '',
    when,
  ];
}

/** With what is left out. */
function titleOf({ ui }: World): string {
  const level = ui.choices[LEVEL];
  return [
    'Log',
    ...(level === undefined ? [] : [level === 'error' ? 'errors only' : 'warnings and errors']),
    ...(ui.choices[READINGS] === HIDDEN ? ['no readings'] : []),
  ].join(', ');
}

function nextLevel(level: string | undefined): string | null {
  return LEVELS[LEVELS.findIndex((one) => one === level) + 1] ?? null;
}

const bindings: readonly Binding[] = [
  {
    keys: ['f'],
    label: 'follow: go to the newest line, and on with it',
    hint: 'follow',
    blocked: ({ ui }) => (listOf(ui, logList.pane).selectedId === null ? 'it follows already' : null),
    run: (desk) =>
      desk.update((ui) => withList(ui, logList.pane, { ...listOf(ui, logList.pane), selectedId: null })),
  },
  {
    keys: ['v'],
    label: 'all lines, warnings and errors, errors only',
    hint: 'level',
    run: (desk) => desk.update((ui) => withChoice(ui, LEVEL, nextLevel(ui.choices[LEVEL]))),
  },
  {
    keys: ['M'],
    label: 'leave out readings of meters, or show them',
    hint: 'readings',
    run: (desk) =>
      desk.update((ui) => withChoice(ui, READINGS, ui.choices[READINGS] === HIDDEN ? null : HIDDEN)),
  },
  {
    keys: ['P'],
    label: 'read these lines in your pager ($PAGER)',
    hint: 'pager',
    blocked: (world) => (shownRows(world, logList).length === 0 ? 'there is no line to read' : null),
    run: (desk) => {
      const world = desk.world();
      desk.page(shownRows(world, logList).map((one) => pagerLine(world, one)));
    },
  },
  {
    keys: ['o'],
    label: 'only lines of the charger of this one, or of all again',
    hint: 'only this charger',
    blocked: (world) =>
      isFiltered(world) || (selectedRow(world, logList)?.charger ?? null) !== null
        ? null
        : 'this line is about no charger',
    run: (desk) => {
      const world = desk.world();
      const charger = selectedRow(world, logList)?.charger ?? '';
      setFilter(desk, logList.pane, isFiltered(world) ? '' : `charger:${charger}`);
    },
  },
];

function isFiltered({ ui }: World): boolean {
  return listOf(ui, logList.pane).filter.startsWith('charger:');
}

export const log: Screen = {
  id: 'log',
  tab: { key: '5', title: 'Log', short: 'Log' },
  under: 'log',
  name: 'Log',
  bands(world) {
    const { columns: width, rows: height } = bodySize(world.size);
    return [[listPane(world, { ...logList, title: titleOf(world) }, { width, height }, true)]];
  },
  bindings,
};
