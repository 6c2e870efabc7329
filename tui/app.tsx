// The dashboard on a terminal: its size, keys, pastes and the mouse go to the desk, and what the desk shows is drawn.
import { Box, Text, useApp, useInput, usePaste, useStdin, useStdout, useWindowSize } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import { atEndOfTurn } from '../src/runtime/turn.ts';
import type { Dashboard } from './desk/dashboard.ts';
import { Frame } from './frame.tsx';
import { allScreens, keysOf } from './key-tables.ts';
import { dispatch } from './keys/dispatch.ts';
import { mouse, MOUSE_OFF, MOUSE_ON, mouseReports } from './keys/mouse.ts';
import { pasteOf, pressesOf, type Press } from './keys/press.ts';
import { screenOf } from './screen/screens.ts';
import { spokenLines } from './spoken.ts';

interface AppProps {
  readonly dashboard: Dashboard;
  /** Rows at the bottom that are left empty: a Windows console scrolls when its last cell is written. */
  readonly sparedRows?: number;
  readonly hasMouse?: boolean;
  /** Sentences for a screen reader in place of a picture. */
  readonly isSpoken?: boolean;
}

export function App({ dashboard, sparedRows = 0, hasMouse = false, isSpoken = false }: AppProps) {
  const world = useSyncExternalStore(dashboard.subscribe, dashboard.world);
  const { columns, rows } = useWindowSize();
  const shownRows = rows - sparedRows;
  useEffect(() => dashboard.resize({ columns, rows: shownRows }), [dashboard, columns, shownRows]);
  // The only hook for keys: every other one would see them as well.
  const press = (one: Press) => dispatch(one, dashboard, keysOf(dashboard.world()));
  useInput((input, key) => pressesOf(input, key).forEach(press));
  // Mounted always: without it a paste would come as keys.
  usePaste((text) => {
    if (dashboard.world().ui.dialog !== null) press(pasteOf(text));
  });
  useTerminal(dashboard, hasMouse);
  return isSpoken ? <Spoken lines={spokenLines(world)} /> : <Frame world={world} />;
}

interface SpokenProps {
  readonly lines: readonly string[];
}

function Spoken({ lines }: SpokenProps) {
  return (
    <Box flexDirection="column">
      {lines.map((text, index) => (
        <Text key={index}>{text}</Text>
      ))}
    </Box>
  );
}

const endOfTurn = (): Promise<void> => new Promise(atEndOfTurn);

/**
 * Ink listens no more, but the stream still reads ahead, and would take what is typed for another program. It stops where
 * it is paused while it flows; whoever listens next has it read again.
 */
async function stopReading(stdin: NodeJS.ReadableStream): Promise<void> {
  await endOfTurn();
  stdin.resume();
  stdin.pause();
  await endOfTurn();
}

/** Ink drops what the mouse reports, so it is read beside it; not while another program has the terminal. */
function useTerminal(dashboard: Dashboard, hasMouse: boolean): void {
  const { stdin } = useStdin();
  const { stdout } = useStdout();
  const { suspendTerminal } = useApp();
  useEffect(() => {
    const read = (data: Buffer | string) => {
      for (const report of mouseReports(data.toString()))
        mouse(report, dashboard, allScreens, screenOf(allScreens, dashboard.world()));
    };
    const listen = () => {
      if (!hasMouse) return;
      stdin.on('data', read);
      stdout.write(MOUSE_ON);
    };
    const rest = () => {
      if (!hasMouse) return;
      stdin.off('data', read);
      stdout.write(MOUSE_OFF);
    };
    listen();
    dashboard.onLend(async (use) => {
      rest();
      try {
        await suspendTerminal(async () => {
          await stopReading(stdin);
          await use();
        });
      } finally {
        listen();
      }
    });
    return rest;
  }, [dashboard, hasMouse, stdin, stdout, suspendTerminal]);
}
