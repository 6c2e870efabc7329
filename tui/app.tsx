// The dashboard drawn: first lines, the panes of a screen or a dialog, last lines. It holds no state of its own.
import { Box, Text, useInput, usePaste, useWindowSize } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import { hintLine } from './chrome/hint-line.ts';
import { messageLine } from './chrome/message-line.ts';
import { statusLine } from './chrome/status-line.ts';
import { tabLine } from './chrome/tab-line.ts';
import type { World } from './desk/desk.ts';
import type { Dashboard } from './desk/dashboard.ts';
import { dispatch } from './keys/dispatch.ts';
import { focusedPane } from './keys/list-keys.ts';
import { pasteOf, pressesOf, type Press } from './keys/press.ts';
import { allScreens, keysOf } from './key-tables.ts';
import { bodySize, isTooSmall, LEAST_SIZE } from './layout.ts';
import { screenOf } from './screen/screens.ts';
import type { Pane } from './screen/screen.ts';
import { line, lineWidth } from './widget/line.ts';
import { Panel, Row } from './widget/panel.tsx';

interface AppProps {
  readonly dashboard: Dashboard;
  /** Rows at the bottom that are left empty: a Windows console scrolls when its last cell is written. */
  readonly sparedRows?: number;
}

export function App({ dashboard, sparedRows = 0 }: AppProps) {
  const world = useSyncExternalStore(dashboard.subscribe, dashboard.world);
  const { columns, rows } = useWindowSize();
  const shownRows = rows - sparedRows;
  useEffect(() => dashboard.resize({ columns, rows: shownRows }), [dashboard, columns, shownRows]);
  const press = (one: Press) => dispatch(one, dashboard, keysOf(dashboard.world()));
  useInput((input, key) => pressesOf(input, key).forEach(press));
  // Mounted always: without it a paste would come as keys.
  usePaste((text) => {
    if (dashboard.world().ui.dialog !== null) press(pasteOf(text));
  });
  return <Frame world={world} />;
}

interface FrameProps {
  readonly world: World;
}

/** One picture of the world, in exactly its size. */
export function Frame({ world }: FrameProps) {
  const { size, theme } = world;
  if (isTooSmall(size)) return <TooSmall world={world} />;
  const screen = screenOf(allScreens, world);
  const row = { theme, columns: size.columns };
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Row line={statusLine(world)} {...row} />
      <Row line={tabLine(world, allScreens, screen)} {...row} />
      {world.ui.dialog?.place === 'box' ? <DialogBody world={world} /> : <Body world={world} />}
      <Row line={messageLine(world)} {...row} />
      <Row line={hintLine(world, keysOf(world).flat())} {...row} />
    </Box>
  );
}

function Body({ world }: FrameProps) {
  const screen = screenOf(allScreens, world);
  const focused = focusedPane(world, screen)?.id;
  const isDimmed = world.snapshot.link.state === 'lost';
  return (
    <>
      {screen.bands(world).map((band, index) => (
        <Box key={index} flexShrink={0}>
          {band.map((pane) => (
            <Panel
              key={pane.id}
              pane={pane}
              theme={world.theme}
              isFocused={pane.id === focused}
              isDimmed={isDimmed}
            />
          ))}
        </Box>
      ))}
    </>
  );
}

const DIALOG_WIDTH = 64;

/** The dialog in the middle of where the screen was. */
function DialogBody({ world }: FrameProps) {
  const { dialog } = world.ui;
  const { columns, rows } = bodySize(world.size);
  if (!dialog) return null;
  const width = Math.min(DIALOG_WIDTH, columns - 4);
  const lines = [line(), ...dialog.lines(world, width - 4), line()];
  const height = Math.min(rows, lines.length + 2);
  const pane: Pane = { id: 'dialog', title: dialog.title, width, height, lines, list: null };
  return (
    <Box width={columns} height={rows} flexShrink={0} justifyContent="center" alignItems="center">
      <Panel pane={pane} theme={world.theme} isFocused isDimmed={false} />
    </Box>
  );
}

/** A terminal that nothing sensible fits in; it grows back by itself. */
function TooSmall({ world: { size, theme } }: FrameProps) {
  const lines = [
    line(),
    line(` kwota needs ${LEAST_SIZE.columns} columns and ${LEAST_SIZE.rows} rows.`),
    line(` This terminal has ${size.columns} x ${size.rows}.`),
    line(),
    line(' Make it larger, or run: kwota status'),
    line(),
    line(' q quit'),
  ].slice(0, size.rows);
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      {lines.map((one, index) => (
        <Row
          key={index}
          line={one}
          theme={theme}
          columns={Math.min(size.columns, Math.max(1, lineWidth(one)))}
        />
      ))}
      <Text> </Text>
    </Box>
  );
}
