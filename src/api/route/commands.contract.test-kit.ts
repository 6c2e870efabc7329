// The requests that contract.test.ts makes of the routes of commands and charging profiles. Not part of the program.
import type { ContractGroup } from '../contract-group.test-kit.ts';
import type { CommandFailure, CommandOutcome, CommandPorts, LocalListOutcome } from '../ports/commands.ts';
import { charger, madeUpChargers, NOON_MS } from '../server.test-kit.ts';

/** How a command ends, by the problem that it is told as. */
const FAILURES = {
  chargerOffline: { kind: 'offline', wasSent: false },
  payloadInvalid: { kind: 'invalid', problems: ['type is missing'] },
  callError: { kind: 'callError', code: 'NotSupported', description: '' },
  queueFull: { kind: 'queueFull' },
  callTimeout: { kind: 'timeout', wasSent: true },
  actionUnknown: { kind: 'unknownAction' },
} as const satisfies Readonly<Record<string, CommandFailure>>;
type Failing = keyof typeof FAILURES;

const SENT: LocalListOutcome = { kind: 'sent', listVersion: 3, entries: 2, messages: 1, tooLong: 0 };
const LISTS: Readonly<Record<string, LocalListOutcome>> = {
  localListBusy: { kind: 'busy' },
  localListRefused: { kind: 'refused', status: 'Failed' },
};

const ACCEPTED: CommandOutcome = { kind: 'result', payload: { status: 'Accepted' } };

function failureOf(name: string): CommandFailure | undefined {
  return Object.hasOwn(FAILURES, name) ? FAILURES[name as Failing] : undefined;
}

/** Chargers and actions are named after what becomes of the command; of any other it is accepted. */
function madeUpCommands(): CommandPorts {
  const who = 'ann';
  return {
    send: (_, action) => Promise.resolve(failureOf(action) ?? ACCEPTED),
    whenStarted: () => Promise.resolve(12),
    sendLocalList(id) {
      const failure = failureOf(id);
      return Promise.resolve(failure ? { kind: 'failed', outcome: failure } : (LISTS[id] ?? SENT));
    },
    localList: () => ({ listVersion: 3, atMs: NOON_MS }),
    configuration: () => [{ key: 'HeartbeatInterval', value: '60', isReadonly: false, atMs: NOON_MS }],
    reservations: () => [
      {
        ...{ reservationId: 1, connectorId: 1, idTag: 'A', parentIdTag: null, askedMs: NOON_MS },
        ...{ expiresMs: NOON_MS, who, state: 'used', transactionId: 12 },
      },
    ],
    transfers: () => [
      {
        ...{ requestId: 1, action: 'GetLog', location: null, askedMs: NOON_MS, who, answer: null },
        ...{ fileName: null, uploaded: ['a.zip'], statuses: [{ status: 'Uploading', atMs: NOON_MS }] },
      },
    ],
    chargingProfiles: () => [{ name: 'night', profile: { stackLevel: 1 }, changedMs: NOON_MS, who }],
    putChargingProfile: (name) => Promise.resolve(name === 'night' ? [] : ['the profile is none']),
    removeChargingProfile: () => Promise.resolve(true),
  };
}

const known = (id: string) => ({ params: { id } });
const OK = { ...known('CP1'), problem: null } as const;
const UNKNOWN = { ...known('CP9'), problem: 'chargerUnknown' } as const;
const command = (action: string, id = 'CP1') => ({ params: { id, action }, body: {} });
const named = (name: string) => ({ params: { name } });
const ALL_FAILURES = Object.keys(FAILURES) as Failing[];
const OF_LISTS = ['localListBusy', 'localListRefused'] as const;
const OF_CHARGERS = ALL_FAILURES.filter((one) => one !== 'actionUnknown');

export const commandContract: ContractGroup = {
  parts: () => ({
    chargers: madeUpChargers({
      chargePoints: ['CP1', ...OF_LISTS, ...OF_CHARGERS].map((id) => charger(id)),
    }),
    commands: madeUpCommands(),
    chargerPasswords: {
      set: () => Promise.resolve(),
      clear: () => Promise.resolve(),
      rotate: (id) => Promise.resolve(failureOf(id) ?? ACCEPTED),
    },
  }),
  requests: {
    'POST /api/chargers/{id}/commands/{action}': [
      { ...command('RemoteStartTransaction'), query: '?waitForStart=1', problem: null },
      { ...command('ClearCache', 'CP9'), problem: 'chargerUnknown' },
      ...ALL_FAILURES.map((problem) => ({ ...command(problem), problem })),
    ],
    'POST /api/chargers/{id}/local-list': [
      OK,
      UNKNOWN,
      ...[...OF_LISTS, ...OF_CHARGERS].map((problem) => ({ ...known(problem), problem })),
    ],
    'POST /api/chargers/{id}/password/rotate': [
      OK,
      UNKNOWN,
      ...OF_CHARGERS.map((problem) => ({ ...known(problem), problem })),
    ],
    'GET /api/chargers/{id}/local-list': [OK, UNKNOWN],
    'GET /api/chargers/{id}/configuration': [OK, UNKNOWN],
    'GET /api/chargers/{id}/reservations': [OK, UNKNOWN],
    'GET /api/chargers/{id}/firmware': [OK, UNKNOWN],
    'GET /api/charging-profiles': [{ problem: null }],
    'GET /api/charging-profiles/{name}': [
      { ...named('night'), problem: null },
      { ...named('day'), problem: 'profileUnknown' },
    ],
    'PUT /api/charging-profiles/{name}': [
      { ...named('night'), body: {}, problem: null },
      { ...named('day'), body: {}, problem: 'profileInvalid' },
    ],
    'DELETE /api/charging-profiles/{name}': [
      { ...named('night'), problem: null },
      { ...named('day'), problem: 'profileUnknown' },
    ],
  },
};
