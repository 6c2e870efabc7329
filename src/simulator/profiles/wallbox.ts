// Wallbox: no BootNotification ever, CALLs are served from the first message on; kWh with decimals over a lifetime.
import type { Profile } from '../profile.ts';
import { generic } from './generic.ts';

export const wallbox: Profile = {
  ...generic,
  name: 'wallbox',
  boot: { chargePointVendor: 'Wallbox', chargePointModel: 'PulsarPlus' },
  boots: false,
  bootsOnReconnect: false,
  connectors: 1,
  register: { ...generic.register, resolutionWh: 10, unit: 'kWh', unitTag: 'kWh', decimals: 2 },
  startsOffline: false,
  unlock: 'NotSupported',
  configuration: {
    ...generic.configuration,
    MeterValuesSampledData: { value: 'Energy.Active.Import.Register,Current.Import', isReadonly: true },
    NumberOfConnectors: { value: '1', isReadonly: true },
  },
};
