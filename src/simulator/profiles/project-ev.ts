// Project EV: local time that says it is UTC, here an hour ahead; a heartbeat of its own and no fraction of a second.
import type { Profile } from '../profile.ts';
import { generic } from './generic.ts';

export const projectEv: Profile = {
  ...generic,
  name: 'project-ev',
  boot: { chargePointVendor: 'Project EV', chargePointModel: 'EVA-07S-SE' },
  connectors: 1,
  timestampDigits: 0,
  clockAheadMs: 3_600_000,
  configuration: { ...generic.configuration, NumberOfConnectors: { value: '1', isReadonly: true } },
};
