// A charger that does what the standard says, with the numbers most chargers have: two connectors, Wh over a lifetime.
import type { Profile } from '../profile.ts';

const SECONDS = /^\d{1,5}$/;
const MEASURANDS =
  /^((Energy\.Active\.Import\.Register|Power\.Active\.Import|Current\.Import|Voltage|SoC)(,(?!$)|$))+$/;

export const generic: Profile = {
  name: 'generic',
  boot: {
    chargePointVendor: 'kwota',
    chargePointModel: 'Simulator',
    firmwareVersion: '1.0.0',
  },
  boots: true,
  bootsOnReconnect: true,
  connectors: 2,
  register: {
    base: 'lifetime',
    resolutionWh: 1,
    unit: 'Wh',
    unitTag: 'Wh',
    decimals: 0,
    startStopUnit: 'Wh',
  },
  samples: { hasClosing: false, latencyMs: [0, 0], isRephasedByAligned: false, powerFactor: 1 },
  timestampDigits: 3,
  clockAheadMs: 0,
  remoteStop: 'obey',
  stopLatencyMs: 1_000,
  lateStopMs: 90_000,
  zeroLimit: 'suspends',
  inoperative: 'schedules',
  reset: 'obeys',
  unlock: 'Unlocked',
  triggers: ['BootNotification', 'Heartbeat', 'MeterValues', 'StatusNotification'],
  startsOffline: true,
  stopsOnInvalidId: true,
  configuration: {
    HeartbeatInterval: { value: '60', accepts: SECONDS },
    MeterValueSampleInterval: { value: '30', accepts: SECONDS },
    ClockAlignedDataInterval: { value: '0', accepts: SECONDS },
    MeterValuesSampledData: {
      value: 'Energy.Active.Import.Register,Power.Active.Import,SoC',
      accepts: MEASURANDS,
    },
    MeterValuesAlignedData: { value: 'Energy.Active.Import.Register', accepts: MEASURANDS },
    StopTransactionOnInvalidId: { value: 'true', isReadonly: true },
    AuthorizeRemoteTxRequests: { value: 'false', isReadonly: true },
    LocalPreAuthorize: { value: 'false', accepts: /^(true|false)$/ },
    WebSocketPingInterval: { value: '0', accepts: SECONDS },
    NumberOfConnectors: { value: '2', isReadonly: true },
    SupportedFeatureProfiles: { value: 'Core,RemoteTrigger,SmartCharging', isReadonly: true },
  },
};
