// /api/tokens: who else may use the API.
import Type from 'typebox';
import { pageQuery } from '../contract/schema.ts';
import { AddedToken, ApiTokensPage, NewToken } from '../contract/tokens.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { pageOf } from '../page.ts';
import type { KeptTokens } from '../ports/tokens.ts';
import { HttpProblem } from '../problem.ts';
import { iso } from './iso.ts';

const LIST_HINT = 'GET /api/tokens lists all (kwota tokens list)';

export function tokenRoutes(tokens: KeptTokens): readonly Route[] {
  return [listRoute(tokens), addRoute(tokens), removeRoute(tokens)];
}

function listRoute(tokens: KeptTokens): Route {
  return defineRoute({
    method: 'GET',
    path: '/api/tokens',
    role: 'admin',
    group: 'Tokens',
    summary: 'The tokens that were added, by name',
    description: 'Neither the admin token of the data folder nor tokens of config.yaml are among them.',
    query: Type.Object({ ...pageQuery }),
    answer: { description: 'Names and roles; the tokens themselves are not kept.', json: ApiTokensPage },
    handle({ query }) {
      const { items, next } = pageOf(tokens.list(), query, ({ name }) => name);
      const shown = items.map(({ name, role, createdMs, by }) => ({
        name,
        role,
        createdAt: iso(createdMs),
        by,
      }));
      return { json: { items: shown, next } };
    },
  });
}

function addRoute(tokens: KeptTokens): Route {
  return defineRoute({
    method: 'POST',
    path: '/api/tokens',
    role: 'admin',
    group: 'Tokens',
    summary: 'Adds a token',
    isKept: true,
    body: NewToken,
    answer: { status: 201, description: 'With the token, which is told this once.', json: AddedToken },
    problems: ['tokenNameTaken', 'tooManyTokens'],
    async handle({ body: { name, role }, caller }) {
      const outcome = await tokens.add(name, role, caller.name);
      if (outcome.kind === 'added') return { json: { name, role, token: outcome.token } };
      if (outcome.kind === 'tooMany') throw new HttpProblem('tooManyTokens', { hint: 'remove one first' });
      throw new HttpProblem('tokenNameTaken', {
        detail: `there is a token called ${JSON.stringify(name)} already`,
        hint: 'take another name, or remove that one first',
      });
    },
  });
}

function removeRoute(tokens: KeptTokens): Route {
  return defineRoute({
    method: 'DELETE',
    path: '/api/tokens/{name}',
    role: 'admin',
    group: 'Tokens',
    summary: 'Removes a token',
    isKept: true,
    params: Type.Object({ name: Type.String({ description: 'As it was added.' }) }),
    answer: { status: 204, description: 'It opens nothing any more.' },
    problems: ['tokenUnknown'],
    async handle({ params: { name }, caller }) {
      if (await tokens.remove(name, caller.name)) return { empty: true };
      throw new HttpProblem('tokenUnknown', {
        detail: `there is no token called ${JSON.stringify(name)}`,
        hint: LIST_HINT,
      });
    },
  });
}
