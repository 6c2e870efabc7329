// Whether a charger is one of the site's: by what is known of it, and by the site's rule for those that nobody knows. Pure.
import type { ChargePoint } from './charge-point.ts';

/** What a site does with a charger that it does not know. */
export type UnknownChargers = 'accept' | 'pending' | 'reject';

/** accepted: one of the site's. new: let in by the rule, nobody has looked at it yet. pending: waits until somebody approves it. */
export type Admission = 'accepted' | 'new' | 'pending';

const BY_RULE: Readonly<Record<UnknownChargers, Admission | 'rejected'>> = {
  accept: 'new',
  pending: 'pending',
  reject: 'rejected',
};

/** A charger that waits is as good as unknown: the rule in force decides. What was let in once stays in. */
export function admissionOf(
  rule: UnknownChargers,
  chargePoint: ChargePoint | undefined,
  isConfigured: boolean,
): Admission | 'rejected' {
  if (isConfigured) return 'accepted';
  const kept = chargePoint === undefined ? 'pending' : (chargePoint.admission ?? 'accepted');
  return kept === 'pending' ? BY_RULE[rule] : kept;
}
