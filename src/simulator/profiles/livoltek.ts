// LIVOLTEK as one unit in the field was seen: whole kWh from 0 in each session, power ten times too large, clock ahead.
import type { Profile } from '../profile.ts';

const SECONDS = /^\d{1,5}$/;

export const livoltek: Profile = {
  name: 'livoltek',
  boot: { chargePointVendor: 'LIVOLTEK', chargePointModel: 'LIVOLTEK' },
  boots: true,
  bootsOnReconnect: true,
  connectors: 1,
  register: {
    base: 'session',
    resolutionWh: 1_000,
    unit: 'kWh',
    unitTag: 'kWh',
    decimals: 1,
    // Not seen in the field; the standard's unit, and no finer than the samples.
    startStopUnit: 'Wh',
  },
  // A sample each 32 to 33 s though 30 is configured, and one at each quarter of the hour from which the 30 s begin anew.
  samples: { hasClosing: false, latencyMs: [2_000, 3_000], isRephasedByAligned: true, powerFactor: 10 },
  timestampDigits: 0,
  clockAheadMs: 15_000,
  remoteStop: 'obey',
  stopLatencyMs: 2_000,
  lateStopMs: 90_000,
  zeroLimit: 'suspends',
  inoperative: 'schedules',
  reset: 'obeys',
  unlock: 'Unlocked',
  triggers: ['BootNotification', 'Heartbeat', 'StatusNotification'],
  startsOffline: false,
  stopsOnInvalidId: true,
  configuration: {
    HeartbeatInterval: { value: '60', accepts: SECONDS },
    MeterValueSampleInterval: { value: '30', accepts: SECONDS },
    ClockAlignedDataInterval: { value: '900', isReadonly: true },
    MeterValuesSampledData: {
      value: 'Energy.Active.Import.Register,Power.Active.Import',
      isReadonly: true,
    },
    MeterValuesAlignedData: {
      value: 'Energy.Active.Import.Register,Power.Active.Import',
      isReadonly: true,
    },
    NumberOfConnectors: { value: '1', isReadonly: true },
  },
};
