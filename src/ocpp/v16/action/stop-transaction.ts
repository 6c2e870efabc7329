// StopTransaction: always answered, and with nothing in it: an idTagInfo that refuses makes some chargers charge on (Ocular),
// and a status in the answer would only touch the charger's cache (OCPP 1.6 §4.10).
import type { EpochMs } from '../../../runtime/clock.ts';
import type { Route } from '../route.ts';
import type { SampledValues } from './meter-values.ts';

export interface SessionStopper {
  stop(message: {
    chargePointId: string;
    receivedAtMs: EpochMs;
    transactionId: number | null;
    idTag: string | null;
    meterStop: number | null;
    timestamp?: string | undefined;
    reason: string;
    transactionData: readonly SampledValues[];
  }): void;
  usableTransactionId(id: number | undefined): number | null;
}

/** OCPP 1.6 §6.45: without a reason it was stopped locally. */
const DEFAULT_REASON = 'Local';

export function createStopTransaction(sessions: SessionStopper): Route<'StopTransaction'> {
  return {
    action: 'StopTransaction',
    waitsForDisk: true,
    forgives: 'everything',
    handle: ({ chargePointId, request, receivedAt }) => {
      sessions.stop({
        chargePointId,
        receivedAtMs: receivedAt,
        transactionId: sessions.usableTransactionId(request.transactionId),
        idTag: request.idTag ?? null,
        meterStop: request.meterStop ?? null,
        timestamp: request.timestamp,
        reason: request.reason ?? DEFAULT_REASON,
        transactionData: request.transactionData ?? [],
      });
      return {};
    },
  };
}
