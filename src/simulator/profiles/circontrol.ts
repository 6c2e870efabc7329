// Circontrol: samples count from 0 in each session, meterStart and meterStop are those of a lifetime.
import type { Profile } from '../profile.ts';
import { generic } from './generic.ts';

export const circontrol: Profile = {
  ...generic,
  name: 'circontrol',
  boot: { chargePointVendor: 'CIRCONTROL', chargePointModel: 'eVolve' },
  register: { ...generic.register, base: 'session', startStopBase: 'lifetime' },
  samples: { ...generic.samples, latencyMs: [0, 1_000] },
  timestampDigits: 0,
  triggers: ['BootNotification', 'Heartbeat', 'StatusNotification'],
};
