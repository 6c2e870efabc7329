// What is stored: versions of independent records, each with one writer. Shape only; who stores them is the store's matter.

/** session and entry own energy; charger is what is known of a charge point; the others keep kwota's own books. */
export type RecordKind =
  | 'session'
  | 'entry'
  | 'charger'
  | 'chargingProfiles'
  | 'configuration'
  | 'forward'
  | 'lease'
  | 'localList'
  | 'notice'
  | 'parked'
  | 'password'
  | 'publication'
  | 'quirks'
  | 'reservations'
  | 'site'
  | 'toldAlarm'
  | 'token'
  | 'transfers';

/**
 * One version of one record. `value` is plain JSON data, treated as immutable from here on.
 * A version is accepted iff (epoch, rev) is greater than what is stored, or equal and from the same node (a retry).
 */
export interface RecordVersion {
  readonly kind: RecordKind;
  /** Unique within its kind. */
  readonly id: string;
  readonly chargePointId: string | null;
  /** Whose quota this touches, as known when written; a hint for look-ups, never the truth. */
  readonly account: string | null;
  /** The machine that wrote it. */
  readonly node: string;
  /** Counts the connections of the charge point: a stale writer has a lower one. 0 where no charge point is involved. */
  readonly epoch: number;
  /** Counts the versions of this record, from 1. */
  readonly rev: number;
  readonly value: object;
}
