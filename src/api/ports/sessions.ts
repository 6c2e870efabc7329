// What the API needs of sessions; joined in src/session-ports.ts.
import type { Session } from '../../domain/session.ts';

export type StopAnswer =
  | { readonly kind: 'asked'; readonly step: string; readonly answer: string | null }
  | { readonly kind: 'offline' | 'ended' };

export type CloseAnswer =
  | { readonly kind: 'closed' | 'ended' }
  | { readonly kind: 'belowLast' | 'beyondPower'; readonly lastWh: number };

export interface SessionPorts {
  /** Durable ones, in any order. */
  sessions(): Iterable<Session>;
  session(chargePointId: string, transactionId: number): Session | undefined;
  /** Whether it started in this billing month, or energy flowed then. */
  isOfMonth(session: Session, month: string): boolean;
  /** Empty: not known. */
  userNameOf(session: Session): string;
  /** Null while nobody can tell. */
  quotaEndsAtMs(session: Session): number | null;
  /** Null while nobody can tell. */
  powerOf(session: Session): number | null;
  /** Empty: not known. */
  connectorStatusOf(session: Session): string;
  /** Of its account in the current month; null: no limit, or no user. */
  leftWhOf(session: Session): number | null;
  /** `by` is the name of the caller's token. */
  stop(session: Session, by: string): Promise<StopAnswer>;
  close(session: Session, meterStopWh: number | null, by: string): Promise<CloseAnswer>;
}
