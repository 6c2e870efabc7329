// Every operation of a central system: what may be asked, what may not, and what a charger may answer by the letter of OCPP 1.6.
type Payload = Readonly<Record<string, unknown>>;

const profile = {
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] },
};
const certificateHashData = {
  hashAlgorithm: 'SHA256',
  issuerNameHash: 'aa',
  issuerKeyHash: 'bb',
  serialNumber: '1',
};
const location = 'ftp://files.example/firmware.bin';
const LATER = '2026-11-10T14:00:00Z';
const firmware = { location, retrieveDateTime: LATER, signingCertificate: 'PEM', signature: 'aGVsbG8=' };

/** By action, all operations of a central system: a payload that the schema takes, and one that it does not. */
export const PAYLOADS: Readonly<Record<string, readonly [Payload, Payload]>> = {
  CancelReservation: [{ reservationId: 1 }, {}],
  CertificateSigned: [{ certificateChain: 'PEM' }, { certificateChain: 5 }],
  ChangeAvailability: [
    { connectorId: 1, type: 'Inoperative' },
    { connectorId: 1, type: 'Off' },
  ],
  ChangeConfiguration: [
    { key: 'HeartbeatInterval', value: '60' },
    { key: 'HeartbeatInterval', value: 60 },
  ],
  ClearCache: [{}, { all: true }],
  ClearChargingProfile: [{ id: 1 }, { id: 'one' }],
  DataTransfer: [{ vendorId: 'x', data: '{}' }, { data: '{}' }],
  DeleteCertificate: [{ certificateHashData }, { certificateHashData: {} }],
  ExtendedTriggerMessage: [{ requestedMessage: 'Heartbeat' }, { requestedMessage: 'Nothing' }],
  GetCompositeSchedule: [{ connectorId: 1, duration: 60 }, { connectorId: 1 }],
  GetConfiguration: [{ key: ['HeartbeatInterval'] }, { key: 'HeartbeatInterval' }],
  GetDiagnostics: [{ location }, { location, retries: 'often' }],
  GetInstalledCertificateIds: [{ certificateType: 'CentralSystemRootCertificate' }, {}],
  GetLocalListVersion: [{}, { version: 1 }],
  GetLog: [
    { log: { remoteLocation: location }, logType: 'SecurityLog', requestId: 1 },
    { logType: 'SecurityLog' },
  ],
  InstallCertificate: [
    { certificateType: 'CentralSystemRootCertificate', certificate: 'PEM' },
    { certificateType: 'Mine', certificate: 'PEM' },
  ],
  RemoteStartTransaction: [{ idTag: 'A', connectorId: 1 }, { connectorId: 1 }],
  RemoteStopTransaction: [{ transactionId: 1 }, { transactionId: '1' }],
  ReserveNow: [
    { connectorId: 1, expiryDate: LATER, idTag: 'A', reservationId: 1 },
    { connectorId: 1, expiryDate: 'soon', idTag: 'A', reservationId: 1 },
  ],
  Reset: [{ type: 'Soft' }, { type: 'Warm' }],
  SendLocalList: [{ listVersion: 1, updateType: 'Full' }, { updateType: 'Full' }],
  SetChargingProfile: [
    { connectorId: 0, csChargingProfiles: profile },
    { connectorId: 0, csChargingProfiles: { ...profile, stackLevel: 'top' } },
  ],
  SignedUpdateFirmware: [
    { requestId: 1, firmware },
    { requestId: 1, firmware: { location } },
  ],
  TriggerMessage: [{ requestedMessage: 'Heartbeat' }, { requestedMessage: 'Heartbeat', connectorId: 'all' }],
  UnlockConnector: [{ connectorId: 1 }, { connectorId: 1.5 }],
  UpdateFirmware: [{ location, retrieveDate: LATER }, { location }],
};

/** By action: an answer of the charger that is legal and has all optional members; those not named are `Accepted`. */
const ANSWERS: Readonly<Record<string, Payload>> = {
  ClearCache: { status: 'Rejected' },
  ClearChargingProfile: { status: 'Unknown' },
  DataTransfer: { status: 'UnknownVendorId', data: 'none of ours' },
  GetCompositeSchedule: {
    status: 'Accepted',
    connectorId: 1,
    scheduleStart: LATER,
    chargingSchedule: {
      duration: 60,
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
    },
  },
  GetConfiguration: {
    configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '60' }],
    unknownKey: ['NoSuchKey'],
  },
  GetDiagnostics: { fileName: 'diagnostics.zip' },
  GetInstalledCertificateIds: { status: 'Accepted', certificateHashData: [certificateHashData] },
  GetLocalListVersion: { listVersion: 7 },
  GetLog: { status: 'Accepted', filename: 'security.log' },
  TriggerMessage: { status: 'NotImplemented' },
  UnlockConnector: { status: 'Unlocked' },
  UpdateFirmware: {},
};

export function legalAnswer(action: string): Payload {
  return ANSWERS[action] ?? { status: 'Accepted' };
}
