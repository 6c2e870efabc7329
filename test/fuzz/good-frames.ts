// A good message of each kind that a charge point sends, and some answers: what is spoiled begins here.
const TIME = '2026-11-30T12:00:05Z';

const SAMPLE = {
  timestamp: TIME,
  sampledValue: [
    { value: '1200', context: 'Sample.Periodic', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
    { value: '7.2', measurand: 'Power.Active.Import', unit: 'kW', phase: 'L1' },
    { value: '50.01', measurand: 'Frequency' },
  ],
};

const CALLS: readonly (readonly [action: string, payload: object])[] = [
  ['BootNotification', { chargePointVendor: 'Fuzz', chargePointModel: 'One', firmwareVersion: '1.0' }],
  ['Heartbeat', {}],
  ['Authorize', { idTag: '04A1' }],
  ['StatusNotification', { connectorId: 1, status: 'Charging', errorCode: 'NoError', timestamp: TIME }],
  ['StartTransaction', { connectorId: 1, idTag: '04A1', meterStart: 1000, timestamp: TIME }],
  ['MeterValues', { connectorId: 1, transactionId: 1, meterValue: [SAMPLE] }],
  ['MeterValues', { connectorId: 1, meterValue: [SAMPLE, SAMPLE] }],
  [
    'StopTransaction',
    { transactionId: 1, meterStop: 1500, timestamp: TIME, reason: 'Local', transactionData: [SAMPLE] },
  ],
  ['DataTransfer', { vendorId: 'fuzz', messageId: 'm', data: '{"a":1}' }],
  ['DiagnosticsStatusNotification', { status: 'Uploaded' }],
  ['FirmwareStatusNotification', { status: 'Installed' }],
  ['LogStatusNotification', { status: 'Uploaded', requestId: 1 }],
  ['SecurityEventNotification', { type: 'InvalidFirmwareSignature', timestamp: TIME }],
  ['SignCertificate', { csr: 'MIIB' }],
  ['SignedFirmwareStatusNotification', { status: 'Installed' }],
];

export const GOOD_FRAMES: readonly string[] = [
  ...CALLS.map(([action, payload], at) => JSON.stringify([2, `m${at}`, action, payload])),
  JSON.stringify([3, 'm1', { status: 'Accepted' }]),
  JSON.stringify([4, 'm1', 'NotSupported', 'why', {}]),
  JSON.stringify([2, 17, 'Heartbeat', {}]),
];
