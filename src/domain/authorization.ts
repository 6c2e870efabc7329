// May this idTag charge? One decision for Authorize and StartTransaction, and for sessions that run already.
import type { User } from './user.ts';

/** AuthorizationStatus (OCPP 1.6 §7.2) and why. */
export type Decision =
  | { readonly status: 'Accepted' }
  | { readonly status: 'Invalid'; readonly reason: 'unknownTag' }
  | { readonly status: 'Blocked'; readonly reason: 'blocked' | 'quotaUsedUp' }
  | { readonly status: 'Expired'; readonly reason: 'expired' }
  | { readonly status: 'ConcurrentTx'; readonly reason: 'concurrentSession' };

export type AuthorizationStatus = Decision['status'];

export interface AuthorizationFacts {
  /** Null: no such tag. */
  readonly user: User | null;
  readonly acceptsUnknownTags: boolean;
  /** What is left of the account's quota this month, in Wh; null: unlimited. */
  readonly leftWh: number | null;
  /** Today at the site (`2026-11-30`). */
  readonly today: string;
  /** A second session is asked for where only one is allowed. Never so for Authorize (OCPP 1.6 §7.2). */
  readonly isForbiddenSecond: boolean;
}

/** Whether the card's last day is over. */
export function isExpired(user: User, today: string): boolean {
  return user.expires !== null && user.expires < today;
}

export function decide(facts: AuthorizationFacts): Decision {
  const { user } = facts;
  if (!user) {
    return facts.acceptsUnknownTags ? { status: 'Accepted' } : { status: 'Invalid', reason: 'unknownTag' };
  }
  if (user.isBlocked) return { status: 'Blocked', reason: 'blocked' };
  if (facts.leftWh !== null && facts.leftWh <= 0) return { status: 'Blocked', reason: 'quotaUsedUp' };
  if (isExpired(user, facts.today)) return { status: 'Expired', reason: 'expired' };
  if (facts.isForbiddenSecond) return { status: 'ConcurrentTx', reason: 'concurrentSession' };
  return { status: 'Accepted' };
}
