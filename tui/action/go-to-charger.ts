// Goes to a charger, to the connector that one came from.
import type { Desk } from '../desk/desk.ts';
import { goTo, listOf, withList } from '../desk/ui-state.ts';

/** The pane of its connectors, on the screen of a charger. */
export const CONNECTORS_PANE = 'connectors';

export function goToCharger(desk: Desk, chargerId: string, rowId?: string): void {
  goTo(desk, { screen: 'charger', subject: chargerId });
  if (rowId === undefined) return;
  desk.update((ui) => withList(ui, CONNECTORS_PANE, { ...listOf(ui, CONNECTORS_PANE), selectedId: rowId }));
}
