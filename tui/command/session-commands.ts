// What can be typed after `:` about sessions.
import type { Session } from '../../src/api/contract/sessions.ts';
import { askClose } from '../action/close-session.ts';
import { isMonth, monthsBefore } from '../action/pick-month.ts';
import { askStop } from '../action/session-actions.ts';
import { runningSessions } from '../data/connectors.ts';
import { sessionKey } from '../data/snapshot.ts';
import type { Desk, World } from '../desk/desk.ts';
import { goTo, withPart, withTab } from '../desk/ui-state.ts';
import type { Command } from './command.ts';

const runningIds = ({ snapshot }: World) =>
  runningSessions(snapshot).map(({ transactionId }) => String(transactionId));

export const sessionCommands: readonly Command[] = [
  {
    ...{ name: 'stop', args: 'SESSION', label: 'stop a session', role: 'operator', complete: runningIds },
    run: (desk, [id]) => withRunning(desk, id, askStop),
  },
  {
    ...{ name: 'close', args: 'SESSION', label: 'close a stuck session by hand', role: 'operator' },
    complete: runningIds,
    run: (desk, [id]) => withRunning(desk, id, askClose),
  },
  {
    ...{ name: 'session', args: 'SESSION', label: 'go to a session', complete: runningIds },
    run(desk, [id = '']) {
      if (!/^\d{1,10}$/.test(id)) return 'a session has a number';
      find(desk, Number(id));
      return null;
    },
  },
  {
    ...{ name: 'month', args: 'MONTH', label: 'sessions of a month' },
    complete: ({ snapshot: { overview } }) => (overview ? monthsBefore(overview.month) : []),
    run(desk, [month = '']) {
      if (!isMonth(month)) return 'a month is like 2026-10';
      desk.update((ui) => withPart(withTab(ui, 'sessions'), month));
      return null;
    },
  },
];

function withRunning(
  desk: Desk,
  id: string | undefined,
  run: (desk: Desk, session: Session) => void,
): string | null {
  const found = runningSessions(desk.world().snapshot).filter(
    ({ transactionId }) => String(transactionId) === id,
  );
  const [session] = found;
  if (!session) return `no session ${id ?? ''} runs`;
  if (found.length > 1)
    return `several chargers have a session ${session.transactionId}: ${found.map(({ chargerId }) => chargerId).join(', ')}`;
  run(desk, session);
  return null;
}

/** Wherever it is, the server knows it. */
function find(desk: Desk, transactionId: number): void {
  desk.request({
    what: `session ${transactionId}`,
    ask: ({ site }) => site.session({ transactionId }),
    told: ({ chargerId }) => ({ isDone: true, text: `session ${transactionId} of ${chargerId}` }),
    after(answer) {
      if (answer.isGood && desk.world().ui.dialog === null)
        goTo(desk, { screen: 'session', subject: sessionKey(answer.value) });
    },
  });
}
