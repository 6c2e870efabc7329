// Which month is looked at: this one and those before, or all.
import type { Desk, World } from '../desk/desk.ts';
import { withPart } from '../desk/ui-state.ts';
import { pick, type Choice } from '../dialog/pick.ts';

/** Further back one looks by typing the month after `:month`. */
const MONTHS_SHOWN = 36;
const MONTHS_IN_YEAR = 12;
const ALL = 'all';

export function askMonth(desk: Desk): void {
  pick(desk, {
    title: 'Sessions of which month',
    prompt: 'Month',
    choices: [{ id: ALL, label: 'all months', note: '' }, ...monthChoices(desk.world())],
    run: (_, { id }) => desk.update((ui) => withPart(ui, id === ALL ? null : id)),
  });
}

function monthChoices({ snapshot: { overview }, times }: World): readonly Choice[] {
  if (!overview) return [];
  return monthsBefore(overview.month).map((month) => ({ id: month, label: times.month(month), note: month }));
}

/** `2026-11` and those before it, the newest first. */
export function monthsBefore(newest: string): readonly string[] {
  const [year = 0, month = 1] = newest.split('-').map(Number);
  const last = year * MONTHS_IN_YEAR + month - 1;
  return Array.from({ length: MONTHS_SHOWN }, (_, index) => {
    const one = last - index;
    return `${Math.floor(one / MONTHS_IN_YEAR)}-${String((one % MONTHS_IN_YEAR) + 1).padStart(2, '0')}`;
  });
}

/** `2026-11`, as it is written. */
export function isMonth(text: string): boolean {
  return /^[2-9]\d{3}-(0[1-9]|1[0-2])$/.test(text);
}
