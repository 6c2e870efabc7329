// Huawei: slow to stop, and of the ways to ask for no current only some are taken: here it takes none.
import type { Profile } from '../profile.ts';
import { generic } from './generic.ts';

export const huawei: Profile = {
  ...generic,
  name: 'huawei',
  boot: { chargePointVendor: 'HUAWEI', chargePointModel: 'SCharger-22KT-S0' },
  connectors: 1,
  timestampDigits: 0,
  stopLatencyMs: 8_000,
  zeroLimit: 'rejects',
  configuration: { ...generic.configuration, NumberOfConnectors: { value: '1', isReadonly: true } },
};
