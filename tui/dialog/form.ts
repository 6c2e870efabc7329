// A few lines to fill in; what is wrong is said under them, and nothing is sent before it is right.
import { closeDialog, openDialog } from '../desk/ui-state.ts';
import type { Desk, Dialog } from '../desk/desk.ts';
import type { Press } from '../keys/press.ts';
import { edit, edited, type EditedText } from '../keys/text-edit.ts';
import { fit, line, span, widthOf } from '../widget/line.ts';
import { textWithCursor, wrapped } from './body.ts';

export interface Field {
  readonly name: string;
  /** Left of it: `kWh`. */
  readonly label: string;
  readonly value: string;
  /** What is wrong with it; null: nothing. */
  readonly problem?: (text: string) => string | null;
}

export interface Form {
  readonly title: string;
  readonly text?: readonly string[];
  readonly fields: readonly Field[];
  /** Gets the texts by the names of the fields, blanks around them gone. */
  readonly run: (desk: Desk, values: Readonly<Record<string, string>>) => void;
}

interface State {
  readonly texts: readonly EditedText[];
  readonly at: number;
  readonly problem: string | null;
}

export function openForm(desk: Desk, form: Form): void {
  const texts = form.fields.map(({ value }) => edited(value));
  openDialog(desk, formDialog(form, { texts, at: 0, problem: null }));
}

function formDialog(form: Form, state: State): Dialog {
  return {
    place: 'box',
    title: form.title,
    lines: ({ theme }, width) => {
      const labelWidth = Math.max(...form.fields.map(({ label }) => widthOf(label)));
      return [
        ...(form.text ?? []).flatMap((text) => wrapped(text, width)),
        ...(form.text ? [line()] : []),
        ...form.fields.map(({ label }, index) => {
          const isAt = index === state.at;
          const text = state.texts[index] ?? edited('');
          return line(
            isAt ? `${theme.glyphs.selected} ` : '  ',
            span(`${fit(label, labelWidth, theme.glyphs.ellipsis)}  `, 'secondary'),
            ...(isAt ? textWithCursor(text) : [span(text.text)]),
          );
        }),
        line(),
        ...(state.problem === null ? [line()] : wrapped(state.problem, width).map((one) => danger(one))),
      ];
    },
    hints: () => 'Tab next line   Enter next, then send   Esc cancel',
    press: (press, desk) => pressed(form, state, press, desk),
  };
}

function danger(one: ReturnType<typeof line>) {
  return line(...one.spans.map(({ text }) => span(text, 'danger')));
}

function pressed(form: Form, state: State, press: Press, desk: Desk): void {
  const next = (change: Partial<State>) =>
    openDialog(desk, formDialog(form, { ...state, problem: null, ...change }));
  const last = form.fields.length - 1;
  switch (press.name) {
    case 'esc':
      closeDialog(desk);
      return;
    case 'down':
    case 'tab':
      next({ at: state.at === last ? 0 : state.at + 1 });
      return;
    case 'up':
    case 'shift-tab':
      next({ at: state.at === 0 ? last : state.at - 1 });
      return;
    case 'enter':
      if (state.at < last) next({ at: state.at + 1 });
      else send(form, state, desk, next);
      return;
  }
  const text = edit(state.texts[state.at] ?? edited(''), press);
  if (text) next({ texts: state.texts.with(state.at, text) });
}

function send(form: Form, { texts }: State, desk: Desk, next: (change: Partial<State>) => void): void {
  const values = texts.map(({ text }) => text.trim());
  for (const [at, { label, problem }] of form.fields.entries()) {
    const wrong = problem?.(values[at] ?? '') ?? null;
    if (wrong === null) continue;
    next({ at, problem: `${label}: ${wrong}` });
    return;
  }
  closeDialog(desk);
  form.run(desk, Object.fromEntries(form.fields.map(({ name }, index) => [name, values[index] ?? ''])));
}
