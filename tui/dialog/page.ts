// A text to read, moved in by keys: a frame, a line of the log, an alarm, in full.
import type { Desk, Dialog } from '../desk/desk.ts';
import { closeDialog, openDialog } from '../desk/ui-state.ts';
import type { Press } from '../keys/press.ts';
import { bodySize } from '../layout.ts';
import { line, span, type Line } from '../widget/line.ts';
import { safeText } from '../widget/safe-text.ts';
import { wrapped } from './body.ts';

export interface Page {
  readonly title: string;
  readonly text: readonly string[];
}

/** Borders, an empty line at either end, and where one is. */
const AROUND = 5;

export function openPage(desk: Desk, page: Page): void {
  openDialog(desk, pageDialog(page, 0));
}

function pageDialog(page: Page, top: number): Dialog {
  return {
    place: 'box',
    title: page.title,
    lines: ({ size }, width) => {
      const all = page.text.flatMap((text) => wrapped(text, width));
      const height = Math.max(1, bodySize(size).rows - AROUND);
      const first = Math.min(top, Math.max(0, all.length - height));
      const where = `${first + 1}-${Math.min(all.length, first + height)} of ${all.length} lines`;
      const more: readonly Line[] = all.length > height ? [line(span(where, 'secondary'))] : [];
      return [...all.slice(first, first + height), ...more];
    },
    hints: ({ theme }) => `${theme.glyphs.upDown} move   y copy   Esc close`,
    press: (press, desk) => pressed(page, top, press, desk),
  };
}

function pressed(page: Page, top: number, { name }: Press, desk: Desk): void {
  const rows = bodySize(desk.world().size).rows;
  const move = (by: number) =>
    openDialog(desk, pageDialog(page, Math.max(0, Math.min(top + by, page.text.length * 4))));
  if (name === 'esc' || name === 'enter' || name === 'q') closeDialog(desk);
  else if (name === 'down' || name === 'j') move(1);
  else if (name === 'up' || name === 'k') move(-1);
  else if (name === 'pageDown' || name === 'space') move(rows - AROUND);
  else if (name === 'pageUp') move(AROUND - rows);
  else if (name === 'home') move(-top);
  else if (name === 'y') desk.copy(page.text.map(safeText).join('\n'));
}
