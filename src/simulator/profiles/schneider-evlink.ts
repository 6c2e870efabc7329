// Schneider EVlink Pro AC: the energy register in Wh and nothing else each minute, no BootNotification after a lost connection.
import type { Profile } from '../profile.ts';

const SECONDS = /^\d{1,5}$/;
/** It refuses the list of measurands that its own guide prints; a short one is taken. */
const SHORT_LIST = /^Energy\.Active\.Import\.Register(,Power\.Active\.Import)?$/;

export const schneiderEvlink: Profile = {
  name: 'schneider',
  boot: {
    chargePointVendor: 'Schneider Electric',
    chargePointModel: 'EVlink Pro AC',
    firmwareVersion: '1.6.1',
    meterType: 'Embedded MID meter',
  },
  boots: true,
  bootsOnReconnect: false,
  connectors: 1,
  register: {
    base: 'lifetime',
    resolutionWh: 1,
    unit: 'Wh',
    unitTag: 'Wh',
    decimals: 0,
    startStopUnit: 'Wh',
  },
  samples: { hasClosing: false, latencyMs: [0, 0], isRephasedByAligned: false, powerFactor: 1 },
  timestampDigits: 0,
  clockAheadMs: 0,
  remoteStop: 'obey',
  stopLatencyMs: 3_000,
  lateStopMs: 90_000,
  zeroLimit: 'suspends',
  inoperative: 'schedules',
  reset: 'obeys',
  unlock: 'UnlockFailed',
  triggers: ['BootNotification', 'Heartbeat', 'MeterValues', 'StatusNotification'],
  startsOffline: true,
  stopsOnInvalidId: true,
  configuration: {
    HeartbeatInterval: { value: '180', accepts: SECONDS },
    MeterValueSampleInterval: { value: '60', accepts: SECONDS },
    ClockAlignedDataInterval: { value: '0', accepts: SECONDS },
    MeterValuesSampledData: { value: 'Energy.Active.Import.Register', accepts: SHORT_LIST },
    MeterValuesAlignedData: { value: 'Energy.Active.Import.Register', accepts: SHORT_LIST },
    AllowOfflineTxForUnknownId: { value: 'true', accepts: /^(true|false)$/ },
    AuthorizationCacheEnabled: { value: 'false', accepts: /^(true|false)$/ },
    NumberOfConnectors: { value: '1', isReadonly: true },
  },
};
