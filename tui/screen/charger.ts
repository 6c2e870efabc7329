// One charger: its facts and connectors, what can be done to it, and what it and the server say to each other.
import { CONNECTORS_PANE } from '../action/go-to-charger.ts';
import { rowsOfCharger, runningSessions, type ConnectorRow } from '../data/connectors.ts';
import type { World } from '../desk/desk.ts';
import { goTo, placeOf } from '../desk/ui-state.ts';
import { bodySize, isNarrow, isTall, PANE_BORDERS, split } from '../layout.ts';
import { line, span, type Line } from '../widget/line.ts';
import { hasFocus, listPane, selectedRow, type Extent, type ListSpec } from '../widget/list-pane.ts';
import type { Charger } from '../../src/api/contract/chargers.ts';
import { statusLook } from '../theme/status.ts';
import type { Column } from '../widget/table.ts';
import { chargerLines, connectorLines, keyLines } from './charger-pane.ts';
import { targetKeys } from './target-keys.ts';
import type { Pane, Screen } from './screen.ts';
import { frameLines, frameTexts } from './frame-text.ts';

/** null: it is not known, or was forgotten. */
function shownCharger({ snapshot, ui }: World): Charger | null {
  const { subject } = placeOf(ui);
  return snapshot.chargers?.find(({ id }) => id === subject) ?? null;
}

const NO_ROWS: readonly ConnectorRow[] = [];

const connectorList: ListSpec<ConnectorRow> = {
  pane: CONNECTORS_PANE,
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
  const height = rows - messages;
  const top = isNarrow(world.size)
    ? [factsPane(world, charger, { width: columns, height })]
    : [factsPane(world, charger, { width: left, height }), commandsPane(world, { width: right, height })];
  return [top, [messagesPane(world, charger, { width: columns, height: messages })]];
}

/** Moved in like a list of connectors, drawn as a page. */
function factsPane(world: World, charger: Charger, extent: Extent): Pane {
  const isFocused = hasFocus(world, connectorList.pane, connectorList.pane);
  const pane = listPane(world, connectorList, extent, isFocused);
  const lines = factsLines(world, charger, extent.height - PANE_BORDERS);
  // Its rows are of different heights: a click finds none of them.
  return { ...pane, title: charger.id, lines, list: pane.list && { ...pane.list, firstLine: extent.height } };
}

/** All there is to say; where that is too much, the selected connector in full and the others in a line each. */
function factsLines(world: World, charger: Charger, height: number): readonly Line[] {
  const facts = chargerLines(world, charger);
  const selected = selectedRow(world, connectorList)?.id ?? null;
  const rows = connectorList.rows(world);
  const blocks = rows.map((row) => connectorBlock(world, row, row.id === selected));
  const all = [...facts, line(), ...blocks.flat()];
  if (all.length <= height) return all;
  const short = blocks.map((block, index) => (rows[index]?.id === selected ? block : block.slice(0, 1)));
  const room = Math.max(height - 2, 1);
  const at = short
    .slice(
      0,
      Math.max(
        0,
        rows.findIndex(({ id }) => id === selected),
      ),
    )
    .flat().length;
  const lines = short.flat();
  const first = Math.min(at, Math.max(0, lines.length - room));
  return [...facts.slice(0, height - Math.min(room, lines.length)), ...lines.slice(first, first + room)];
}

/** A connector as a block of lines; the selected one has the sign, like a row. */
function connectorBlock(world: World, row: ConnectorRow, isSelected: boolean): readonly Line[] {
  const mark = `${world.theme.glyphs.selected} `;
  return connectorLines(world, row).map(({ spans }, index) => ({
    spans: [span(isSelected && index === 0 ? mark : '  '), ...spans],
  }));
}

function commandsPane(world: World, extent: Extent): Pane {
  const note = line(span('Grey keys say why.', 'secondary'));
  return {
    id: 'commands',
    title: 'Commands',
    ...extent,
    lines: [...keyLines(world, keys), line(), note],
    list: null,
  };
}

function messagesPane(world: World, { id }: Charger, extent: Extent): Pane {
  const { trace } = world.snapshot;
  const lines =
    trace?.chargerId === id
      ? frameLines(world, frameTexts(trace.lines).slice(-(extent.height - PANE_BORDERS)))
      : [];
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
