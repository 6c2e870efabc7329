// The id of a reading: 48 bits that are the same for a reading and its repetitions. Made for each sample, so not by a cryptographic hash.

/** What makes a reading the same reading. */
export interface ReadingIdentity {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly transactionId: number | null;
  /** As the charger wrote it. */
  readonly timestamp: string;
  readonly registerWh: number | null;
  /** Counts where there is no register. */
  readonly intervalMilliWh: number | null;
  readonly context: string;
}

const LOW_BITS = 0x1_0000_0000;

/** By chance one pair of readings in 280 million million has the same id. */
export function readingIdOf(reading: ReadingIdentity): number {
  const { chargePointId, connectorId, transactionId, timestamp, registerWh, intervalMilliWh, context } =
    reading;
  const amount = registerWh ?? (intervalMilliWh === null ? '' : `+${intervalMilliWh}`);
  const key = `${timestamp}|${amount}|${chargePointId}|${connectorId}|${transactionId ?? ''}|${context}`;
  // Two multiplicative hashes side by side; each ends by mixing its high bits into the low ones.
  let a = 0x9e3779b1;
  let b = 0x85ebca77;
  for (let index = 0; index < key.length; index += 1) {
    const unit = key.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b + unit, 0xc2b2ae3d) ^ (b >>> 15);
  }
  a = Math.imul(a ^ (a >>> 16) ^ b, 0x27d4eb2f);
  b = Math.imul(b ^ (b >>> 13) ^ a, 0x165667b1);
  return (b >>> 16) * LOW_BITS + ((a ^ (a >>> 15)) >>> 0);
}

/** As other programs get it: 12 hexadecimal digits. */
export function readingIdText(id: number): string {
  return id.toString(16).padStart(12, '0');
}
