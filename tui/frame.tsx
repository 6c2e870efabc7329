// One picture of the world in exactly its size: four lines around the panes of a screen, and a dialog over them.
import { Box } from 'ink';
import { hintLine } from './chrome/hint-line.ts';
import { messageLine } from './chrome/message-line.ts';
import { statusLine } from './chrome/status-line.ts';
import { tabLine } from './chrome/tab-line.ts';
import type { World } from './desk/desk.ts';
import { allScreens, hintsOf } from './key-tables.ts';
import { focusedPane } from './keys/list-keys.ts';
import { bodySize, isTooSmall, LEAST_SIZE, PANE_BORDERS, PANE_SIDES } from './layout.ts';
import { noDataPane } from './screen/no-data.ts';
import type { Pane } from './screen/screen.ts';
import { screenOf } from './screen/screens.ts';
import { line, type Line } from './widget/line.ts';
import { Panel, Row } from './widget/panel.tsx';

interface FrameProps {
  readonly world: World;
}

export function Frame({ world }: FrameProps) {
  const { size, theme, ui } = world;
  if (isTooSmall(size)) return <TooSmall world={world} />;
  const row = { theme, columns: size.columns };
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Row line={statusLine(world)} {...row} />
      <Row line={tabLine(world, allScreens, screenOf(allScreens, world))} {...row} />
      <Body world={world} />
      {ui.dialog?.place === 'box' ? <DialogBox world={world} /> : null}
      <Row line={messageLine(world)} {...row} />
      <Row line={hintLine(world, hintsOf(world))} {...row} />
    </Box>
  );
}

function Body({ world }: FrameProps) {
  const screen = screenOf(allScreens, world);
  const { columns, rows } = bodySize(world.size);
  const empty = noDataPane(world);
  const bands = empty && screen.tab ? [[empty]] : screen.bands(world);
  const { link } = world.snapshot;
  const hasDialog = world.ui.dialog?.place === 'box';
  const isDimmed = hasDialog || (link.state === 'lost' && empty === null);
  const focused = hasDialog ? null : focusedPane(world, screen);
  return (
    <Box flexDirection="column" width={columns} height={rows} flexShrink={0}>
      {bands.map((band, index) => (
        <Box key={index} flexShrink={0}>
          {band.map((pane) => (
            <Panel
              key={pane.id}
              {...{ pane, isDimmed }}
              theme={world.theme}
              isFocused={pane.id === focused?.id}
            />
          ))}
        </Box>
      ))}
    </Box>
  );
}

const DIALOG_WIDTH = 64;
/** Status and tabs. */
const ROWS_ABOVE = 2;

/** The dialog in the middle of the body, over the screen that it is about. */
function DialogBox({ world }: FrameProps) {
  const { dialog } = world.ui;
  if (!dialog) return null;
  const { columns, rows } = bodySize(world.size);
  const width = Math.min(DIALOG_WIDTH, columns - PANE_SIDES);
  const lines = [line(), ...dialog.lines(world, width - PANE_SIDES), line()];
  const height = Math.min(rows, lines.length + PANE_BORDERS);
  const pane: Pane = { id: 'dialog', title: dialog.title, width, height, lines, list: null };
  const top = ROWS_ABOVE + Math.floor((rows - height) / 2);
  return (
    <Box position="absolute" top={top} left={Math.floor((columns - width) / 2)} width={width} height={height}>
      <Panel pane={pane} theme={world.theme} isFocused isDimmed={false} />
    </Box>
  );
}

/** A terminal that nothing sensible fits in; it grows back by itself. */
function TooSmall({ world: { size, theme } }: FrameProps) {
  const { columns, rows } = size;
  const texts: readonly Line[] = [
    line(),
    line(` kwota needs ${LEAST_SIZE.columns} columns and ${LEAST_SIZE.rows} rows.`),
    line(` This terminal has ${columns} x ${rows}.`),
    line(),
    line(' Make it larger, or run: kwota status'),
    line(),
    line(' q quit'),
  ];
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {texts.slice(0, rows).map((text, index) => (
        <Row key={index} line={text} theme={theme} columns={columns} />
      ))}
    </Box>
  );
}
