// What a person does to a charger or one of its connectors.
import { plugName, type ConnectorRow } from '../data/connectors.ts';
import type { Desk } from '../desk/desk.ts';
import { confirm } from '../dialog/confirm.ts';
import { openMenu } from '../dialog/menu.ts';
import { plural } from '../text/figures.ts';
import { toldOf } from './answers.ts';

/** What a command is sent to. */
export type Target = Pick<ConnectorRow, 'charger' | 'connectorId' | 'session'>;

function call(desk: Desk, chargerId: string, action: string, payload: object, what: string): void {
  desk.request({
    what,
    ask: ({ commands }) => commands.call(chargerId, action, payload),
    told: toldOf(what),
  });
}

export function askUnlock(desk: Desk, { charger, connectorId, session }: Target): void {
  const connector = connectorId ?? 1;
  const where = plugName(charger.id, connector);
  confirm(desk, {
    title: `Unlock ${where}?`,
    text: [
      session === null
        ? 'The plug is released; no session runs here.'
        : `A session runs here: session ${session.transactionId} ends if the charger lets the plug go.`,
    ],
    verb: 'Unlock',
    run: () => call(desk, charger.id, 'UnlockConnector', { connectorId: connector }, `${where}: unlock`),
  });
}

export function askReset(desk: Desk, { charger }: Target): void {
  const { id, sessions } = charger;
  const running =
    sessions.length === 0
      ? 'No session runs on it.'
      : `${plural(sessions.length, 'session')} on it will end.`;
  const reset = (type: 'Soft' | 'Hard') =>
    call(desk, id, 'Reset', { type }, `${id}: ${type.toLowerCase()} reset`);
  openMenu(desk, {
    title: `Reset ${id}`,
    text: [running],
    items: [
      {
        key: 's',
        label: 'soft: it ends its sessions in order, then restarts',
        run: () =>
          confirm(desk, {
            title: `Soft reset of ${id}?`,
            text: [
              running,
              'The charger ends its sessions in order and restarts; it is away for a minute or two.',
            ],
            verb: 'Reset',
            run: () => reset('Soft'),
          }),
      },
      {
        key: 'h',
        label: 'hard: it restarts at once, whatever it does',
        run: () =>
          confirm(desk, {
            title: `Hard reset of ${id}?`,
            text: [running, 'The charger restarts at once. What it has not sent may be lost.'],
            verb: 'Hard reset',
            typed: id,
            run: () => reset('Hard'),
          }),
      },
    ],
  });
}

export function askAvailability(desk: Desk, { charger, connectorId, session }: Target): void {
  const where = plugName(charger.id, connectorId);
  const change = (type: 'Operative' | 'Inoperative') => {
    const what = `${where}: ${type === 'Operative' ? 'into service' : 'out of service'}`;
    call(desk, charger.id, 'ChangeAvailability', { connectorId: connectorId ?? 0, type }, what);
  };
  openMenu(desk, {
    title: `Availability of ${where}`,
    items: [
      { key: 'o', label: 'operative: it may be used', run: () => change('Operative') },
      {
        key: 'i',
        label: 'inoperative: out of service until you say otherwise',
        run: () => {
          if (session === null) change('Inoperative');
          else
            confirm(desk, {
              title: `${where} out of service?`,
              text: [
                `A car is charging: session ${session.transactionId} goes on, then the connector closes.`,
              ],
              verb: 'Out of service',
              run: () => change('Inoperative'),
            });
        },
      },
    ],
  });
}

/** What a charger can be asked to say (OCPP 1.6 §7.39), with a key each. */
const TRIGGERS = [
  ['s', 'StatusNotification'],
  ['m', 'MeterValues'],
  ['h', 'Heartbeat'],
  ['b', 'BootNotification'],
  ['f', 'FirmwareStatusNotification'],
  ['d', 'DiagnosticsStatusNotification'],
] as const;
/** These are about one connector. */
const OF_CONNECTOR: readonly string[] = ['StatusNotification', 'MeterValues'];

export function askTrigger(desk: Desk, { charger, connectorId }: Target): void {
  const where = plugName(charger.id, connectorId);
  openMenu(desk, {
    title: `Have ${where} say`,
    items: TRIGGERS.map(([key, requestedMessage]) => ({
      key,
      label: requestedMessage,
      run: () => {
        const isOfConnector = connectorId !== null && OF_CONNECTOR.includes(requestedMessage);
        const payload = { requestedMessage, ...(isOfConnector ? { connectorId } : {}) };
        call(desk, charger.id, 'TriggerMessage', payload, `${where}: trigger ${requestedMessage}`);
      },
    })),
  });
}

export function askApprove(desk: Desk, { charger }: Target): void {
  const { id, vendor, model, serialNumber } = charger;
  const what = [`${vendor} ${model}`.trim(), serialNumber].filter((text) => text !== '').join(', serial ');
  confirm(desk, {
    title: `Approve ${id}?`,
    text: [
      what === '' ? 'It has not said what it is.' : `It says it is ${what}.`,
      'It may charge from then on.',
    ],
    verb: 'Approve',
    run: () =>
      desk.request({
        what: `${id}: approve`,
        ask: ({ chargerAdmin }) => chargerAdmin.approve(id, false),
        told: () => {
          desk.read('chargers');
          return { isDone: true, text: `${id} is approved` };
        },
      }),
  });
}

export function askForget(desk: Desk, { charger }: Target): void {
  const { id } = charger;
  confirm(desk, {
    title: `Forget ${id}?`,
    text: ['Its sessions and their energy stay. When it comes back it is a new charger.'],
    verb: 'Forget',
    run: () =>
      desk.request({
        what: `${id}: forget`,
        ask: ({ chargerAdmin }) => chargerAdmin.forget(id),
        told: () => {
          desk.read('chargers');
          return { isDone: true, text: `${id} is forgotten` };
        },
      }),
  });
}
