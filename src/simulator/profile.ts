// How a kind of charger behaves, as data: a new brand is a new file in profiles/. What acts on it is in charge-point.ts and its parts.
import type { RequestOf, ResponseOf } from '../ocpp/v16/messages.ts';
import type { RegisterStyle } from './meter.ts';

/**
 * What becomes of a RemoteStopTransaction for the running transaction.
 * `obey`: accepted, and it stops. `reject`: refused. `ignore`: never answered. `accept-only`: accepted, and it charges on.
 * `late`: accepted, and it stops when nobody expects it any more.
 */
export const remoteStopBehaviours = ['obey', 'reject', 'ignore', 'accept-only', 'late'] as const;
export type RemoteStopBehaviour = (typeof remoteStopBehaviours)[number];

/** What it can measure. */
export const measurands = [
  'Energy.Active.Import.Register',
  'Power.Active.Import',
  'Current.Import',
  'Voltage',
  'SoC',
] as const;
export type Measurand = (typeof measurands)[number];

/** Keys of which the charger itself makes something; a profile has them all. */
export type EffectiveKey =
  | 'HeartbeatInterval'
  | 'MeterValueSampleInterval'
  | 'ClockAlignedDataInterval'
  | 'MeterValuesSampledData'
  | 'MeterValuesAlignedData';

export interface ConfigurationKey {
  readonly value: string;
  readonly isReadonly?: boolean;
  /** Values that it takes; without it, any. */
  readonly accepts?: RegExp;
}

export type ConfigurationKeys = Readonly<Record<EffectiveKey, ConfigurationKey>> &
  Readonly<Record<string, ConfigurationKey>>;

export interface Profile {
  readonly name: string;
  readonly boot: RequestOf<'BootNotification'>;
  /** Whether it says BootNotification at all. */
  readonly boots: boolean;
  /** Whether it says BootNotification again when a lost connection is back; after its own start it always does. */
  readonly bootsOnReconnect: boolean;
  readonly connectors: number;
  readonly register: RegisterStyle;
  readonly samples: {
    /** Whether one more comes after the StopTransaction, for the transaction that has ended. */
    readonly hasClosing: boolean;
    /** What comes to the sample interval until the sample is sent, at least and at most. */
    readonly latencyMs: readonly [least: number, most: number];
    /** Whether a clock-aligned sample begins the sample interval anew. */
    readonly isRephasedByAligned: boolean;
    /** By how much too large Power.Active.Import is. */
    readonly powerFactor: number;
  };
  /** Digits of a timestamp after the seconds. */
  readonly timestampDigits: 0 | 3;
  /** How far its clock is ahead. */
  readonly clockAheadMs: number;
  readonly remoteStop: RemoteStopBehaviour;
  /** From whatever stops the charging to the StopTransaction, in charging time. */
  readonly stopLatencyMs: number;
  /** The same after a RemoteStopTransaction when `late`. */
  readonly lateStopMs: number;
  /** A charging profile of 0 A (or W): the session is suspended, ends, the profile is refused, or accepted without effect. */
  readonly zeroLimit: 'suspends' | 'ends' | 'rejects' | 'ignores';
  /** Inoperative during a transaction: after it (the standard's way), at once, or not at all. */
  readonly inoperative: 'schedules' | 'ends' | 'rejects';
  readonly reset: 'obeys' | 'rejects';
  readonly unlock: ResponseOf<'UnlockConnector'>['status'];
  /** What TriggerMessage gets; the rest is NotImplemented. */
  readonly triggers: readonly RequestOf<'TriggerMessage'>['requestedMessage'][];
  /** Whether a card may start a transaction while there is no connection. */
  readonly startsOffline: boolean;
  /** Whether a start that the central system does not accept ends the transaction. */
  readonly stopsOnInvalidId: boolean;
  readonly configuration: ConfigurationKeys;
}
