// Who is let in, and what anybody else is told.
import t from 'tap';
import { createAuthenticator, fixedTokens, type ApiToken } from './auth.ts';
import { HttpProblem } from './problem.ts';
import { authorized, listening, TOKEN } from './server.test-kit.ts';

const TOKENS: readonly ApiToken[] = [
  { name: 'boss', role: 'admin', token: 'a'.repeat(43) },
  { name: 'screen', role: 'viewer', token: 'b' },
];

void t.test('a token gives the name and role that it was made for', (t) => {
  const authenticate = createAuthenticator(fixedTokens(TOKENS));
  t.strictSame(authenticate(`Bearer ${'a'.repeat(43)}`), { name: 'boss', role: 'admin' });
  t.strictSame(authenticate('bearer   b '), { name: 'screen', role: 'viewer' }, 'the scheme in any case');
  t.end();
});

void t.test('no token and a wrong one are told apart', (t) => {
  const authenticate = createAuthenticator(fixedTokens(TOKENS));
  const codeOf = (authorization: string | undefined): string => {
    try {
      return authenticate(authorization).role;
    } catch (error) {
      return error instanceof HttpProblem ? error.code : String(error);
    }
  };
  for (const none of [undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'b', 'Bearer b c', 'Token b']) {
    t.equal(codeOf(none), 'tokenMissing', String(none));
  }
  for (const wrong of ['Bearer c', 'Bearer B', 'Bearer bb', `Bearer ${'a'.repeat(42)}`, 'Bearer undefined']) {
    t.equal(codeOf(wrong), 'tokenRefused', wrong);
  }
  t.end();
});

void t.test('a server without tokens lets nobody in', (t) => {
  t.throws(() => createAuthenticator(fixedTokens([]))('Bearer b'), { code: 'tokenRefused' });
  t.end();
});

void t.test('over the wire both are a 401 that names the scheme, and never the token', async (t) => {
  const url = await listening(t);
  const none = await fetch(`${url}/api/chargers`);
  t.equal(none.status, 401);
  t.equal(none.headers.get('www-authenticate'), 'Bearer');
  t.match(await none.json(), { type: 'urn:kwota:problem:tokenMissing', status: 401, hint: /admin-token/ });
  const wrong = await fetch(`${url}/api/chargers`, { headers: { authorization: 'Bearer wrong-one' } });
  t.equal(wrong.status, 401);
  t.equal(wrong.headers.get('www-authenticate'), 'Bearer error="invalid_token"');
  const body = await wrong.text();
  t.match(JSON.parse(body), { type: 'urn:kwota:problem:tokenRefused', status: 401 });
  t.notMatch(body, 'wrong-one');
  t.notMatch(body, TOKEN);
  t.equal((await authorized(`${url}/api/chargers`)).status, 200);
});
