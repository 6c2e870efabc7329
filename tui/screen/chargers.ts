// All connectors, those first that need somebody; with the details of the selected one beside them where there is room.
import { goToCharger } from '../action/go-to-charger.ts';
import { connectorRows, sessionUser, type ConnectorRow } from '../data/connectors.ts';
import type { World } from '../desk/desk.ts';
import { bodySize, isWide, split } from '../layout.ts';
import { kw, kwh } from '../text/figures.ts';
import { shortDuration } from '../text/times.ts';
import { statusLook } from '../theme/status.ts';
import { line, span, type Line } from '../widget/line.ts';
import { hasFocus, listPane, selectedRow, type ListSpec } from '../widget/list-pane.ts';
import { byText, type Column } from '../widget/table.ts';
import { chargerPane } from './charger-pane.ts';
import { firstChargerLines } from './first-charger.ts';
import type { Pane, Screen } from './screen.ts';
import { targetKeys } from './target-keys.ts';

const connectorList: ListSpec<ConnectorRow> = {
  pane: 'connectors',
  title: 'Chargers',
  noun: 'connector',
  order: 'status',
  rows: ({ snapshot }) => connectorRows(snapshot),
  idOf: ({ id }) => id,
  empty: firstStart,
  open: (desk, { charger, id }) => goToCharger(desk, charger.id, id),
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
      width: 14,
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
      fills: true,
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
function firstStart(world: World): readonly Line[] {
  const { snapshot, theme } = world;
  if (snapshot.chargers === null)
    return [line(), line(span(`  ${theme.glyphs.working} loading`, 'secondary'))];
  return [line(), ...firstChargerLines(world)];
}

const keys = targetKeys((world) => selectedRow(world, connectorList));

function bands(world: World): readonly (readonly Pane[])[] {
  const { columns, rows } = bodySize(world.size);
  const isFocused = hasFocus(world, connectorList.pane, connectorList.pane);
  if (!isWide(world.size))
    return [[listPane(world, connectorList, { width: columns, height: rows }, isFocused)]];
  const [left = 0, right = 0] = split(columns, [2, 1]);
  return [
    [
      listPane(world, connectorList, { width: left, height: rows }, isFocused),
      chargerPane(world, selectedRow(world, connectorList), keys, { width: right, height: rows }),
    ],
  ];
}

export const chargers: Screen = {
  id: 'chargers',
  tab: { key: '2', title: 'Chargers', short: 'Chargers' },
  under: 'chargers',
  name: 'Chargers',
  bands,
  bindings: keys,
};
