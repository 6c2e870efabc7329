// /api/chargers/{id}/approve, and forgetting a charger: what a person decides about a charger as such.
import Type from 'typebox';
import { Approval, ApprovedCharger } from '../contract/charger-access.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { ChargerPorts } from '../ports.ts';
import type { ChargerAdminPort } from '../ports/charger-admin.ts';
import { HttpProblem } from '../problem.ts';
import { chargerParams, knownChargePoint } from './known-charge-point.ts';

/** As long as an id may be that connects (src/ocpp/identity.ts). */
const MAX_ID_LENGTH = 128;
const IN_ADVANCE_HINT = '; one that has never connected is approved with --in-advance (inAdvance: true)';

export function chargerAdminRoutes(admin: ChargerAdminPort, chargers: ChargerPorts): readonly Route[] {
  return [approveRoute(admin, chargers), forgetRoute(admin, chargers)];
}

function approveRoute(admin: ChargerAdminPort, chargers: ChargerPorts): Route {
  return defineRoute({
    method: 'POST',
    path: '/api/chargers/{id}/approve',
    role: 'operator',
    group: 'Chargers',
    summary: 'Says that a charger is one of the site’s',
    description:
      'One that waits is told at once, and configured. Approving it again changes nothing. It is asked for as ' +
      '`chargers.unknown` of the configuration has it.',
    params: Type.Object({
      id: Type.String({
        minLength: 1,
        maxLength: MAX_ID_LENGTH,
        description: 'The id of the charger, percent-encoded.',
      }),
    }),
    body: Approval,
    answer: { description: 'It is one from now on.', json: ApprovedCharger },
    problems: ['chargerUnknown'],
    async handle({ params: { id }, body: { inAdvance = false }, caller }) {
      if (inAdvance) refuseImpossibleId(chargers, id);
      else knownChargePoint(chargers, id, IN_ADVANCE_HINT);
      const approvedId = await admin.approve(id, inAdvance, caller.name);
      if (approvedId === null) throw goneMeanwhile(id);
      return { json: { id: approvedId, admission: 'accepted' as const } };
    },
  });
}

function forgetRoute(admin: ChargerAdminPort, chargers: ChargerPorts): Route {
  return defineRoute({
    method: 'DELETE',
    path: '/api/chargers/{id}',
    role: 'admin',
    group: 'Chargers',
    summary: 'Forgets a charger',
    description:
      'Its sessions and their energy stay. When it comes back it is unknown, unless the configuration names it.',
    params: chargerParams,
    answer: { status: 204, description: 'It is forgotten.' },
    problems: ['chargerUnknown', 'chargerConnected', 'chargerCharging'],
    async handle({ params: { id }, caller }) {
      knownChargePoint(chargers, id);
      const outcome = await admin.forget(id, caller.name);
      if (outcome === 'forgotten') return { empty: true };
      if (outcome === 'unknown') throw goneMeanwhile(id);
      throw outcome === 'connected'
        ? new HttpProblem('chargerConnected', { hint: 'switch it off, or point it elsewhere, first' })
        : new HttpProblem('chargerCharging', {
            hint: 'its session ends when it tells so; kwota sessions close ends one that hangs',
          });
    },
  });
}

/** Approving an id that no charger can come with would look done, and let nobody in. One on record has come with it. */
function refuseImpossibleId(chargers: ChargerPorts, id: string): void {
  const reachable = chargers.idOnceConnected(id);
  if (reachable === id || chargers.state.chargePoint(id)) return;
  throw new HttpProblem('badParameter', {
    detail: `no charger can have the id ${JSON.stringify(id)}`,
    hint:
      reachable === null
        ? 'a charger that connects so is turned away'
        : `a charger that connects so is known as ${JSON.stringify(reachable)}`,
    errors: [{ path: 'id', message: 'is no id that a charger can have' }],
  });
}

function goneMeanwhile(id: string): HttpProblem {
  return new HttpProblem('chargerUnknown', { detail: `there is no charger ${JSON.stringify(id)} any more` });
}
