// MeterValues: what the meter shows, booked on the session it belongs to.
import type { EpochMs } from '../../../runtime/clock.ts';
import type { Route } from '../route.ts';
import type { ConnectorIds } from './connector-id.ts';

/** One MeterValue as it may arrive: everything may be missing. */
export interface SampledValues {
  readonly timestamp?: string;
  readonly sampledValue?: readonly {
    readonly value?: string;
    readonly context?: string;
    readonly format?: string;
    readonly measurand?: string;
    readonly phase?: string;
    readonly location?: string;
    readonly unit?: string;
  }[];
}

export interface MeterReader {
  meterValues(message: {
    chargePointId: string;
    receivedAtMs: EpochMs;
    connectorId: number;
    transactionId: number | null;
    writtenId: number | undefined;
    meterValue: readonly SampledValues[];
  }): void;
  usableTransactionId(id: number | undefined): number | null;
}

export function createMeterValues(sessions: MeterReader, connectorIds: ConnectorIds): Route<'MeterValues'> {
  return {
    action: 'MeterValues',
    waitsForDisk: true,
    forgives: 'everything',
    handle: ({ chargePointId, request, receivedAt }) => {
      const transactionId = sessions.usableTransactionId(request.transactionId);
      sessions.meterValues({
        chargePointId,
        receivedAtMs: receivedAt,
        connectorId: connectorIds.ofSamples(chargePointId, request.connectorId, transactionId),
        transactionId,
        writtenId: request.transactionId,
        meterValue: request.meterValue ?? [],
      });
      return {};
    },
  };
}
