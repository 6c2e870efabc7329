// The OCPP 1.6 messages including the security extension: names, types and JSON schemas (from typed-ocpp). It checks nothing itself.
// Only the 1.6 files of the package are imported: its index compiles the schemas of three protocol versions.
import * as schemas from 'typed-ocpp/dist/ocpp16/schemas.js';
import type * as T from 'typed-ocpp/dist/ocpp16/types.js';

interface Message<Request, Response> {
  readonly request: Request;
  readonly response: Response;
}

/** Request and response of every action, both directions. */
export interface Messages {
  Authorize: Message<T.AuthorizeRequest, T.AuthorizeResponse>;
  BootNotification: Message<T.BootNotificationRequest, T.BootNotificationResponse>;
  CancelReservation: Message<T.CancelReservationRequest, T.CancelReservationResponse>;
  CertificateSigned: Message<T.CertificateSignedRequest, T.CertificateSignedResponse>;
  ChangeAvailability: Message<T.ChangeAvailabilityRequest, T.ChangeAvailabilityResponse>;
  ChangeConfiguration: Message<T.ChangeConfigurationRequest, T.ChangeConfigurationResponse>;
  ClearCache: Message<T.ClearCacheRequest, T.ClearCacheResponse>;
  ClearChargingProfile: Message<T.ClearChargingProfileRequest, T.ClearChargingProfileResponse>;
  DataTransfer: Message<T.DataTransferRequest, T.DataTransferResponse>;
  DeleteCertificate: Message<T.DeleteCertificateRequest, T.DeleteCertificateResponse>;
  DiagnosticsStatusNotification: Message<
    T.DiagnosticsStatusNotificationRequest,
    T.DiagnosticsStatusNotificationResponse
  >;
  ExtendedTriggerMessage: Message<T.ExtendedTriggerMessageRequest, T.ExtendedTriggerMessageResponse>;
  FirmwareStatusNotification: Message<
    T.FirmwareStatusNotificationRequest,
    T.FirmwareStatusNotificationResponse
  >;
  GetCompositeSchedule: Message<T.GetCompositeScheduleRequest, T.GetCompositeScheduleResponse>;
  GetConfiguration: Message<T.GetConfigurationRequest, T.GetConfigurationResponse>;
  GetDiagnostics: Message<T.GetDiagnosticsRequest, T.GetDiagnosticsResponse>;
  GetInstalledCertificateIds: Message<
    T.GetInstalledCertificateIdsRequest,
    T.GetInstalledCertificateIdsResponse
  >;
  GetLocalListVersion: Message<T.GetLocalListVersionRequest, T.GetLocalListVersionResponse>;
  GetLog: Message<T.GetLogRequest, T.GetLogResponse>;
  Heartbeat: Message<T.HeartbeatRequest, T.HeartbeatResponse>;
  InstallCertificate: Message<T.InstallCertificateRequest, T.InstallCertificateResponse>;
  LogStatusNotification: Message<T.LogStatusNotificationRequest, T.LogStatusNotificationResponse>;
  MeterValues: Message<T.MeterValuesRequest, T.MeterValuesResponse>;
  RemoteStartTransaction: Message<T.RemoteStartTransactionRequest, T.RemoteStartTransactionResponse>;
  RemoteStopTransaction: Message<T.RemoteStopTransactionRequest, T.RemoteStopTransactionResponse>;
  ReserveNow: Message<T.ReserveNowRequest, T.ReserveNowResponse>;
  Reset: Message<T.ResetRequest, T.ResetResponse>;
  SecurityEventNotification: Message<T.SecurityEventNotificationRequest, T.SecurityEventNotificationResponse>;
  SendLocalList: Message<T.SendLocalListRequest, T.SendLocalListResponse>;
  SetChargingProfile: Message<T.SetChargingProfileRequest, T.SetChargingProfileResponse>;
  SignCertificate: Message<T.SignCertificateRequest, T.SignCertificateResponse>;
  SignedFirmwareStatusNotification: Message<
    T.SignedFirmwareStatusNotificationRequest,
    T.SignedFirmwareStatusNotificationResponse
  >;
  SignedUpdateFirmware: Message<T.SignedUpdateFirmwareRequest, T.SignedUpdateFirmwareResponse>;
  StartTransaction: Message<T.StartTransactionRequest, T.StartTransactionResponse>;
  StatusNotification: Message<T.StatusNotificationRequest, T.StatusNotificationResponse>;
  StopTransaction: Message<T.StopTransactionRequest, T.StopTransactionResponse>;
  TriggerMessage: Message<T.TriggerMessageRequest, T.TriggerMessageResponse>;
  UnlockConnector: Message<T.UnlockConnectorRequest, T.UnlockConnectorResponse>;
  UpdateFirmware: Message<T.UpdateFirmwareRequest, T.UpdateFirmwareResponse>;
}

/** Every action of OCPP 1.6, whoever sends it. */
export type Action = keyof Messages;

/** What a charge point may send: core, firmware management and the security extension. */
export const chargePointActions = [
  'Authorize',
  'BootNotification',
  'DataTransfer',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'LogStatusNotification',
  'MeterValues',
  'SecurityEventNotification',
  'SignCertificate',
  'SignedFirmwareStatusNotification',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
] as const satisfies readonly Action[];

/** What the central system may send, all profiles of 1.6 and the security extension. */
export const centralSystemActions = [
  'CancelReservation',
  'CertificateSigned',
  'ChangeAvailability',
  'ChangeConfiguration',
  'ClearCache',
  'ClearChargingProfile',
  'DataTransfer',
  'DeleteCertificate',
  'ExtendedTriggerMessage',
  'GetCompositeSchedule',
  'GetConfiguration',
  'GetDiagnostics',
  'GetInstalledCertificateIds',
  'GetLocalListVersion',
  'GetLog',
  'InstallCertificate',
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'ReserveNow',
  'Reset',
  'SendLocalList',
  'SetChargingProfile',
  'SignedUpdateFirmware',
  'TriggerMessage',
  'UnlockConnector',
  'UpdateFirmware',
] as const satisfies readonly Action[];

export type ChargePointAction = (typeof chargePointActions)[number];
export type CentralSystemAction = (typeof centralSystemActions)[number];

export type RequestOf<A extends Action> = Messages[A]['request'];
export type ResponseOf<A extends Action> = Messages[A]['response'];

export type Direction = 'request' | 'response';

const chargePointActionNames: ReadonlySet<string> = new Set(chargePointActions);
const centralSystemActionNames: ReadonlySet<string> = new Set(centralSystemActions);

/** Whether a charge point may send an action of this name (spelled exactly). */
export function isChargePointAction(name: string): name is ChargePointAction {
  return chargePointActionNames.has(name);
}

/** Whether the central system may send an action of this name (spelled exactly). */
export function isCentralSystemAction(name: string): name is CentralSystemAction {
  return centralSystemActionNames.has(name);
}

/** A JSON schema as far as the 1.6 schemas use the language. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly maxLength?: number;
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

const schemasByName = schemas as Readonly<Record<string, JsonSchema>>;

/** The package's schema of one message; shared, so never changed. */
export function schemaOf(action: Action, direction: Direction): JsonSchema {
  const schema = schemasByName[action + (direction === 'request' ? 'Request' : 'Response')];
  if (schema === undefined) throw new Error(`typed-ocpp has no ${direction} schema of ${action}`);
  return schema;
}
