// The line after `/`: what is typed narrows the list at once. Enter keeps it, Esc takes it away.
import type { Desk, Dialog } from '../desk/desk.ts';
import { closeDialog, listOf, openDialog, withList } from '../desk/ui-state.ts';
import type { Press } from '../keys/press.ts';
import { edit, edited, type EditedText } from '../keys/text-edit.ts';
import { line, span } from '../widget/line.ts';
import { textWithCursor } from './body.ts';

/** What stands before the text, and a blank at the end. */
const SIGN_WIDTH = 3;

/** Filters the list of this pane of the present screen. */
export function openFilter(desk: Desk, pane: string): void {
  openDialog(desk, filterDialog(pane, edited(listOf(desk.world().ui, pane).filter)));
}

function filterDialog(pane: string, text: EditedText): Dialog {
  return {
    place: 'prompt',
    title: 'Filter',
    lines: (_, width) => [line(span(' /', 'strong'), ...textWithCursor(text, width - SIGN_WIDTH))],
    hints: () => 'Enter keep   Esc clear   !x without x   user:x in a column',
    press: (press, desk) => pressed(pane, text, press, desk),
  };
}

function pressed(pane: string, text: EditedText, press: Press, desk: Desk): void {
  if (press.name === 'enter') {
    closeDialog(desk);
    return;
  }
  if (press.name === 'esc') {
    setFilter(desk, pane, '');
    closeDialog(desk);
    return;
  }
  const next = edit(text, press);
  if (!next) return;
  setFilter(desk, pane, next.text);
  openDialog(desk, filterDialog(pane, next));
}

export function setFilter(desk: Desk, pane: string, filter: string): void {
  desk.update((ui) => withList(ui, pane, { ...listOf(ui, pane), filter, top: 0 }));
}
