// The question before something is done that a driver feels. Whoever answers without reading has said no.
import { closeDialog, openDialog } from '../desk/ui-state.ts';
import type { Action, Desk, Dialog } from '../desk/desk.ts';
import { edit, edited, type EditedText } from '../keys/text-edit.ts';
import type { Press } from '../keys/press.ts';
import { line, span, widthOf, type Line } from '../widget/line.ts';
import { textWithCursor, wrapped } from './body.ts';

export interface Question {
  /** `Stop session 1842?` */
  readonly title: string;
  /** What will happen, and to whom. */
  readonly text: readonly string[];
  /** `Stop session`: what the other button says. */
  readonly verb: string;
  /** What has to be typed first, to the letter: for what cannot be taken back. */
  readonly typed?: string;
  readonly run: Action;
}

/** Of what is typed, however long what is wanted. */
const TEXT_LEAST = 8;

interface Answering {
  readonly chosen: 'cancel' | 'go';
  readonly text: EditedText;
}

export function confirm(desk: Desk, question: Question): void {
  openDialog(desk, confirmDialog(question, { chosen: 'cancel', text: edited('') }));
}

function confirmDialog(question: Question, answering: Answering): Dialog {
  const { typed } = question;
  return {
    place: 'box',
    title: question.title,
    lines: (_, width) => [
      ...question.text.flatMap((text) => wrapped(text, width)),
      line(),
      ...(typed === undefined ? [] : [typedLine(typed, answering.text, width), line()]),
      buttons(question.verb, answering.chosen),
      line(),
      line(span(keysOf(question), 'secondary')),
    ],
    hints: () => 'Tab choose   Enter do what is chosen   Esc cancel',
    press: (press, desk) => pressed(question, answering, press, desk),
  };
}

function pressed(question: Question, answering: Answering, press: Press, desk: Desk): void {
  const next = (change: Partial<Answering>) =>
    openDialog(desk, confirmDialog(question, { ...answering, ...change }));
  const isTyped = question.typed === undefined || answering.text.text === question.typed;
  const go = () => {
    if (!isTyped) return;
    closeDialog(desk);
    question.run(desk);
  };
  switch (press.name) {
    case 'esc':
      closeDialog(desk);
      return;
    case 'tab':
    case 'shift-tab':
    case 'up':
    case 'down':
      next({ chosen: answering.chosen === 'go' ? 'cancel' : 'go' });
      return;
    case 'enter':
      if (answering.chosen === 'go') go();
      else closeDialog(desk);
      return;
  }
  if (question.typed !== undefined) {
    const text = edit(answering.text, press);
    if (text) next({ text, chosen: text.text === question.typed ? 'go' : 'cancel' });
    return;
  }
  if (press.name === 'left') next({ chosen: 'cancel' });
  else if (press.name === 'right') next({ chosen: 'go' });
  else if (press.name === 'y') go();
  else if (press.name === 'n' || press.name === 'q') closeDialog(desk);
}

function typedLine(wanted: string, text: EditedText, width: number): Line {
  const prompt = `Type ${wanted} to go on: `;
  return line(prompt, ...textWithCursor(text, Math.max(TEXT_LEAST, width - widthOf(prompt))));
}

function buttons(verb: string, chosen: Answering['chosen']): Line {
  const button = (text: string, isChosen: boolean) =>
    isChosen ? span(`[ ${text} ]`, 'strong') : span(`  ${text}  `);
  return line('      ', button('Cancel', chosen === 'cancel'), '     ', button(verb, chosen === 'go'));
}

function keysOf({ typed, verb }: Question): string {
  const enter = 'Enter = Cancel';
  return typed === undefined
    ? `y ${verb.toLowerCase()}   n or Esc cancel   ${enter}`
    : `Esc cancel   ${enter} until it is typed`;
}
