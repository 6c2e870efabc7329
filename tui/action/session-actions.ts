// What a person does to sessions: stopping one, starting one. A driver feels it, so it is asked before.
import type { Session } from '../../src/api/contract/sessions.ts';
import type { User } from '../../src/api/contract/users.ts';
import { personName } from '../data/accounts.ts';
import { plugName, sessionUser } from '../data/connectors.ts';
import type { Desk } from '../desk/desk.ts';
import { confirm } from '../dialog/confirm.ts';
import { pick } from '../dialog/pick.ts';
import { kwh } from '../text/figures.ts';
import { toldOf } from './answers.ts';

export function askStop(desk: Desk, session: Session): void {
  const { transactionId, chargerId, connectorId, energyWh } = session;
  const where = plugName(chargerId, connectorId);
  confirm(desk, {
    title: `Stop session ${transactionId}?`,
    text: [
      `${sessionUser(session)} on ${where}, ${kwh(energyWh)} so far.`,
      'kwota asks the charger to stop, and goes on by stronger means until it has.',
    ],
    verb: 'Stop session',
    run: () => {
      const what = `${where}: stop session ${transactionId}`;
      desk.request({
        what,
        ask: ({ site }) => site.stopSession({ transactionId, charger: chargerId }),
        told: ({ outcome, answer }) => {
          if (outcome === 'ended')
            return { isDone: true, text: `${where}: session ${transactionId} has ended` };
          if (outcome === 'offline')
            return {
              isDone: false,
              text: `${where} is offline: session ${transactionId} is stopped when it is back`,
            };
          return {
            isDone: answer === null || answer === 'Accepted',
            text: `${what}: ${answer ?? 'asked, no answer yet'}`,
          };
        },
      });
    },
  });
}

/** Picks a user, asks, and has the charger start for his card. */
export function askStart(desk: Desk, chargerId: string, connectorId: number | null): void {
  const where = plugName(chargerId, connectorId);
  pick(desk, {
    title: `Start a session on ${where}`,
    prompt: 'For whom',
    choices: (desk.world().snapshot.users ?? []).map(choiceOf),
    run: (_, { id: idTag, label }) => {
      confirm(desk, {
        title: `Start a session on ${where}?`,
        text: [
          `For ${label} (${idTag}).`,
          'The charger decides whether a cable has to be plugged first; the energy counts on this quota.',
        ],
        verb: 'Start session',
        run: () => start(desk, chargerId, connectorId, idTag),
      });
    },
  });
}

function start(desk: Desk, chargerId: string, connectorId: number | null, idTag: string): void {
  const what = `${plugName(chargerId, connectorId)}: start for ${idTag}`;
  desk.request({
    what,
    ask: ({ commands }) =>
      commands.call(chargerId, 'RemoteStartTransaction', {
        idTag,
        ...(connectorId === null ? {} : { connectorId }),
      }),
    told: toldOf(what),
  });
}

function choiceOf(user: User): { id: string; label: string; note: string } {
  const { idTag, leftWh, isBlocked } = user;
  const left = leftWh === null ? 'no limit' : `${kwh(leftWh)} left`;
  return { id: idTag, label: personName(user), note: `${idTag}  ${isBlocked ? 'blocked' : left}` };
}
