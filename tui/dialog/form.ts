// A few lines to fill in; what is wrong is said under them, and nothing is sent before it is right.
import { closeDialog, openDialog } from '../desk/ui-state.ts';
import type { Desk, Dialog, World } from '../desk/desk.ts';
import type { Press } from '../keys/press.ts';
import { edit, edited, type EditedText } from '../keys/text-edit.ts';
import { duration } from '../text/times.ts';
import type { Role } from '../theme/role.ts';
import { fit, line, span, widthOf, type Line } from '../widget/line.ts';
import { textWithCursor, wrapped } from './body.ts';

export interface Field {
  readonly name: string;
  /** Left of it: `kWh`. */
  readonly label: string;
  readonly value: string;
  /** What is wrong with it; null: nothing. */
  readonly problem?: (text: string) => string | null;
}

interface Lines {
  readonly title: string;
  readonly text?: readonly string[];
  readonly fields: readonly Field[];
}

/** The texts by the names of the fields, blanks around them gone. */
export type Values = Readonly<Record<string, string>>;

/** Gone as soon as it is filled in. */
interface PlainForm extends Lines {
  readonly run: (desk: Desk, values: Values) => void;
}

/** Stays until what was sent has come to something: what was typed is never lost. */
export interface SentForm extends Lines {
  /** null: it is done. `signal`: the person no longer waits. */
  readonly send: (desk: Desk, values: Values, signal: AbortSignal) => Promise<Refusal | null>;
  /** What is said meanwhile. */
  readonly waiting: string;
  /** How long that may take, where it takes long. */
  readonly waitingMs?: number;
}

/** What was not right, and the form to go on with, of as many fields; what was typed stays. */
export interface Refusal {
  readonly problem: string;
  readonly form?: SentForm;
}

export type Form = PlainForm | SentForm;

interface State {
  readonly texts: readonly EditedText[];
  readonly at: number;
  readonly problem: string | null;
  /** It was sent; null: it is being filled in. */
  readonly sent: { readonly atMs: number; readonly ending: AbortController } | null;
}

/** `problem`: what was wrong with it when it was filled in before. */
export function openForm(desk: Desk, form: Form, problem: string | null = null): void {
  const texts = form.fields.map(({ value }) => edited(value));
  openDialog(desk, formDialog(form, { texts, at: 0, problem, sent: null }));
}

function formDialog(form: Form, state: State): Dialog {
  return {
    place: 'box',
    title: form.title,
    lines: (world, width) => [
      ...(form.text ?? []).flatMap((text) => wrapped(text, width)),
      ...(form.text ? [line()] : []),
      ...fieldLines(form, state, world, width),
      line(),
      ...lastLines(form, state, world, width),
    ],
    hints: () =>
      state.sent === null ? 'Tab next line   Enter next, then send   Esc cancel' : 'Esc wait no longer',
    press: (press, desk) => pressed(form, state, press, desk),
  };
}

function fieldLines(form: Form, state: State, { theme }: World, width: number): readonly Line[] {
  const { glyphs } = theme;
  const labelWidth = Math.max(...form.fields.map(({ label }) => widthOf(label)));
  const room = width - labelWidth - LABEL_GAPS;
  return form.fields.map(({ label }, index) => {
    const isAt = index === state.at && state.sent === null;
    const text = state.texts[index] ?? edited('');
    return line(
      isAt ? `${glyphs.selected} ` : '  ',
      span(`${fit(label, labelWidth, glyphs.ellipsis)}  `, 'secondary'),
      ...(isAt ? textWithCursor(text, room) : [span(text.text)]),
    );
  });
}

/** The sign of the line that is typed into, and what stands after a label. */
const LABEL_GAPS = 4;

function lastLines(
  form: Form,
  { sent, problem }: State,
  { nowMs, theme }: World,
  width: number,
): readonly Line[] {
  if (sent !== null && 'waiting' in form) {
    const { waiting, waitingMs } = form;
    const of = waitingMs === undefined ? '' : ` of ${duration(waitingMs)}`;
    const waited = nowMs - sent.atMs;
    const text = `${theme.glyphs.working} ${waiting}${waited > COUNTED_AFTER_MS ? `  ${duration(waited)}${of}` : ''}`;
    return wrapped(text, width).map((one) => inRole(one, 'active'));
  }
  if (problem === null) return [line()];
  return wrapped(problem, width).map((one) => inRole(one, 'danger'));
}

/** How long something may take before the wait is counted. */
const COUNTED_AFTER_MS = 2_000;

function inRole(one: Line, role: Role): Line {
  return line(...one.spans.map(({ text }) => span(text, role)));
}

function pressed(form: Form, state: State, press: Press, desk: Desk): void {
  const next = (change: Partial<State>) =>
    openDialog(desk, formDialog(form, { ...state, problem: null, ...change }));
  const last = form.fields.length - 1;
  if (state.sent !== null) {
    // Whatever else is pressed meanwhile would be sent twice, or lost.
    if (press.name !== 'esc') return;
    state.sent.ending.abort();
    closeDialog(desk);
    return;
  }
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

function send(form: Form, state: State, desk: Desk, next: (change: Partial<State>) => void): void {
  const values = state.texts.map(({ text }) => text.trim());
  for (const [at, { label, problem }] of form.fields.entries()) {
    const wrong = problem?.(values[at] ?? '') ?? null;
    if (wrong === null) continue;
    next({ at, problem: `${label}: ${wrong}` });
    return;
  }
  const named = Object.fromEntries(form.fields.map(({ name }, index) => [name, values[index] ?? '']));
  if ('run' in form) {
    closeDialog(desk);
    form.run(desk, named);
  } else void sendAndWait(form, state, named, desk);
}

async function sendAndWait(form: SentForm, state: State, values: Values, desk: Desk): Promise<void> {
  const ending = new AbortController();
  const sent = { atMs: desk.world().nowMs, ending };
  const waiting = formDialog(form, { ...state, problem: null, sent });
  openDialog(desk, waiting);
  const refusal = await form.send(desk, values, ending.signal);
  // Somebody has left it meanwhile.
  if (desk.world().ui.dialog !== waiting) return;
  if (refusal === null) {
    closeDialog(desk);
    return;
  }
  const { problem, form: next = form } = refusal;
  // What was not typed into is what it is by now.
  const texts = state.texts.map((text, index) => {
    const isUntouched = text.text === form.fields[index]?.value;
    return isUntouched ? edited(next.fields[index]?.value ?? '') : text;
  });
  openDialog(desk, formDialog(next, { ...state, texts, problem, sent: null }));
}
