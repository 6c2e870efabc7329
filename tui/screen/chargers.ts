// All connectors, those first that need somebody; with the details of the selected one beside them where there is room.
import { askAvailability, askReset, askUnlock, type Target } from '../action/charger-actions.ts';
import { askStart, askStop } from '../action/session-actions.ts';
import { connectorRows, sessionUser, type ConnectorRow } from '../data/connectors.ts';
import type { Desk, World } from '../desk/desk.ts';
import { goTo } from '../desk/ui-state.ts';
import type { Binding } from '../keys/binding.ts';
import { bodySize, isWide, split } from '../layout.ts';
import { kw, kwh } from '../text/figures.ts';
import { shortDuration } from '../text/times.ts';
import { statusLook } from '../theme/status.ts';
import { line, span, type Line } from '../widget/line.ts';
import { hasFocus, listPane, selectedRow, type ListSpec } from '../widget/list-pane.ts';
import { byText, type Column } from '../widget/table.ts';
import { chargerPane } from './charger-pane.ts';
import type { Pane, Screen } from './screen.ts';

const connectorList: ListSpec<ConnectorRow> = {
  pane: 'connectors',
  title: 'Chargers',
  noun: 'connector',
  order: 'status',
  rows: ({ snapshot }) => connectorRows(snapshot),
  idOf: ({ id }) => id,
  empty: firstStart,
  open: (desk, { charger }) => goTo(desk, { screen: 'charger', subject: charger.id }),
  columns: connectorColumns,
};

function connectorColumns({ theme, nowMs }: World): readonly Column<ConnectorRow>[] {
  const power = ({ session }: ConnectorRow) => session?.powerW ?? null;
  return [
    {
      title: '',
      width: 1,
      cell: ({ status }) => span(theme.glyphs[statusLook(status).glyph], statusLook(status).role),
    },
    {
      title: 'Charger',
      width: 16,
      maxWidth: 28,
      cell: ({ charger, connectorId }) =>
        connectorId === null ? charger.id : `${charger.id} ${connectorId}`,
      compare: (a, b) => byText(a.charger.id, b.charger.id) || (a.connectorId ?? 0) - (b.connectorId ?? 0),
    },
    {
      title: 'Status',
      width: 13,
      cell: ({ status }) => span(status, statusLook(status).role),
      compare: (a, b) => statusLook(a.status).order - statusLook(b.status).order,
    },
    {
      title: 'User',
      width: 8,
      maxWidth: 24,
      cell: ({ session }) => (session === null ? '' : sessionUser(session)),
      compare: (a, b) =>
        byText(a.session ? sessionUser(a.session) : '~', b.session ? sessionUser(b.session) : '~'),
    },
    {
      title: 'Power',
      width: 8,
      align: 'right',
      dropOrder: 1,
      cell: (row) => (power(row) === null ? '' : kw(power(row) ?? 0)),
      compare: (a, b) => (power(b) ?? -1) - (power(a) ?? -1),
    },
    {
      title: 'Session',
      width: 9,
      align: 'right',
      dropOrder: 2,
      cell: ({ session }) => (session === null ? '' : kwh(session.energyWh)),
      compare: (a, b) => (b.session?.energyWh ?? -1) - (a.session?.energyWh ?? -1),
    },
    {
      title: 'Since',
      width: 6,
      align: 'right',
      dropOrder: 3,
      cell: ({ sinceMs }) => (sinceMs === null ? '' : shortDuration(nowMs - sinceMs)),
      compare: (a, b) => (b.sinceMs ?? 0) - (a.sinceMs ?? 0),
    },
  ];
}

/** Nobody has ever connected: what to do about it. */
function firstStart({ snapshot, facts, theme }: World): readonly Line[] {
  if (snapshot.chargers === null)
    return [line(), line(span(`  ${theme.glyphs.working} loading`, 'secondary'))];
  const refused = snapshot.unknownTags.length;
  return [
    line(),
    line('  No charger has connected yet.'),
    line(),
    line('  Point your chargers at'),
    line(
      span(`      ${facts.chargersUrl ?? 'ws://THIS_PC:9000'}/CHARGER_ID`, 'strong'),
      '   subprotocol ocpp1.6',
    ),
    line(),
    line(
      span(
        refused > 0
          ? `  Unknown cards shown: ${refused}`
          : '  kwota doctor says what this machine is called in the network.',
        'secondary',
      ),
    ),
  ];
}

/** Keys for the connector that `targetOf` finds; the same on every screen that has one. */
export function targetKeys(targetOf: (world: World) => Target | null): readonly Binding[] {
  const on = (run: (desk: Desk, target: Target) => void) => (desk: Desk) => {
    const target = targetOf(desk.world());
    if (target) run(desk, target);
  };
  const offline = (world: World) => {
    const target = targetOf(world);
    if (target === null) return 'no charger is selected';
    return target.charger.isConnected ? null : `${target.charger.id} is offline`;
  };
  return [
    {
      keys: ['x'],
      label: 'stop the session',
      hint: 'stop',
      role: 'operator',
      blocked: (world) => (targetOf(world)?.session ? null : 'no session runs here'),
      run: on((desk, { session }) => session && askStop(desk, session)),
    },
    {
      keys: ['b'],
      label: 'start a session for somebody',
      hint: 'start',
      role: 'operator',
      blocked: (world) => offline(world) ?? (targetOf(world)?.session ? 'a session runs here already' : null),
      run: on((desk, { charger, connectorId }) => askStart(desk, charger.id, connectorId)),
    },
    {
      keys: ['u'],
      label: 'unlock the connector',
      hint: 'unlock',
      role: 'operator',
      blocked: offline,
      run: on(askUnlock),
    },
    {
      keys: ['r'],
      label: 'reset the charger',
      hint: 'reset',
      role: 'operator',
      blocked: offline,
      run: on(askReset),
    },
    {
      keys: ['a'],
      label: 'take it out of service, or back',
      hint: 'availability',
      role: 'operator',
      blocked: offline,
      run: on(askAvailability),
    },
  ];
}

function bands(world: World): readonly (readonly Pane[])[] {
  const { columns, rows } = bodySize(world.size);
  const isFocused = hasFocus(world, connectorList.pane, connectorList.pane);
  if (!isWide(world.size))
    return [[listPane(world, connectorList, { width: columns, height: rows }, isFocused)]];
  const [left = 0, right = 0] = split(columns, [5, 3]);
  return [
    [
      listPane(world, connectorList, { width: left, height: rows }, isFocused),
      chargerPane(world, selectedRow(world, connectorList), { width: right, height: rows }),
    ],
  ];
}

export const chargers: Screen = {
  id: 'chargers',
  tab: { key: '2', title: 'Chargers', short: 'Chargers' },
  under: 'chargers',
  name: 'Chargers',
  bands,
  bindings: targetKeys((world) => selectedRow(world, connectorList)),
};
