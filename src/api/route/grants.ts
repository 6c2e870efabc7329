// /api/users/{idTag}/grants: extra energy for one month. Listed and taken back, never deleted.
import Type from 'typebox';
import type { Entry } from '../../domain/entry.ts';
import { Grant, GrantsPage, idTag, month, NewGrant } from '../contract/users.ts';
import { pageQuery } from '../contract/schema.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { HttpProblem } from '../problem.ts';
import { pageOf } from '../page.ts';
import type { GrantAnswer, UserPorts } from '../ports/users.ts';
import { knownUser, userParams } from './users.ts';

const group = 'Users';

export function grantRoutes(ports: UserPorts): readonly Route[] {
  return [
    defineRoute({
      ...{ method: 'GET', path: '/api/users/{idTag}/grants', role: 'viewer', group },
      summary: 'The grants of a user, the oldest first',
      description: 'Also of a card that is no user any more.',
      params: userParams,
      query: Type.Object({ ...pageQuery, month: Type.Optional(month) }),
      answer: { description: 'Grants, and what took them back.', json: GrantsPage },
      problems: ['userUnknown'],
      handle({ params, query }) {
        const grants = ports.grants(params.idTag, query.month);
        if (grants.length === 0) knownUser(ports, params.idTag);
        const order = (a: string, b: string) => positionOf(grants, a) - positionOf(grants, b);
        const { items, next } = pageOf(grants, query, (entry) => entry.id, order);
        return { json: { items: items.map(grantOf), next } };
      },
    }),
    defineRoute({
      ...{ method: 'POST', path: '/api/users/{idTag}/grants', role: 'admin', group },
      summary: 'Grants extra kWh for one month',
      isKept: true,
      description:
        'For the current month unless told. A stop of a session that may now go on is taken back. Send an Idempotency-Key: a repeated request then grants nothing more.',
      params: userParams,
      body: NewGrant,
      answer: { status: 201, description: 'The grant; it is on disk.', json: Grant },
      problems: ['userUnknown', 'userInvalid'],
      async handle({ params, body, caller }) {
        const { user } = knownUser(ports, params.idTag);
        return { json: grantOf(made(await ports.grant(user, body, caller.name), params.idTag)) };
      },
    }),
    defineRoute({
      ...{ method: 'POST', path: '/api/users/{idTag}/grants/{grantId}/revoke', role: 'admin', group },
      summary: 'Takes a grant back',
      isKept: true,
      params: Type.Object({ idTag, grantId: Type.String() }),
      answer: { status: 201, description: 'The entry that takes it back.', json: Grant },
      problems: ['grantUnknown', 'grantRevoked'],
      async handle({ params, caller }) {
        return {
          json: grantOf(made(await ports.revoke(params.idTag, params.grantId, caller.name), params.idTag)),
        };
      },
    }),
  ];
}

/** Unknown ids come before all. */
function positionOf(grants: readonly Entry[], id: string): number {
  return grants.findIndex((entry) => entry.id === id);
}

function made(answer: GrantAnswer, tag: string): Entry {
  if (answer.ok) return answer.entry;
  switch (answer.code) {
    case 'invalid': {
      const errors = answer.problems.map(({ field, message }) => ({ path: field, message }));
      const detail = answer.problems.map((one) => one.message).join('; ');
      throw new HttpProblem('userInvalid', { detail, hint: 'nothing was granted', errors });
    }
    case 'unknown':
      throw new HttpProblem('grantUnknown', {
        detail: `${JSON.stringify(tag)} has no such grant`,
        hint: `GET /api/users/${encodeURIComponent(tag)}/grants lists them (kwota users grants)`,
      });
    case 'revoked':
      throw new HttpProblem('grantRevoked', {
        detail: 'the grant has been taken back already',
        hint: 'nothing is left to do',
      });
  }
}

function grantOf({ id, idTag: tag, month: ofMonth, wh, atMs, source, note, revokes }: Entry): Grant {
  const at = new Date(atMs).toISOString();
  return { id, idTag: tag, month: ofMonth, wh, at, by: source, note: note ?? null, revokes: revokes ?? null };
}
