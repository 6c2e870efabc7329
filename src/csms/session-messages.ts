// Transaction messages as the services take them: what could be read, in OCPP's words. Shapes only.
import type { SampledValue } from '../domain/meter-value.ts';

export interface MeterValue {
  readonly timestamp?: string | undefined;
  readonly sampledValue?: readonly SampledValue[] | undefined;
}

export interface Message {
  readonly chargePointId: string;
  readonly receivedAtMs: number;
  readonly timestamp?: string | undefined;
}

export interface StartMessage extends Message {
  readonly connectorId: number;
  readonly idTag: string;
  /** As the charger said; null when missing. */
  readonly meterStart: number | null;
}

export interface MeterMessage extends Message {
  readonly connectorId: number;
  /** Null: none that a central system could have given out. */
  readonly transactionId: number | null;
  /** The id as the charger wrote it, where it could be read at all. */
  readonly writtenId?: number | undefined;
  readonly meterValue: readonly MeterValue[];
}

export interface StopMessage extends Message {
  readonly transactionId: number | null;
  readonly idTag: string | null;
  readonly meterStop: number | null;
  readonly reason: string;
  readonly transactionData: readonly MeterValue[];
}
