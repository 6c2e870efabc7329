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

/** The operations that the services need, with OCPP's own payloads. */
export interface Requests {
  readonly ChangeAvailability: { readonly connectorId: number; readonly type: 'Inoperative' | 'Operative' };
  readonly ChangeConfiguration: { readonly key: string; readonly value: string };
  readonly ClearChargingProfile: { readonly id: number };
  readonly GetConfiguration: { readonly key?: readonly string[] };
  readonly RemoteStopTransaction: { readonly transactionId: number };
  readonly Reset: { readonly type: 'Hard' | 'Soft' };
  readonly SetChargingProfile: { readonly connectorId: number; readonly csChargingProfiles: ChargingProfile };
  readonly TriggerMessage: { readonly requestedMessage: 'MeterValues'; readonly connectorId: number };
  readonly UnlockConnector: { readonly connectorId: number };
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
