// Which chargers may connect, and how far they are trusted: the site's rule, its configuration and what is on record, together.
import { admissionOf, type Admission, type UnknownChargers } from '../domain/admission.ts';
import type { ChargePoint } from '../domain/charge-point.ts';
import type { Journal } from './journal.ts';

/** Read for each charger: the configuration may change. */
export interface AdmissionRules {
  readonly unknown: UnknownChargers;
  /** Chargers that the configuration names by their whole id; the keys are in lower case. */
  readonly configuredIds: ReadonlyMap<string, string>;
}

export class Admissions {
  readonly #journal: Journal;
  readonly #rules: AdmissionRules;

  constructor(journal: Journal, rules: AdmissionRules) {
    this.#journal = journal;
    this.#rules = rules;
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
    const isConfigured = this.#rules.configuredIds.get(chargePointId.toLowerCase()) === chargePointId;
    return admissionOf(this.#rules.unknown, known, isConfigured);
  }
}
