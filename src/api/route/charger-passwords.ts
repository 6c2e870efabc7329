// /api/chargers/{id}/password: the password that kwota keeps for a charger. It can be set, and never read.
import { NewPassword, PasswordRotation } from '../contract/charger-access.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { ChargerPorts } from '../ports.ts';
import type { ChargerPasswordPort } from '../ports/charger-passwords.ts';
import { COMMAND_PROBLEMS, commandProblem } from './command-problem.ts';
import { chargerParams, knownChargePoint } from './known-charge-point.ts';

const path = '/api/chargers/{id}/password';
const facts = { role: 'admin', group: 'Chargers', params: chargerParams } as const;

export function chargerPasswordRoutes(
  passwords: ChargerPasswordPort,
  chargers: ChargerPorts,
): readonly Route[] {
  return [
    defineRoute({
      ...{ method: 'PUT', path, ...facts },
      summary: 'Sets the password that a charger shows',
      description:
        'It counts instead of the one in the configuration, from the next connection on, and is kept as a hash. The ' +
        'charger is not told: for that there is `rotate`.',
      body: NewPassword,
      answer: { status: 204, description: 'It is set.' },
      problems: ['chargerUnknown'],
      async handle({ params: { id }, body: { password }, caller }) {
        knownChargePoint(chargers, id);
        await passwords.set(id, password, caller.name);
        return { empty: true };
      },
    }),
    defineRoute({
      ...{ method: 'DELETE', path, ...facts },
      summary: 'Forgets the password of a charger',
      description: 'The one in the configuration counts again, if there is one.',
      answer: { status: 204, description: 'None is kept.' },
      problems: ['chargerUnknown'],
      async handle({ params: { id }, caller }) {
        knownChargePoint(chargers, id);
        await passwords.clear(id, caller.name);
        return { empty: true };
      },
    }),
    defineRoute({
      ...{ method: 'POST', path: `${path}/rotate`, ...facts },
      summary: 'Gives a charger a new password',
      description:
        'A random AuthorizationKey that nobody sees. The old one counts until the charger has come with the new one.',
      answer: { description: 'What the charger said.', json: PasswordRotation },
      problems: [...COMMAND_PROBLEMS],
      async handle({ params: { id }, caller }) {
        knownChargePoint(chargers, id);
        const outcome = await passwords.rotate(id, caller.name);
        if (outcome.kind !== 'result') throw commandProblem(outcome, id, 'ChangeConfiguration');
        const { status } = outcome.payload;
        return { json: { status: typeof status === 'string' ? status : '' } };
      },
    }),
  ];
}
