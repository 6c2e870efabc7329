// Versions of what two people may edit at once (RFC 9110 §8.8.3, §13.1.1): the text of it, as a short digest.
import { createHash } from 'node:crypto';
import { HttpProblem } from './problem.ts';

const LENGTH = 27;

/** A strong validator of what is shown: another one as soon as one member differs. */
export function etagOf(shown: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, LENGTH)}"`;
}

/** Throws a 412 unless the header If-Match names the present version, or any (`*`). */
export function requireMatch(ifMatch: string | null, etag: string): void {
  // A proxy that compresses marks it as weak.
  const named = (ifMatch ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (named.includes('*') || named.includes(etag)) return;
  throw new HttpProblem('versionChanged', {
    detail: 'If-Match names another version than the present one',
    hint: 'read it again, look at what changed, and send If-Match with the new ETag',
  });
}
