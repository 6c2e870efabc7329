// The line after `:`. Tab completes, Enter does it; what is wrong is said, and the line stays to be mended.
import { commandNamed, completions, type Command } from '../command/command.ts';
import type { Desk, Dialog, World } from '../desk/desk.ts';
import { closeDialog, openDialog } from '../desk/ui-state.ts';
import { notAllowed } from '../keys/binding.ts';
import type { Press } from '../keys/press.ts';
import { edit, edited, type EditedText } from '../keys/text-edit.ts';
import { line, span, widthOf, type Line } from '../widget/line.ts';
import { textWithCursor } from './body.ts';

interface State {
  readonly text: EditedText;
  readonly problem: string | null;
  /** What Tab went through last: where it began, and how often it was pressed. */
  readonly cycle: { readonly from: string; readonly turn: number } | null;
}

export function openCommandLine(desk: Desk, commands: readonly Command[], text = ''): void {
  openDialog(desk, commandDialog(commands, { text: edited(text), problem: null, cycle: null }));
}

function commandDialog(commands: readonly Command[], state: State): Dialog {
  return {
    place: 'prompt',
    title: 'Command',
    lines: (_, width) => [promptLine(commands, state, width)],
    hints: (world) => candidatesText(commands, state, world),
    press: (press, desk) => pressed(commands, state, press, desk),
  };
}

/** What stands before the text and before what is said behind it. */
const SIGN_WIDTH = 4;
/** So much of the text is seen, however much there is to say behind it. */
const TEXT_LEAST = 24;

function promptLine(commands: readonly Command[], { text, problem }: State, width: number): Line {
  const [name = '', ...others] = text.text.trimStart().split(/ +/);
  const args = commandNamed(commands, name)?.args ?? '';
  const note = problem ?? (others.length === 0 && text.text !== '' ? args : '');
  const room = width - SIGN_WIDTH - widthOf(note);
  return line(
    span(' :', 'strong'),
    ...textWithCursor(text, Math.max(TEXT_LEAST, room)),
    span(`  ${note}`, problem === null ? 'secondary' : 'danger'),
  );
}

function candidatesText(commands: readonly Command[], { text, cycle }: State, world: World): string {
  const found = completions(commands, world, cycle?.from ?? text.text);
  const shown = found.length > 0 ? found.join('  ') : 'Enter do it';
  return `Tab ${shown}`.replace(/^Tab Enter/, 'Enter');
}

function pressed(commands: readonly Command[], state: State, press: Press, desk: Desk): void {
  const next = (change: Partial<State>) =>
    openDialog(desk, commandDialog(commands, { ...state, problem: null, cycle: null, ...change }));
  if (press.name === 'esc') {
    closeDialog(desk);
    return;
  }
  if (press.name === 'enter') {
    const problem = run(commands, state.text.text, desk);
    if (problem !== null) next({ problem });
    return;
  }
  if (press.name === 'tab' || press.name === 'shift-tab') {
    completed(commands, state, press.name === 'tab' ? 1 : -1, desk.world(), next);
    return;
  }
  // Nothing left to take away: the line is left.
  if (press.name === 'backspace' && state.text.text === '') {
    closeDialog(desk);
    return;
  }
  const text = edit(state.text, press);
  if (text) next({ text });
}

/** Tab goes through what the last word can become, and around. */
function completed(
  commands: readonly Command[],
  { text, cycle }: State,
  by: number,
  world: World,
  next: (change: Partial<State>) => void,
): void {
  const from = cycle?.from ?? text.text;
  const found = completions(commands, world, from);
  if (found.length === 0) return;
  const turn = cycle === null ? (by > 0 ? 0 : found.length - 1) : cycle.turn + by;
  const chosen = found[(turn + found.length) % found.length] ?? '';
  const before = from.slice(0, from.lastIndexOf(' ') + 1);
  const isOnly = found.length === 1;
  next({
    text: edited(`${before}${chosen}${isOnly ? ' ' : ''}`),
    cycle: isOnly ? null : { from, turn: (turn + found.length) % found.length },
  });
}

/** Returns what is wrong; the line is closed before a command may open a question. */
function run(commands: readonly Command[], text: string, desk: Desk): string | null {
  const [name = '', ...words] = text.trim().split(/ +/);
  if (name === '') {
    closeDialog(desk);
    return null;
  }
  const command = commandNamed(commands, name);
  if (!command) return `there is no command ${name}`;
  const reason = command.role === undefined ? null : notAllowed(desk.world(), command.role);
  if (reason !== null) return reason;
  const line = desk.world().ui.dialog;
  closeDialog(desk);
  const problem = command.run(desk, words);
  if (problem !== null && line !== null) openDialog(desk, line);
  return problem;
}
