// One charger: its facts and connectors, what can be done to it, and what it and the server say to each other.
import { rowsOfCharger, runningSessions, type ConnectorRow } from '../data/connectors.ts';
import type { World } from '../desk/desk.ts';
import { goTo, placeOf } from '../desk/ui-state.ts';
import { blockedBy, keyText } from '../keys/binding.ts';
import { bodySize, isTall, split } from '../layout.ts';
import { line, span, type Line } from '../widget/line.ts';
import { hasFocus, listPane, selectedRow, type Extent, type ListSpec } from '../widget/list-pane.ts';
import type { Charger } from '../../src/api/contract/chargers.ts';
import { statusLook } from '../theme/status.ts';
import type { Column } from '../widget/table.ts';
import { chargerLines, connectorLines } from './charger-pane.ts';
import { targetKeys } from './chargers.ts';
import type { Pane, Screen } from './screen.ts';
import { traceLines } from './trace-lines.ts';

/** null: it is not known, or was forgotten. */
export function shownCharger({ snapshot, ui }: World): Charger | null {
  const { subject } = placeOf(ui);
  return snapshot.chargers?.find(({ id }) => id === subject) ?? null;
}

const NO_ROWS: readonly ConnectorRow[] = [];

const connectorList: ListSpec<ConnectorRow> = {
  pane: 'connectors',
  title: 'Connectors',
  noun: 'connector',
  rows(world) {
    const charger = shownCharger(world);
    if (!charger) return NO_ROWS;
    return rowsOfCharger(
      charger,
      runningSessions(world.snapshot).filter(({ chargerId }) => chargerId === charger.id),
    );
  },
  idOf: ({ id }) => id,
  empty: () => [],
  columns: ({ theme }): readonly Column<ConnectorRow>[] => [
    {
      title: '',
      width: 1,
      cell: ({ status }) => span(theme.glyphs[statusLook(status).glyph], statusLook(status).role),
    },
    {
      title: 'Connector',
      width: 9,
      cell: ({ connectorId }) => (connectorId === null ? 'all' : `#${connectorId}`),
    },
    { title: 'Status', width: 13, cell: ({ status }) => status },
  ],
};

const keys = targetKeys((world) => selectedRow(world, connectorList));

function bands(world: World): readonly (readonly Pane[])[] {
  const { columns, rows } = bodySize(world.size);
  const charger = shownCharger(world);
  const subject = placeOf(world.ui).subject ?? '';
  if (!charger) {
    const lines = [
      line(),
      line(`  There is no charger ${subject}.`),
      line(span('  Esc goes back.', 'secondary')),
    ];
    return [[{ id: 'charger', title: subject, width: columns, height: rows, lines, list: null }]];
  }
  const [left = 0, right = 0] = split(columns, [3, 2]);
  const messages = isTall(world.size) ? 14 : Math.max(4, rows - 14);
  const top = rows - messages;
  return [
    [
      factsPane(world, charger, { width: left, height: top }),
      commandsPane(world, { width: right, height: top }),
    ],
    [messagesPane(world, charger, { width: columns, height: messages })],
  ];
}

function factsPane(world: World, charger: Charger, extent: Extent): Pane {
  // Moved in like a list of connectors, drawn as a page.
  const pane = listPane(
    world,
    connectorList,
    extent,
    hasFocus(world, connectorList.pane, connectorList.pane),
  );
  const selected = selectedRow(world, connectorList)?.connectorId ?? null;
  const lines = connectorLines(world, charger).map((one) => marked(one, selected, world));
  return { ...pane, title: charger.id, lines: [...chargerLines(world, charger), line(), ...lines] };
}

/** The selected connector has the sign, like a row. */
function marked(one: Line, selected: number | null, { theme }: World): Line {
  const isSelected = one.spans[0]?.text === `#${selected ?? ''} `;
  return { spans: [span(isSelected ? `${theme.glyphs.selected} ` : '  '), ...one.spans] };
}

function commandsPane(world: World, extent: Extent): Pane {
  const lines = keys.map((binding) => {
    const reason = blockedBy(binding, world);
    const role = reason === null ? 'plain' : 'secondary';
    return line(
      span(`${keyText(binding.keys[0] ?? '', true)}  `, reason === null ? 'strong' : 'secondary'),
      span(binding.label, role),
    );
  });
  const note = line(span('A grey key says why when pressed.', 'secondary'));
  return { id: 'commands', title: 'Commands', ...extent, lines: [...lines, line(), note], list: null };
}

function messagesPane(world: World, { id }: Charger, extent: Extent): Pane {
  const { trace } = world.snapshot;
  const lines = trace?.chargerId === id ? traceLines(world, trace.lines.slice(-(extent.height - 2))) : [];
  const empty = [line(span('Nothing was said lately.', 'secondary'))];
  return {
    ...{ id: 'messages', title: 'Messages  following', ...extent, list: null },
    lines: lines.length > 0 ? lines : empty,
    open: (desk) => goTo(desk, { screen: 'trace', subject: id }),
  };
}

export const charger: Screen = {
  id: 'charger',
  tab: null,
  under: 'chargers',
  name: 'Charger',
  bands,
  bindings: keys,
};
