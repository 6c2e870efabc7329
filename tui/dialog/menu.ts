// A few things to choose from, each with a key of its own; what cannot be chosen says why.
import { closeDialog, openDialog } from '../desk/ui-state.ts';
import type { Action, Desk, Dialog } from '../desk/desk.ts';
import type { Press } from '../keys/press.ts';
import { line, span } from '../widget/line.ts';
import { wrapped } from './body.ts';

export interface MenuItem {
  /** One character. */
  readonly key: string;
  readonly label: string;
  /** Why not; null: it can be chosen. */
  readonly blocked?: string | null;
  readonly run: Action;
}

export interface Menu {
  readonly title: string;
  readonly text?: readonly string[];
  readonly items: readonly MenuItem[];
}

export function openMenu(desk: Desk, menu: Menu): void {
  openDialog(desk, menuDialog(menu, 0));
}

function menuDialog(menu: Menu, at: number): Dialog {
  return {
    place: 'box',
    title: menu.title,
    lines: ({ theme }, width) => [
      ...(menu.text ?? []).flatMap((text) => wrapped(text, width)),
      ...(menu.text ? [line()] : []),
      ...menu.items.map(({ key, label, blocked = null }, index) => ({
        ...line(
          index === at ? `${theme.glyphs.selected} ` : '  ',
          span(`${key}  `, 'strong'),
          span(label, blocked === null ? 'plain' : 'secondary'),
          span(blocked === null ? '' : `  (${blocked})`, 'secondary'),
        ),
        isSelected: index === at,
      })),
    ],
    hints: ({ theme }) => `${theme.glyphs.upDown} choose   Enter do it   Esc cancel`,
    press: (press, desk) => pressed(menu, at, press, desk),
  };
}

function pressed(menu: Menu, at: number, { name }: Press, desk: Desk): void {
  const move = (to: number) =>
    openDialog(desk, menuDialog(menu, (to + menu.items.length) % menu.items.length));
  const byKey = menu.items.find(({ key }) => key === name);
  if (byKey) run(byKey, desk);
  else if (name === 'esc') closeDialog(desk);
  else if (name === 'down' || name === 'j' || name === 'tab') move(at + 1);
  else if (name === 'up' || name === 'k' || name === 'shift-tab') move(at - 1);
  else if (name === 'enter') {
    const item = menu.items[at];
    if (item) run(item, desk);
  }
}

function run({ blocked = null, run: go }: MenuItem, desk: Desk): void {
  if (blocked !== null) {
    desk.say('info', blocked);
    return;
  }
  closeDialog(desk);
  go(desk);
}
