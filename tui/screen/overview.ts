// The site at a glance: power and energy, what needs a person, whose quota ends, who charges.
import { accountsByShare, type Account } from '../data/accounts.ts';
import { attention, type Attention } from '../data/attention.ts';
import { rowId, runningSessions } from '../data/connectors.ts';
import { sessionKey } from '../data/snapshot.ts';
import type { World } from '../desk/desk.ts';
import { goTo } from '../desk/ui-state.ts';
import { bodySize, isTall, isWide, PANE_BORDERS, split } from '../layout.ts';
import { kwh, percent } from '../text/figures.ts';
import { duration } from '../text/times.ts';
import { bar } from '../widget/bar.ts';
import { line, span } from '../widget/line.ts';
import { hasFocus, listPane, selectedRow, type Extent, type ListSpec } from '../widget/list-pane.ts';
import type { Column } from '../widget/table.ts';
import type { Session } from '../../src/api/contract/sessions.ts';
import { goToCharger } from '../action/go-to-charger.ts';
import { askStop } from '../action/session-actions.ts';
import { accountSignColumn } from './account-columns.ts';
import { firstChargerLines } from './first-charger.ts';
import { logLines } from './log-lines.ts';
import { energyPane, powerPane } from './overview-charts.ts';
import {
  chargerColumn,
  durationColumn,
  energyColumn,
  idColumn,
  leftColumn,
  powerColumn,
  signColumn,
  statusColumn,
  stopsAtColumn,
  userColumn,
} from './session-columns.ts';
import type { Pane, Screen } from './screen.ts';

const FIRST_PANE = 'charging';

const attentionList: ListSpec<Attention> = {
  pane: 'attention',
  title: 'Needs attention',
  noun: 'item',
  isBare: true,
  rows: ({ snapshot, nowMs }) => attention(snapshot, nowMs),
  idOf: ({ id }) => id,
  empty: ({ theme }) => [line(), line(span(`  ${theme.glyphs.done} `, 'ok'), 'Nothing needs attention.')],
  open: (desk, { place }) => goTo(desk, place),
  columns: ({ theme, nowMs, times }): readonly Column<Attention>[] => [
    { title: '', width: 1, cell: ({ glyph, role }) => span(theme.glyphs[glyph], role) },
    { title: 'Who', width: 16, maxWidth: 24, cell: ({ who }) => who },
    { title: 'What', width: 20, fills: true, cell: ({ what }) => what },
    {
      title: 'When',
      width: 9,
      align: 'right',
      dropOrder: 1,
      cell: ({ sinceMs, untilMs }) => {
        if (untilMs !== null) return `to ${times.minute(untilMs)}`;
        return sinceMs === null ? '' : duration(nowMs - sinceMs);
      },
    },
  ],
};

const quotaList: ListSpec<Account> = {
  pane: 'quota',
  title: 'Closest to quota',
  noun: 'account',
  isBare: true,
  rows: ({ snapshot }) => accountsByShare(snapshot),
  idOf: ({ id }) => id,
  empty: () => [line(), line(span('  No users yet: 4, then n adds one.', 'secondary'))],
  open: (desk, { id }) => goTo(desk, { screen: 'user', subject: id }),
  columns: (world): readonly Column<Account>[] => [
    accountSignColumn(world),
    { title: 'User', width: 12, maxWidth: 24, cell: ({ name }) => name },
    {
      title: 'Used',
      width: 10,
      fills: true,
      dropOrder: 1,
      cell: ({ share, limitWh }, width) => (limitWh === null ? '' : bar(share, width, world.theme.glyphs)),
    },
    {
      title: '%',
      width: 6,
      align: 'right',
      cell: ({ share, limitWh }) => (limitWh === null ? '' : percent(share)),
    },
    {
      title: 'Left',
      width: 10,
      align: 'right',
      cell: ({ leftWh }) => (leftWh === null ? 'no limit' : kwh(leftWh)),
    },
  ],
};

