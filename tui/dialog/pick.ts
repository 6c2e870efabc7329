// One of many, found by typing: a user, a configuration key.
import { closeDialog, openDialog } from '../desk/ui-state.ts';
import type { Desk, Dialog } from '../desk/desk.ts';
import type { Press } from '../keys/press.ts';
import { edit, edited, type EditedText } from '../keys/text-edit.ts';
import { count } from '../text/figures.ts';
import { line, span, widthOf } from '../widget/line.ts';
import { textWithCursor } from './body.ts';

export interface Choice {
  readonly id: string;
  readonly label: string;
  /** Beside it, dim; found as well. */
  readonly note: string;
}

export interface Picking {
  readonly title: string;
  readonly prompt: string;
  readonly choices: readonly Choice[];
  readonly run: (desk: Desk, choice: Choice) => void;
}

/** More choices than these are found by typing on. */
const SHOWN = 10;

interface State {
  readonly text: EditedText;
  readonly at: number;
}

export function pick(desk: Desk, picking: Picking): void {
  openDialog(desk, pickDialog(picking, { text: edited(''), at: 0 }));
}

function pickDialog(picking: Picking, state: State): Dialog {
  const found = foundIn(picking, state);
  return {
    place: 'box',
    title: picking.title,
    lines: ({ theme }, width) => {
      const prompt = `${picking.prompt}: `;
      const first = Math.max(0, Math.min(state.at - SHOWN + 1, found.length - SHOWN));
      return [
        line(prompt, ...textWithCursor(state.text, width - widthOf(prompt))),
        line(),
        ...found.slice(first, first + SHOWN).map(({ label, note }, index) => {
          const isSelected = first + index === state.at;
          const mark = isSelected ? `${theme.glyphs.selected} ` : '  ';
          return { ...line(mark, label, span(`  ${note}`, 'secondary')), isSelected };
        }),
        line(span(found.length === 0 ? 'nothing like it' : `${count(found.length)} found`, 'secondary')),
      ];
    },
    hints: ({ theme }) => `type to find   ${theme.glyphs.upDown} choose   Enter take it   Esc cancel`,
    press: (press, desk) => pressed(picking, state, found, press, desk),
  };
}

function foundIn({ choices }: Picking, { text }: State): readonly Choice[] {
  const wanted = text.text.trim().toLowerCase();
  if (wanted === '') return choices;
  return choices.filter(({ id, label, note }) => `${id} ${label} ${note}`.toLowerCase().includes(wanted));
}

function pressed(picking: Picking, state: State, found: readonly Choice[], press: Press, desk: Desk): void {
  const next = (change: Partial<State>) => openDialog(desk, pickDialog(picking, { ...state, ...change }));
  const last = Math.max(0, found.length - 1);
  switch (press.name) {
    case 'esc':
      closeDialog(desk);
      return;
    case 'down':
    case 'tab':
      next({ at: Math.min(last, state.at + 1) });
      return;
    case 'up':
    case 'shift-tab':
      next({ at: Math.max(0, state.at - 1) });
      return;
    case 'enter': {
      const choice = found[state.at];
      if (!choice) return;
      closeDialog(desk);
      picking.run(desk, choice);
      return;
    }
  }
  const text = edit(state.text, press);
  if (text) next({ text, at: 0 });
}
