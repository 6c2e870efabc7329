// Goes to the log, to the lines of one charger.
import type { Desk } from '../desk/desk.ts';
import { listOf, withList, withTab } from '../desk/ui-state.ts';

/** The pane of its lines. */
export const LOG_PANE = 'log';

export function goToLog(desk: Desk, chargerId: string): void {
  desk.update((ui) => {
    const there = withTab(ui, 'log');
    return withList(there, LOG_PANE, {
      ...listOf(there, LOG_PANE),
      filter: `charger:${chargerId}`,
      selectedId: null,
    });
  });
}
