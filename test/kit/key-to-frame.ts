// How long a key takes until what it does is seen: an arrow in a list, from the keyboard to the row on the terminal.
import { setTimeout as pause } from 'node:timers/promises';
import type { TestTerminal } from './terminal.ts';
import { until } from './until.ts';

const DOWN = 'j';
const UP = 'k';
/** People do not type by the clock that frames are drawn by. */
const PAUSES_MS = [23, 71, 112, 157, 38];
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 1;

/** Moves down and up again; the shortest first. The list on the terminal needs two rows. */
export async function keyToFrameMs(terminal: TestTerminal, keys: number): Promise<readonly number[]> {
  const took: number[] = [];
  for (let index = 0; index < keys; index += 1) {
    const before = await selectedRow(terminal);
    const began = performance.now();
    terminal.type(index % 2 === 0 ? DOWN : UP);
    while ((rowOf(terminal) ?? before) === before) {
      if (performance.now() - began > WITHIN_MS) throw new Error(`a key was not seen in ${WITHIN_MS} ms`);
      await pause(LOOK_EVERY_MS);
    }
    took.push(performance.now() - began);
    await pause(PAUSES_MS[index % PAUSES_MS.length]);
  }
  return took.sort((a, b) => a - b);
}

/** On which line of the terminal the selected row is; null: none is drawn. */
function rowOf(terminal: TestTerminal): number | null {
  const row = terminal.lines().findIndex((line) => line.includes('│ > '));
  return row < 0 ? null : row;
}

function selectedRow(terminal: TestTerminal): Promise<number> {
  return until('a row is selected', () => {
    const row = rowOf(terminal);
    return row === null ? null : { row };
  }).then(({ row }) => row);
}
