// Sessions: those that run first, then the newest; all, those that run, or those of a month. Older ones are read as one goes down.
import type { Session } from '../../src/api/contract/sessions.ts';
import { askExport } from '../action/export-sessions.ts';
import { askMonth } from '../action/pick-month.ts';
import { runningSessions } from '../data/connectors.ts';
import { hasOlder, rowsWithMore, RUNNING_ONLY, sessionsShown } from '../data/past-sessions.ts';
import { sessionKey } from '../data/snapshot.ts';
import type { World } from '../desk/desk.ts';
import { goTo, placeOf, withPart, withRows } from '../desk/ui-state.ts';
import { bodySize, isTall, PANE_SIDES } from '../layout.ts';
import { line, span, type Line } from '../widget/line.ts';
import { hasFocus, listPane, selectedRow, type Extent, type ListSpec } from '../widget/list-pane.ts';
import type { Column } from '../widget/table.ts';
import {
  chargerColumn,
  durationColumn,
  endColumn,
  idColumn,
  kwColumn,
  kwhColumn,
  leftKwhColumn,
  signColumn,
  startColumn,
  userColumn,
} from './session-columns.ts';
import { briefLines } from './session-facts.ts';
import { sessionKeys } from './session-keys.ts';
import type { Pane, Screen } from './screen.ts';

/** Only those that run, one month, or (empty) all. */
function partOf({ ui }: World): string {
  return placeOf(ui).subject ?? '';
}

function isMonthShown(world: World): boolean {
  return partOf(world) !== '' && partOf(world) !== RUNNING_ONLY;
}

const sessionList: ListSpec<Session> = {
  pane: 'sessions',
  title: 'Sessions',
  noun: 'session',
  order: 'newest',
  rows(world) {
    const part = partOf(world);
    return part === RUNNING_ONLY ? runningSessions(world.snapshot) : sessionsShown(world.snapshot, part);
  },
  idOf: sessionKey,
  empty: noSessions,
  open: (desk, session) => goTo(desk, { screen: 'session', subject: sessionKey(session) }),
  more(world) {
    const { past } = world.snapshot;
    if (past?.month !== partOf(world) || !hasOlder(past)) return null;
    return (desk) => desk.update((ui) => withRows(ui, rowsWithMore(past)));
  },
  columns: (world): readonly Column<Session>[] => [
    signColumn(world),
    { ...idColumn, title: 'Id', dropOrder: 5 },
    { ...userColumn, width: 12 },
    { ...chargerColumn, width: 14 },
    startColumn(world, isMonthShown(world)),
    { ...durationColumn(world), dropOrder: 4 },
    kwhColumn,
    { ...kwColumn, dropOrder: 2 },
    { ...leftKwhColumn, dropOrder: 1 },
    { ...endColumn(world), fills: true, dropOrder: 3 },
  ],
};

function noSessions(world: World): readonly Line[] {
  const { theme, times, snapshot } = world;
  const part = partOf(world);
  const isRead = part === RUNNING_ONLY ? snapshot.sessions !== null : snapshot.past?.month === part;
  if (!isRead) return [line(), line(span(`  ${theme.glyphs.working} loading`, 'secondary'))];
  if (part === RUNNING_ONLY)
    return [
      line(),
      line('  Nobody charges now.'),
      line(span('  o shows those that have ended.', 'secondary')),
    ];
  if (part !== '')
    return [
      line(),
      line(`  No session in ${times.month(part)}.`),
      line(span('  m looks at another month, Esc at all.', 'secondary')),
    ];
  return [
    line(),
    line('  No session so far.'),
    line(
      span(
        '  One begins when a card is shown at a charger; b on a charger begins one from here.',
        'secondary',
      ),
    ),
  ];
}

/** From here on there is room for the selected session under the list. */
const ROWS_WITH_DETAILS = 18;
const DETAILS_ROWS = 6;
const DETAILS_ROWS_TALL = 8;

function bands(world: World): readonly (readonly Pane[])[] {
  const { columns: width, rows } = bodySize(world.size);
  const below = rows < ROWS_WITH_DETAILS ? 0 : isTall(world.size) ? DETAILS_ROWS_TALL : DETAILS_ROWS;
  const list = { ...sessionList, title: titleOf(world) };
  const isFocused = hasFocus(world, list.pane, list.pane);
  return [
    [listPane(world, list, { width, height: rows - below }, isFocused)],
    ...(below === 0 ? [] : [[detailsPane(world, { width, height: below })]]),
  ];
}

function titleOf(world: World): string {
  const part = partOf(world);
  if (part === '') return 'Sessions';
  return part === RUNNING_ONLY ? 'Sessions that run' : `Sessions of ${world.times.month(part)}`;
}

function detailsPane(world: World, extent: Extent): Pane {
  const session = selectedRow(world, sessionList);
  const title = session === null ? 'Session' : `Session ${session.transactionId}`;
  const lines = session === null ? [] : briefLines(world, session, extent.width - PANE_SIDES);
  return { id: 'details', title, ...extent, lines, list: null };
}

const [stopKey, ...otherKeys] = sessionKeys((world) => selectedRow(world, sessionList));

export const sessions: Screen = {
  id: 'sessions',
  tab: { key: '3', title: 'Sessions', short: 'Sess' },
  under: 'sessions',
  name: 'Sessions',
  bands,
  bindings: [
    ...(stopKey ? [stopKey] : []),
    {
      ...{ keys: ['o'], label: 'only those that run, or all', hint: 'only running' },
      run: (desk) =>
        desk.update((ui) => withPart(ui, placeOf(ui).subject === RUNNING_ONLY ? null : RUNNING_ONLY)),
    },
    { keys: ['m'], label: 'those of a month', hint: 'month', run: askMonth },
    { keys: ['E'], label: 'write them to a CSV file', hint: 'export', run: askExport },
    ...otherKeys,
  ],
};
