// Keys for a session, the same on every screen that has one selected.
import type { Session } from '../../src/api/contract/sessions.ts';
import { askClose } from '../action/close-session.ts';
import { goToCharger } from '../action/go-to-charger.ts';
import { askStop } from '../action/session-actions.ts';
import { accountOfCard } from '../data/accounts.ts';
import { rowId } from '../data/connectors.ts';
import type { Desk, World } from '../desk/desk.ts';
import { goTo } from '../desk/ui-state.ts';
import type { Binding } from '../keys/binding.ts';

/** `sessionOf` finds what is selected. */
export function sessionKeys(sessionOf: (world: World) => Session | null): readonly Binding[] {
  const on = (run: (desk: Desk, session: Session) => void) => (desk: Desk) => {
    const session = sessionOf(desk.world());
    if (session) run(desk, session);
  };
  const notRunning = (world: World) => {
    const session = sessionOf(world);
    if (session === null) return 'no session is selected';
    return session.end === null ? null : `session ${session.transactionId} has ended already`;
  };
  return [
    {
      ...{ keys: ['x'], label: 'stop the session', hint: 'stop', role: 'operator' },
      blocked: notRunning,
      run: on(askStop),
    },
    {
      ...{ keys: ['X'], label: 'close a stuck session by hand', hint: 'close by hand', role: 'operator' },
      blocked: notRunning,
      run: on(askClose),
    },
    {
      ...{ keys: ['C'], label: 'go to its charger', hint: 'charger' },
      blocked: (world) => (sessionOf(world) === null ? 'no session is selected' : null),
      run: on((desk, { chargerId, connectorId }) =>
        goToCharger(desk, chargerId, rowId(chargerId, connectorId)),
      ),
    },
    {
      ...{ keys: ['U'], label: 'go to its user', hint: 'user' },
      blocked(world) {
        const session = sessionOf(world);
        if (session === null) return 'no session is selected';
        return accountOfCard(world.snapshot, session.idTag) === null
          ? `nobody has the card ${session.idTag}`
          : null;
      },
      run: on((desk, { idTag }) => {
        const subject = accountOfCard(desk.world().snapshot, idTag);
        if (subject !== null) goTo(desk, { screen: 'user', subject });
      }),
    },
  ];
}
