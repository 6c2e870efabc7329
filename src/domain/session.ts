// A session: the record of one charging transaction, and the only thing that owns energy.
import type { AuthorizationStatus } from './authorization.ts';
import { countLast, countReading, type EnergyAccount, type RegisterReading } from './energy-account.ts';
import type { SiteCalendar } from './site-calendar.ts';
import type { User } from './user.ts';

/** How sure the end of a session is: the charger's own meterStop, or the best there was without it. */
export type Evidence = 'meterStop' | 'lastSample' | 'nextStart';

export interface SessionEnd {
  readonly atMs: number;
  readonly evidence: Evidence;
  readonly meterStopWh: number | null;
  /** Reason of StopTransaction (OCPP 1.6 §7.36) as the charger spelt it. */
  readonly reason: string;
}

export type StopReason = 'quotaUsedUp' | 'blocked' | 'expired' | 'unknownTag' | 'concurrentSession';

/** kwota wants this session to end; kept with it, so that a restart goes on where it was. */
export interface StopRequest {
  readonly reason: StopReason;
  readonly sinceMs: number;
  readonly attempts: number;
}

export interface Session {
  /** Positive int32, unique for the charge point together with its id. */
  readonly transactionId: number;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly idTag: string;
  /**
   * start: by StartTransaction; takeOver: from the old stack's files; adopted: first known by a MeterValues;
   * stopOnly: known by its StopTransaction alone.
   */
  readonly origin: 'start' | 'takeOver' | 'adopted' | 'stopOnly';
  /** What StartTransaction was answered. Refused sessions exist too: energy may flow all the same. */
  readonly authorization: AuthorizationStatus;
  /** The user as last known: should users1.csv lose the row, this holds until the session ends. */
  readonly user: User | null;
  readonly startedMs: number;
  /** Wh as the charger said; null when it did not or could not. */
  readonly meterStartWh: number | null;
  /** Equal for a StartTransaction and its repetitions; null when the charger's message had nothing to tell them by. */
  readonly startKey: string | null;
  readonly account: EnergyAccount;
  readonly stop: StopRequest | null;
  readonly end: SessionEnd | null;
}

/** The record id: a transaction id counts only together with its charge point. */
export function sessionId(session: Pick<Session, 'chargePointId' | 'transactionId'>): string {
  return `${session.chargePointId}/${session.transactionId}`;
}

/** Books a reading of the register. Returns the same object when nothing changes. */
export function bookReading(session: Session, reading: RegisterReading, calendar: SiteCalendar): Session {
  const account = countReading(session.account, reading, calendar);
  return account === session.account ? session : { ...session, account };
}

/**
 * Ends a running session. meterStop is its last reading where it continues the register; where it contradicts the
 * samples (another base or unit than theirs) the samples stand and the session is flagged.
 */
export function endSession(session: Session, end: SessionEnd, calendar: SiteCalendar): Session {
  const account =
    end.meterStopWh === null
      ? session.account
      : countLast(session.account, { wh: end.meterStopWh, atMs: end.atMs }, calendar);
  return { ...session, account, stop: null, end };
}

export function isRunning(session: Session): boolean {
  return session.end === null;
}
