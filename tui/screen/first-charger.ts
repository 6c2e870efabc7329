// What is said where no charger has ever connected: what to do about it. Pure.
import type { World } from '../desk/desk.ts';
import { line, span, type Line } from '../widget/line.ts';

/** A few lines, of which the second has the address to type into a charger. */
export function firstChargerLines({ facts }: World): readonly Line[] {
  return [
    line('  No charger has connected yet. Type into yours:'),
    line(span(`      ${facts.chargersUrl ?? 'ws://THIS_PC:9000'}/CHARGER_ID`, 'strong')),
    line(),
    line(span('  kwota doctor says what this machine is called in the network.', 'secondary')),
  ];
}
