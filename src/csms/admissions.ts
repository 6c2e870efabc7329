// Which chargers may connect, and how far they are trusted: the site's rule, its configuration and what is on record, together.
import { admissionOf, type Admission, type UnknownChargers } from '../domain/admission.ts';
import type { ChargePoint } from '../domain/charge-point.ts';
import type { Journal } from './journal.ts';

/** Read for each charger: the configuration may change. */
export interface AdmissionRules {
  readonly unknown: UnknownChargers;
  /** So many on record, and nobody else is taken in by itself: whoever makes up ids must not fill memory and disk. */
  readonly maxKnown: number;
  /** Chargers that the configuration names by their whole id, as it spells them; the keys are in lower case. */
  readonly configuredIds: ReadonlyMap<string, string>;
}

export class Admissions {
  readonly #journal: Journal;
  readonly #rules: AdmissionRules;

  constructor(journal: Journal, rules: AdmissionRules) {
    this.#journal = journal;
    this.#rules = rules;
  }

  /** Why a charger that wants to connect is turned away; null: it is not. */
  refusalOf(chargePointId: string): 'unknown' | 'full' | null {
    if (this.of(chargePointId) === 'rejected') return 'unknown';
    return this.isFull() && !this.#isKnown(chargePointId) ? 'full' : null;
  }

  /** Whether whoever nobody knows is turned away. */
  isFull(): boolean {
    return this.#journal.live.chargePointCount() >= this.#rules.maxKnown;
  }

  /** Of a charger that wants to connect, or is connected. */
  of(chargePointId: string): Admission | 'rejected' {
    return this.#of(chargePointId, this.#journal.live.chargePoint(chargePointId));
  }

  /** As it is shown: a charger on record that would be turned away now still waits. */
  shown(chargePoint: ChargePoint): Admission {
    const admission = this.#of(chargePoint.chargePointId, chargePoint);
    return admission === 'rejected' ? 'pending' : admission;
  }

  #of(chargePointId: string, chargePoint: ChargePoint | undefined): Admission | 'rejected' {
    // Known before admissions were written down: one of the site's.
    const known = chargePoint === undefined ? null : (chargePoint.admission ?? 'accepted');
    return admissionOf(this.#rules.unknown, known, this.#isConfigured(chargePointId));
  }

  #isConfigured(chargePointId: string): boolean {
    return this.#rules.configuredIds.has(chargePointId.toLowerCase());
  }

  /** One with a session that runs may have been taken over from the old files, and be on no other record. */
  #isKnown(chargePointId: string): boolean {
    const { live } = this.#journal;
    if (live.chargePoint(chargePointId) !== undefined || this.#isConfigured(chargePointId)) return true;
    return live.runningOfChargePoint(chargePointId).length > 0;
  }
}
