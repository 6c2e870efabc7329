// Who asks: a bearer token (RFC 6750) and the role that it gives. Which role a route wants is the route's affair.
import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpProblem } from './problem.ts';

/** viewer reads, operator commands chargers, admin edits users: each may do what the one before it may. */
export type Role = 'viewer' | 'operator' | 'admin';

const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

export interface ApiToken {
  readonly name: string;
  readonly role: Role;
  readonly token: string;
}

export interface Caller {
  readonly name: string;
  readonly role: Role;
}

/** The tokens that are known; joined in src/kwota.ts. */
export interface TokenPort {
  /** Whose token has this SHA-256; null: nobody's. */
  find(digest: Uint8Array): Caller | null;
}

const HINT = 'send Authorization: Bearer and the text of .kwota/admin-token in the data folder';

/** Tokens that stand in full in the configuration or a file. */
export function fixedTokens(tokens: readonly ApiToken[]): TokenPort {
  const known = tokens.map(({ name, role, token }) => ({ caller: { name, role }, digest: digestOf(token) }));
  return {
    find(digest) {
      // All are compared, whichever fits: how long it takes says nothing.
      const [found] = known.filter((one) => timingSafeEqual(one.digest, digest));
      return found?.caller ?? null;
    },
  };
}

/** Returns what tells the caller from an Authorization header, and throws a 401 for anybody else. */
export function createAuthenticator(tokens: TokenPort): (authorization: string | undefined) => Caller {
  return (authorization) => {
    const token = bearerToken(authorization);
    if (token === undefined) {
      throw new HttpProblem('tokenMissing', { hint: HINT, headers: { 'www-authenticate': 'Bearer' } });
    }
    const caller = tokens.find(digestOf(token));
    if (caller) return caller;
    const headers = { 'www-authenticate': 'Bearer error="invalid_token"' };
    throw new HttpProblem('tokenRefused', { hint: HINT, headers });
  };
}

/** Whether the token of an Authorization header is anybody's; it may be taken back at any time. */
export function isKnownToken(tokens: TokenPort, authorization: string | undefined): boolean {
  const token = bearerToken(authorization);
  return token !== undefined && tokens.find(digestOf(token)) !== null;
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
}

/** Throws a 403 for a caller whose role is below `role`. */
export function requireRole(caller: Caller, role: Role): void {
  if (ROLES.indexOf(caller.role) >= ROLES.indexOf(role)) return;
  throw new HttpProblem('roleTooLow', {
    detail: `this takes the role ${role}, and the token ${JSON.stringify(caller.name)} has the role ${caller.role}`,
    hint: `use a token with the role ${role}`,
    headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
  });
}

/** Of equal length whatever the token's: timingSafeEqual wants that. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
