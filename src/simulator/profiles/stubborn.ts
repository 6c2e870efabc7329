// No brand: a charger that says yes to a stop and charges on, and ends only out of service: for the ladder of stops.
import type { Profile } from '../profile.ts';
import { generic } from './generic.ts';

export const stubborn: Profile = {
  ...generic,
  name: 'stubborn',
  boot: { chargePointVendor: 'kwota', chargePointModel: 'Stubborn' },
  remoteStop: 'accept-only',
  zeroLimit: 'ignores',
  inoperative: 'ends',
};
