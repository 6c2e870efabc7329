// How often somebody may ask: a token bucket for each token, and for each address that shows none.
import type { Clock } from '../runtime/clock.ts';
import { HttpProblem } from './problem.ts';

/** Those that asked last; who is forgotten begins anew with a full bucket. */
const BUCKETS_MAX = 10_000;
const MS_PER_SECOND = 1000;

export interface RateLimits {
  /** Requests a second in the long run. */
  readonly perSecond: number;
  /** Requests at once after a pause. */
  readonly burst: number;
}

/** Returns what throws a 429 when the one named `who` has asked too often. */
export function createRateLimiter({ perSecond, burst }: RateLimits, clock: Clock): (who: string) => void {
  const buckets = new Map<string, { left: number; atMs: number }>();
  return (who) => {
    const nowMs = clock.monotonicMs();
    const before = buckets.get(who);
    const gained = before === undefined ? burst : ((nowMs - before.atMs) / MS_PER_SECOND) * perSecond;
    const left = Math.min(burst, (before?.left ?? 0) + gained);
    buckets.delete(who);
    buckets.set(who, { left: left < 1 ? left : left - 1, atMs: nowMs });
    const [oldest] = buckets.keys();
    if (buckets.size > BUCKETS_MAX && oldest !== undefined) buckets.delete(oldest);
    if (left >= 1) return;
    const waitS = Math.ceil((1 - left) / perSecond);
    throw new HttpProblem('tooManyRequests', {
      detail: `more than ${perSecond} requests a second`,
      hint: 'ask less often; api.rateLimit and api.rateBurst set the limits',
      headers: { 'retry-after': String(waitS) },
    });
  };
}
