// /api/charging-profiles: charging profiles that are kept by name, to be sent again.
import Type from 'typebox';
import { ChargingProfile, ChargingProfilesPage, OcppPayload } from '../contract/commands.ts';
import { pageQuery } from '../contract/schema.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { pageOf } from '../page.ts';
import type { CommandPorts, NamedProfile } from '../ports/commands.ts';
import { HttpProblem } from '../problem.ts';

const group = 'Charging profiles';
const path = '/api/charging-profiles/{name}';
const params = Type.Object({ name: Type.String({ description: 'Letters, digits, blanks, dots, dashes.' }) });

export function chargingProfileRoutes(ports: CommandPorts): readonly Route[] {
  return [
    defineRoute({
      ...{ method: 'GET', path: '/api/charging-profiles', role: 'viewer', group },
      summary: 'The charging profiles, by name',
      query: Type.Object(pageQuery),
      answer: { description: 'Charging profiles.', json: ChargingProfilesPage },
      handle({ query }) {
        const { items, next } = pageOf(ports.chargingProfiles(), query, (one) => one.name);
        return { json: { items: items.map(profileOf), next } };
      },
    }),
    defineRoute({
      ...{ method: 'GET', path, role: 'viewer', group, params },
      summary: 'One charging profile',
      answer: { description: 'The profile.', json: ChargingProfile },
      problems: ['profileUnknown'],
      handle: ({ params: { name } }) => ({ json: profileOf(known(ports, name)) }),
    }),
    defineRoute({
      ...{ method: 'PUT', path, role: 'operator', group, params },
      summary: 'Keeps a charging profile under a name, in place of the one that has it',
      isKept: true,
      description: 'connectorId and transactionId are filled in when it is sent.',
      body: OcppPayload,
      answer: { description: 'The profile; it is on disk.', json: ChargingProfile },
      problems: ['profileInvalid'],
      async handle({ params: { name }, body, caller }) {
        const problems = await ports.putChargingProfile(name, body, caller.name);
        if (problems.length === 0) return { json: profileOf(known(ports, name)) };
        const errors = problems.map((message) => ({ path: '', message }));
        throw new HttpProblem('profileInvalid', { detail: problems.join('; '), errors });
      },
    }),
    defineRoute({
      ...{ method: 'DELETE', path, role: 'operator', group, params },
      summary: 'Forgets a charging profile',
      isKept: true,
      description: 'Chargers that have it keep it: send ClearChargingProfile.',
      answer: { status: 204, description: 'It is gone.' },
      problems: ['profileUnknown'],
      async handle({ params: { name } }) {
        known(ports, name);
        await ports.removeChargingProfile(name);
        return { empty: true };
      },
    }),
  ];
}

function known(ports: CommandPorts, name: string): NamedProfile {
  const found = ports.chargingProfiles().find((one) => one.name === name);
  if (found) return found;
  throw new HttpProblem('profileUnknown', {
    detail: `there is no charging profile ${JSON.stringify(name)}`,
    hint: 'GET /api/charging-profiles lists all',
  });
}

function profileOf({ name, profile, changedMs, who }: NamedProfile): ChargingProfile {
  return { name, profile: { ...profile }, changedAt: new Date(changedMs).toISOString(), by: who };
}
