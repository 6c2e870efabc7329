// What the API needs to command chargers, and of what commands left behind; joined in src/command-ports.ts.

type Payload = Readonly<Record<string, unknown>>;

export type CommandOutcome =
  | { readonly kind: 'result'; readonly payload: Payload }
  | { readonly kind: 'callError'; readonly code: string; readonly description: string }
  | { readonly kind: 'timeout' | 'offline'; readonly wasSent: boolean }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'queueFull' | 'unknownCharger' | 'unknownAction' };

/** It did not end with the charger's answer. */
export type CommandFailure = Exclude<CommandOutcome, { readonly kind: 'result' }>;

export type LocalListOutcome =
  | {
      readonly kind: 'sent';
      readonly listVersion: number;
      readonly entries: number;
      readonly messages: number;
      readonly tooLong: number;
    }
  | { readonly kind: 'refused'; readonly status: string }
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly outcome: CommandFailure };

export interface KnownKey {
  readonly key: string;
  readonly value: string;
  readonly isReadonly: boolean;
  readonly atMs: number;
  readonly isAfterRestart?: true;
}

export interface ShownReservation {
  readonly reservationId: number;
  readonly connectorId: number;
  readonly idTag: string;
  readonly parentIdTag: string | null;
  readonly askedMs: number;
  readonly expiresMs: number;
  readonly who: string;
  readonly state: 'unconfirmed' | 'reserved' | 'used' | 'cancelled' | 'expired';
  readonly transactionId: number | null;
}

export interface ShownTransfer {
  readonly requestId: number;
  readonly action: 'GetDiagnostics' | 'GetLog' | 'SignedUpdateFirmware' | 'UpdateFirmware';
  readonly location: string | null;
  readonly askedMs: number;
  readonly who: string;
  readonly answer: string | null;
  readonly fileName: string | null;
  readonly uploaded: readonly string[];
  readonly statuses: readonly { readonly status: string; readonly atMs: number }[];
}

export interface NamedProfile {
  readonly name: string;
  readonly profile: Payload;
  readonly changedMs: number;
  readonly who: string;
}

export interface CommandPorts {
  /** Never rejects for what a charger does. */
  send(chargePointId: string, action: string, payload: Payload, who: string): Promise<CommandOutcome>;
  /** The transaction that comes of the last RemoteStartTransaction of this card; null when none comes in time. */
  whenStarted(chargePointId: string, idTag: string, withinMs: number): Promise<number | null>;
  sendLocalList(chargePointId: string, who: string): Promise<LocalListOutcome>;
  /** Null: nothing was ever sent or asked. `listVersion` null: not known for certain. */
  localList(chargePointId: string): { readonly listVersion: number | null; readonly atMs: number } | null;
  configuration(chargePointId: string): readonly KnownKey[];
  reservations(chargePointId: string): readonly ShownReservation[];
  transfers(chargePointId: string): readonly ShownTransfer[];
  chargingProfiles(): readonly NamedProfile[];
  /** Resolves with what is wrong; nothing is kept then. */
  putChargingProfile(name: string, profile: Payload, who: string): Promise<readonly string[]>;
  /** False: there is none of this name. */
  removeChargingProfile(name: string): Promise<boolean>;
}
