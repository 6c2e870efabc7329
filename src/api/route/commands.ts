// /api/chargers/{id}/commands/{Action} and /local-list: what chargers are told to do, and their answers.
import Type from 'typebox';
import { isSecretKey } from '../../domain/configuration-key.ts';
import { requireRole } from '../auth.ts';
import { LocalListSent, LocalListVersion, OcppPayload } from '../contract/commands.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { ChargerPorts } from '../ports.ts';
import type { CommandPorts } from '../ports/commands.ts';
import { HttpProblem } from '../problem.ts';
import { COMMAND_PROBLEMS, commandProblem } from './command-problem.ts';
import { chargerParams, knownChargePoint } from './known-charge-point.ts';

const group = 'Commands';
const MAX_WAIT_S = 300;
const MS_PER_SECOND = 1000;

/** What may put a charger out of use for good is for admins. */
const FOR_ADMINS: ReadonlySet<string> = new Set([
  'CertificateSigned',
  'DeleteCertificate',
  'InstallCertificate',
  'SignedUpdateFirmware',
  'UpdateFirmware',
]);

const waitForStart = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: MAX_WAIT_S,
    description:
      'Of RemoteStartTransaction: seconds to wait for the StartTransaction. Its id is told in the header Kwota-Transaction-Id, absent when none came.',
  }),
);

export function commandRoutes(ports: CommandPorts, chargers: ChargerPorts): readonly Route[] {
  return [
    commandRoute(ports, chargers),
    sendLocalListRoute(ports, chargers),
    localListRoute(ports, chargers),
  ];
}

function commandRoute(ports: CommandPorts, chargers: ChargerPorts): Route {
  return defineRoute({
    ...{ method: 'POST', path: '/api/chargers/{id}/commands/{action}', role: 'operator', group },
    summary: 'Any operation of the central system of OCPP 1.6',
    description:
      'Checked against the schema before it is sent; waits for its turn and the answer. Firmware, certificates, a hard Reset and secret configuration keys take the role admin. Filled in when left out: reservationId (ReserveNow), requestId (GetLog, SignedUpdateFirmware), the location of GetDiagnostics and GetLog (this server). A name in place of a charging profile is one of /api/charging-profiles.',
    params: Type.Object({
      ...chargerParams.properties,
      action: Type.String({ description: 'As OCPP 1.6 spells it.', examples: ['RemoteStopTransaction'] }),
    }),
    query: Type.Object({ waitForStart }),
    body: OcppPayload,
    answer: { description: 'The payload of the charger’s answer.', json: OcppPayload },
    problems: [...COMMAND_PROBLEMS, 'actionUnknown'],
    async handle({ params: { id, action }, query, body, caller }) {
      knownChargePoint(chargers, id);
      if (isForAdmins(action, body)) requireRole(caller, 'admin');
      const outcome = await ports.send(id, action, body, caller.name);
      if (outcome.kind !== 'result') throw commandProblem(outcome, id, action);
      const withinS = action === 'RemoteStartTransaction' ? (query.waitForStart ?? 0) : 0;
      const reply = { json: { ...outcome.payload } };
      if (withinS === 0 || !isAccepted(outcome.payload)) return reply;
      const idTag = String(body['idTag']);
      const transactionId = await ports.whenStarted(id, idTag, withinS * MS_PER_SECOND);
      return transactionId === null
        ? reply
        : { ...reply, headers: { 'kwota-transaction-id': String(transactionId) } };
    },
  });
}

function sendLocalListRoute(ports: CommandPorts, chargers: ChargerPorts): Route {
  return defineRoute({
    ...{ method: 'POST', path: '/api/chargers/{id}/local-list', role: 'operator', group },
    summary: 'Sends the users to the charger as its local authorization list',
    description:
      'All users with what each may do at present; in several messages where the charger takes only short ones.',
    params: chargerParams,
    answer: { description: 'What was sent and taken.', json: LocalListSent },
    problems: [...COMMAND_PROBLEMS, 'localListBusy', 'localListRefused'],
    async handle({ params: { id }, caller }) {
      knownChargePoint(chargers, id);
      const outcome = await ports.sendLocalList(id, caller.name);
      switch (outcome.kind) {
        case 'sent': {
          const { listVersion, entries, messages, tooLong } = outcome;
          return { json: { listVersion, entries, messages, tooLong } };
        }
        case 'busy':
          throw new HttpProblem('localListBusy', { hint: 'wait until it has been sent' });
        case 'refused':
          throw new HttpProblem('localListRefused', {
            detail: `the charger answered ${outcome.status}`,
            hint: 'it may want LocalAuthListEnabled=true, or take fewer cards (LocalAuthListMaxLength)',
          });
        case 'failed':
          throw commandProblem(outcome.outcome, id, 'SendLocalList');
      }
    },
  });
}

function localListRoute(ports: CommandPorts, chargers: ChargerPorts): Route {
  return defineRoute({
    ...{ method: 'GET', path: '/api/chargers/{id}/local-list', role: 'viewer', group },
    summary: 'The version of the list that the charger has',
    params: chargerParams,
    answer: { description: 'As it was last sent, or told by the charger.', json: LocalListVersion },
    problems: ['chargerUnknown'],
    handle({ params: { id } }) {
      knownChargePoint(chargers, id);
      const { listVersion = null, atMs = null } = ports.localList(id) ?? {};
      return { json: { listVersion, at: atMs === null ? null : new Date(atMs).toISOString() } };
    },
  });
}

function isForAdmins(action: string, body: Readonly<Record<string, unknown>>): boolean {
  if (action === 'Reset') return body['type'] === 'Hard';
  if (action === 'ChangeConfiguration') return isSecretKey(String(body['key']));
  return FOR_ADMINS.has(action);
}

function isAccepted({ status }: Readonly<Record<string, unknown>>): boolean {
  return typeof status === 'string' && status.trim().toLowerCase() === 'accepted';
}
