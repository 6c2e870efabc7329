// Whether the store is one that a start refuses without a look at its records. What is in it is for `kwota check`.
import { refusalOf } from '../../src/open-store.ts';
import { finding, type Finding } from './finding.ts';

export function checkStore(dataDir: string): Finding[] {
  const refusal = refusalOf(dataDir);
  // A folder of another user, as that of a service is, is no fault.
  if (refusal === null || !(refusal.isBeyondRepair || refusal.code === 'newer')) return [];
  return [finding('bad', 'store', refusal.message, refusal.hint)];
}
