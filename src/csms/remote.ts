// The chargers as the services command them: a port that the OCPP layer fills. What a command means is its caller's matter.

/** How a CALL ended. `offline`: not connected, or the connection ended first; `cancelled`: not wanted any more when its turn came. */
export type Answer =
  | { readonly kind: 'result'; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly code: string; readonly description: string }
  | { readonly kind: 'timeout' | 'offline' | 'queueFull' | 'cancelled' };

export interface ChargingProfile {
  readonly chargingProfileId: number;
  readonly transactionId?: number;
  readonly stackLevel: number;
  readonly chargingProfilePurpose: 'TxProfile' | 'TxDefaultProfile';
  readonly chargingProfileKind: 'Absolute' | 'Relative';
  readonly chargingSchedule: {
    readonly startSchedule?: string;
    readonly chargingRateUnit: 'A' | 'W';
    readonly chargingSchedulePeriod: readonly { readonly startPeriod: number; readonly limit: number }[];
  };
}

/** Every operation of the central system, with OCPP's own payloads; as objects where only people ask for it (commands.ts). */
export interface Requests {
  readonly CancelReservation: object;
  readonly CertificateSigned: object;
  readonly ChangeAvailability: { readonly connectorId: number; readonly type: 'Inoperative' | 'Operative' };
  readonly ChangeConfiguration: { readonly key: string; readonly value: string };
  readonly ClearCache: object;
  readonly ClearChargingProfile: { readonly id: number };
  readonly DataTransfer: object;
  readonly DeleteCertificate: object;
  readonly ExtendedTriggerMessage: object;
  readonly GetCompositeSchedule: object;
  readonly GetConfiguration: { readonly key?: readonly string[] };
  readonly GetDiagnostics: object;
  readonly GetInstalledCertificateIds: object;
  readonly GetLocalListVersion: object;
  readonly GetLog: object;
  readonly InstallCertificate: object;
  readonly RemoteStartTransaction: object;
  readonly RemoteStopTransaction: { readonly transactionId: number };
  readonly ReserveNow: object;
  readonly Reset: { readonly type: 'Hard' | 'Soft' };
  readonly SendLocalList: object;
  readonly SetChargingProfile: { readonly connectorId: number; readonly csChargingProfiles: ChargingProfile };
  readonly SignedUpdateFirmware: object;
  readonly TriggerMessage:
    | { readonly requestedMessage: 'MeterValues'; readonly connectorId: number }
    | { readonly requestedMessage: 'BootNotification' };
  readonly UnlockConnector: { readonly connectorId: number };
  readonly UpdateFirmware: object;
}

export interface Remote {
  isConnected(chargePointId: string): boolean;
  /** Never rejects. `isWanted` is asked when its turn comes: what it was for may be over by then. */
  call<A extends keyof Requests>(
    chargePointId: string,
    action: A,
    payload: Requests[A],
    isWanted?: () => boolean,
  ): Promise<Answer>;
}

const STATUSES = [
  'Accepted',
  'Rejected',
  'Scheduled',
  'Unlocked',
  'UnlockFailed',
  'NotSupported',
  'NotImplemented',
  'RebootRequired',
  'Unknown',
];

/** The answer in one word: its status in the specification's spelling, whatever the charger's; else how the CALL ended. */
export function statusOf(answer: Answer): string {
  if (answer.kind === 'error') return inItsSpelling(answer.code) || 'CALLERROR';
  if (answer.kind !== 'result') return answer.kind;
  const { status } = answer.payload;
  return (typeof status === 'string' && inItsSpelling(status)) || 'no status';
}

function inItsSpelling(said: string): string {
  const word = said.trim();
  return STATUSES.find((known) => known.toLowerCase() === word.toLowerCase()) ?? word;
}
