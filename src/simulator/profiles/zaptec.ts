// Zaptec: a sample more after the StopTransaction, for the transaction that has ended.
import type { Profile } from '../profile.ts';
import { generic } from './generic.ts';

export const zaptec: Profile = {
  ...generic,
  name: 'zaptec',
  boot: { chargePointVendor: 'Zaptec', chargePointModel: 'Pro' },
  connectors: 1,
  samples: { ...generic.samples, hasClosing: true },
  reset: 'rejects',
  configuration: { ...generic.configuration, NumberOfConnectors: { value: '1', isReadonly: true } },
};
