// One line of the meter log: what a charge point said at a moment. Readings are shown and forwarded; they never bill.

/** Append-only. `seq` counts up without reuse, so writing the same reading twice changes nothing. */
export interface Reading {
  readonly seq: number;
  /** 48 bits, derived from charger, connector, transaction, timestamp, value and context (reading-id.ts). */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly transactionId: number | null;
  readonly userName: string;
  /** The energy register as the charger shows it, in Wh. */
  readonly registerWh: number | null;
  readonly powerW: number | null;
  readonly frequencyMilliHz: number | null;
}
