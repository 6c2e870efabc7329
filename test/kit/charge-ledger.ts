// What one charge point sent and what of it was acknowledged, session by session: the other side's book, kept without kwota.

/** A session as its charge point knows it. Registers rise by at least 1 Wh from message to message, so that no two are alike. */
export interface LedgerSession {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly idTag: string;
  readonly meterStartWh: number;
  readonly startedMs: number;
  /** What StartTransaction was answered; null until then. */
  transactionId: number | null;
  /** Registers of all MeterValues sent. */
  readonly samplesWh: number[];
  /** How many of them were acknowledged: all, or all but the last. */
  samplesAcknowledged: number;
  /** null until StopTransaction was sent. */
  meterStopWh: number | null;
  /** Whether StopTransaction carries meterStop as a sample (transactionData) too. */
  readonly hasEndSample: boolean;
  isStopAcknowledged: boolean;
}

/** Wh that the central system has acknowledged. */
export function acknowledgedWh(session: LedgerSession): number {
  const { meterStartWh, samplesWh, samplesAcknowledged, meterStopWh, isStopAcknowledged } = session;
  const registerWh =
    isStopAcknowledged && meterStopWh !== null ? meterStopWh : samplesWh[samplesAcknowledged - 1];
  return (registerWh ?? meterStartWh) - meterStartWh;
}

/** Wh up to the register of the message that is not answered; null when none is outstanding. */
export function outstandingWh(session: LedgerSession): number | null {
  const { meterStartWh, samplesWh, samplesAcknowledged, meterStopWh, isStopAcknowledged } = session;
  if (meterStopWh !== null) return isStopAcknowledged ? null : meterStopWh - meterStartWh;
  const sampleWh = samplesWh[samplesAcknowledged];
  return sampleWh === undefined ? null : sampleWh - meterStartWh;
}

/** Registers that must be in the meter log, and the one that may be. */
export function loggedRegistersWh(session: LedgerSession): { must: number[]; may: number | null } {
  const { samplesWh, samplesAcknowledged, meterStopWh, hasEndSample, isStopAcknowledged } = session;
  const must = samplesWh.slice(0, samplesAcknowledged);
  if (meterStopWh === null || !hasEndSample) return { must, may: samplesWh[samplesAcknowledged] ?? null };
  return isStopAcknowledged ? { must: [...must, meterStopWh], may: null } : { must, may: meterStopWh };
}
