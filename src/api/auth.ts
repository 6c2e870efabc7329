// Who asks: a bearer token (RFC 6750) and the role that it gives. What a role may do is the routes' affair.
import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpProblem } from './problem.ts';

/** viewer reads, operator commands chargers, admin edits users: each may do what the one before it may. */
export type Role = 'viewer' | 'operator' | 'admin';

export interface ApiToken {
  readonly name: string;
  readonly role: Role;
  readonly token: string;
}

export interface Caller {
  readonly name: string;
  readonly role: Role;
}

const HINT = 'send Authorization: Bearer and the text of .kwota/admin-token in the data folder';

/** Returns what tells the caller from an Authorization header, and throws a 401 for anybody else. */
export function createAuthenticator(
  tokens: readonly ApiToken[],
): (authorization: string | undefined) => Caller {
  const known = tokens.map(({ name, role, token }) => ({ caller: { name, role }, digest: digestOf(token) }));
  return (authorization) => {
    const token = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
    if (token === undefined) {
      throw new HttpProblem('tokenMissing', { hint: HINT, headers: { 'www-authenticate': 'Bearer' } });
    }
    const digest = digestOf(token);
    // All are compared, whichever fits: how long it takes says nothing.
    const [found] = known.filter((one) => timingSafeEqual(one.digest, digest));
    if (found) return found.caller;
    const headers = { 'www-authenticate': 'Bearer error="invalid_token"' };
    throw new HttpProblem('tokenRefused', { hint: HINT, headers });
  };
}

/** Of equal length whatever the token's: timingSafeEqual wants that. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
