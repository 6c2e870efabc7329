// Whether a charger is one of the site's: by what is known of it, and by the site's rule for those that nobody knows. Pure.

/** What a site does with a charger that it does not know. */
export type UnknownChargers = 'accept' | 'pending' | 'reject';

/** accepted: one of the site's. new: let in by the rule, nobody has looked at it yet. pending: waits until somebody approves it. */
export type Admission = 'accepted' | 'new' | 'pending';

const BY_RULE: Readonly<Record<UnknownChargers, Admission | 'rejected'>> = {
  accept: 'new',
  pending: 'pending',
  reject: 'rejected',
};

/** `known`: as it is on record; null: it is not. One that waits is as good as unknown; what was let in once stays in. */
export function admissionOf(
  rule: UnknownChargers,
  known: Admission | null,
  isConfigured: boolean,
): Admission | 'rejected' {
  if (isConfigured) return 'accepted';
  return known === null || known === 'pending' ? BY_RULE[rule] : known;
}