const chargingList: ListSpec<Session> = {
  pane: 'charging',
  title: 'Charging now',
  noun: 'session',
  rows: ({ snapshot }) => runningSessions(snapshot),
  idOf: sessionKey,
  empty: (world) =>
    world.snapshot.chargers?.length === 0
      ? firstChargerLines(world)
      : [line(), line(span('  Nobody charges now.', 'secondary'))],
  open: (desk, { chargerId, connectorId }) => goToCharger(desk, chargerId, rowId(chargerId, connectorId)),
  columns: (world): readonly Column<Session>[] => [
    signColumn(world),
    { ...idColumn, dropOrder: 5 },
    chargerColumn,
    { ...userColumn, fills: true },
    { ...statusColumn, dropOrder: 4 },
    powerColumn,
    energyColumn,
    { ...leftColumn, dropOrder: 1 },
    { ...durationColumn(world), dropOrder: 2 },
    { ...stopsAtColumn(world), dropOrder: 3 },
  ],
};

function bands(world: World): readonly (readonly Pane[])[] {
  const { columns, rows } = bodySize(world.size);
  const focused = (pane: string) => hasFocus(world, pane, FIRST_PANE);
  const [left = 0, right = 0] = split(columns, [1, 1]);
  const isWithLog = isTall(world.size);
  const chartHeight = isWithLog ? 9 : rows >= 18 ? 5 : 4;
  const shares = isWithLog ? [4, 4, 3] : [3, 4];
  const [shareOfAttention = 0, shareOfCharging = 0, logHeight = 0] = split(rows - chartHeight, shares);
  const attentionHeight = isWithLog
    ? shareOfAttention
    : attentionRows(world, shareOfAttention, shareOfCharging);
  const chargingHeight = shareOfAttention + shareOfCharging - attentionHeight;
  const at = (width: number, height: number) => ({ width, height });
  return [
    [powerPane(world, at(left, chartHeight)), energyPane(world, at(right, chartHeight))],
    isWide(world.size)
      ? [
          listPane(world, attentionList, at(left, attentionHeight), focused('attention')),
          listPane(world, quotaList, at(right, attentionHeight), focused('quota')),
        ]
      : [listPane(world, attentionList, at(columns, attentionHeight), focused('attention'))],
    [listPane(world, chargingList, at(columns, chargingHeight), focused('charging'))],
    ...(isWithLog ? [[logPane(world, at(columns, logHeight))]] : []),
  ];
}

/** Its share, and of the other one's what that does not need; where nothing is wrong, one line says so. */
function attentionRows(world: World, share: number, others: number): number {
  const wanted = Math.max(1, attentionList.rows(world).length) + PANE_BORDERS;
  const least = world.snapshot.chargers?.length === 0 ? LINES_OF_FIRST_START : LINES_WHERE_NOBODY;
  const charging = Math.max(least, chargingList.rows(world).length + HEADING) + PANE_BORDERS;
  return Math.min(wanted, share + Math.max(0, others - charging));
}

const HEADING = 1;
/** What is said where no charger has ever connected, and where nobody charges. */
const LINES_OF_FIRST_START = 4;
const LINES_WHERE_NOBODY = 2;

function logPane(world: World, extent: Extent): Pane {
  const shown = world.snapshot.log
    .filter(({ level }) => level !== 'debug')
    .slice(PANE_BORDERS - extent.height);
  const none = [line(), line(span('  Nothing has been logged yet.', 'secondary'))];
  const lines = shown.length > 0 ? logLines(world, shown) : none;
  return { id: 'log', title: 'Log  following', ...extent, lines, list: null };
}

export const overview: Screen = {
  id: 'overview',
  tab: { key: '1', title: 'Overview', short: 'Over' },
  under: 'overview',
  name: 'Overview',
  firstPane: FIRST_PANE,
  bands,
  bindings: [
    {
      keys: ['x'],
      label: 'stop the selected session',
      hint: 'stop session',
      role: 'operator',
      blocked: (world) => (selectedRow(world, chargingList) === null ? 'nobody charges now' : null),
      run: (desk) => {
        const session = selectedRow(desk.world(), chargingList);
        if (session) askStop(desk, session);
      },
    },
  ],
};
