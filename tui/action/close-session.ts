// Closing a stuck session by hand: with what its meter shows, or with its last sample. It is asked twice: money hangs on it.
import type { Session } from '../../src/api/contract/sessions.ts';
import { plugName, sessionUser } from '../data/connectors.ts';
import type { Desk } from '../desk/desk.ts';
import { confirm } from '../dialog/confirm.ts';
import { openForm } from '../dialog/form.ts';
import { kwh } from '../text/figures.ts';
import { whOfText } from '../text/typed-figures.ts';

/** `typed` and `problem`: what was asked for before, and why it was refused. */
export function askClose(desk: Desk, session: Session, typed = '', problem: string | null = null): void {
  const { transactionId, meterWh } = session;
  const last = meterWh === null ? 'It has told no meter so far.' : `Its meter was at ${kwh(meterWh)} last.`;
  openForm(
    desk,
    {
      title: `Close session ${transactionId} by hand`,
      text: [
        'For a session that is stuck: nothing is sent to the charger. What it tells later still counts more.',
        `${last} Read the display, or leave it empty: then the last sample counts.`,
      ],
      fields: [
        {
          ...{ name: 'meter', label: 'Meter now, kWh', value: typed },
          problem: (text) =>
            text === '' || whOfText(text) !== null ? null : 'it is a figure like 1234.5, or empty',
        },
      ],
      run: (_, { meter = '' }) => askAgain(desk, session, meter),
    },
    problem,
  );
}

function askAgain(desk: Desk, session: Session, meter: string): void {
  const { transactionId, chargerId, connectorId, energyWh } = session;
  const wh = meter === '' ? null : whOfText(meter);
  confirm(desk, {
    title: `Close session ${transactionId} now?`,
    text: [
      `${sessionUser(session)} on ${plugName(chargerId, connectorId)}, ${kwh(energyWh)} so far.`,
      wh === null ? 'It ends with its last sample.' : `It ends with its meter at ${kwh(wh)}.`,
      'The charger is not stopped: to stop it, use x.',
    ],
    verb: 'Close session',
    run: () => close(desk, session, meter, wh),
  });
}

function close(desk: Desk, session: Session, meter: string, wh: number | null): void {
  const { transactionId, chargerId } = session;
  desk.request({
    what: `close session ${transactionId}`,
    ask: ({ site }) =>
      site.closeSession({ transactionId, charger: chargerId }, wh === null ? {} : { meterStopWh: wh }),
    told: ({ energyWh }) => ({
      isDone: true,
      text: `session ${transactionId} is closed by hand: ${kwh(energyWh)}`,
    }),
    after(answer) {
      // Back to what was typed, unless the person does something else by now.
      if (answer.isGood || desk.world().ui.dialog !== null) return;
      askClose(desk, session, meter, `${answer.error.message}; ${answer.error.hint}.`);
    },
  });
}
