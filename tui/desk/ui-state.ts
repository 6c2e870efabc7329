// Changes of what a person sees and where he is. Pure.
import { freshListView, type ListView } from '../widget/list-view.ts';
import type { Desk, Dialog, Message, Place, UiState } from './desk.ts';

/** Messages that are kept, for the log. */
const MESSAGES_KEPT = 200;

export const firstUi: UiState = {
  trail: [{ screen: 'overview' }],
  lists: {},
  choices: {},
  focus: {},
  dialog: null,
  messages: [],
  frozenAtMs: null,
};

/** Where the person is. */
export function placeOf({ trail }: UiState): Place {
  return trail.at(-1) ?? trail[0];
}

/** A name of the place: what is selected there is found again when he comes back. */
export function placeKey({ screen, subject }: Place): string {
  return subject === undefined ? screen : `${screen}/${subject}`;
}

function listKey(place: Place, pane: string): string {
  return `${placeKey(place)}#${pane}`;
}

export function listOf(ui: UiState, pane: string): ListView {
  return ui.lists[listKey(placeOf(ui), pane)] ?? freshListView;
}

export function withList(ui: UiState, pane: string, view: ListView): UiState {
  return { ...ui, lists: { ...ui.lists, [listKey(placeOf(ui), pane)]: view } };
}

/** null: as it is at first. */
export function withChoice(ui: UiState, name: string, choice: string | null): UiState {
  const others = Object.entries(ui.choices).filter(([other]) => other !== name);
  return { ...ui, choices: Object.fromEntries(choice === null ? others : [...others, [name, choice]]) };
}

export function withFocus(ui: UiState, pane: string): UiState {
  return { ...ui, focus: { ...ui.focus, [placeKey(placeOf(ui))]: pane } };
}

/** Goes to a screen of the tabs: the way there is forgotten. */
export function withTab(ui: UiState, screen: string): UiState {
  return { ...ui, trail: [{ screen }] };
}

/** Goes on to a place; Esc comes back. */
function withPlace(ui: UiState, place: Place): UiState {
  if (placeKey(placeOf(ui)) === placeKey(place)) return ui;
  return { ...ui, trail: [...ui.trail, place] };
}

/** Another part of the screen that the person is on (a month …); Esc comes back to all of it. */
export function withPart(ui: UiState, part: string | null): UiState {
  const { screen } = placeOf(ui);
  const whole: Place = { screen };
  const places = [...ui.trail.filter((place) => place.screen !== screen), whole];
  if (part !== null) places.push({ screen, subject: part });
  const [first, ...others] = places;
  return { ...ui, trail: [first ?? whole, ...others] };
}

/** So many rows of what is read a page at a time; where the person is stays the same. */
export function withRows(ui: UiState, rows: number): UiState {
  const [first, ...others] = ui.trail;
  const last = others.pop();
  if (last === undefined) return { ...ui, trail: [{ ...first, rows }] };
  return { ...ui, trail: [first, ...others, { ...last, rows }] };
}

export function withoutLastPlace(ui: UiState): UiState {
  const [first, ...others] = ui.trail;
  return { ...ui, trail: [first, ...others.slice(0, -1)] };
}

export function withMessage(ui: UiState, message: Message): UiState {
  const others = ui.messages.filter(({ id }) => id !== message.id);
  return { ...ui, messages: [...others, message].slice(-MESSAGES_KEPT) };
}

export function openDialog(desk: Desk, dialog: Dialog): void {
  desk.update((ui) => ({ ...ui, dialog }));
}

export function closeDialog(desk: Desk): void {
  desk.update((ui) => ({ ...ui, dialog: null }));
}

export function goTo(desk: Desk, place: Place): void {
  desk.update((ui) => withPlace(ui, place));
}
