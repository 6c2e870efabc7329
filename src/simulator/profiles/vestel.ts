// Vestel: the register begins at 0 with every transaction, in kWh with three decimals; meterStart is 0, meterStop in Wh.
import type { Profile } from '../profile.ts';
import { generic } from './generic.ts';

export const vestel: Profile = {
  ...generic,
  name: 'vestel',
  boot: { chargePointVendor: 'Vestel', chargePointModel: 'EVC04' },
  connectors: 1,
  register: { ...generic.register, base: 'session', unit: 'kWh', unitTag: 'kWh', decimals: 3 },
  stopLatencyMs: 4_000,
  configuration: { ...generic.configuration, NumberOfConnectors: { value: '1', isReadonly: true } },
};
