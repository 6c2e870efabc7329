// MeterValues: what the meter shows, booked on the session it belongs to.
import type { EpochMs } from '../../../runtime/clock.ts';
import type { Route } from '../route.ts';
import { connectorIdOr } from './connector-id.ts';

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
    meterValue: readonly SampledValues[];
  }): void;
  usableTransactionId(id: number | undefined): number | null;
}

/** OCPP 1.6 §6.31: connector 0 is the main meter; also where it is left open whose meter it is. */
const MAIN_METER = 0;

export function createMeterValues(sessions: MeterReader): Route<'MeterValues'> {
  return {
    action: 'MeterValues',
    waitsForDisk: true,
    forgives: 'everything',
    handle: ({ chargePointId, request, receivedAt }) => {
      sessions.meterValues({
        chargePointId,
        receivedAtMs: receivedAt,
        connectorId: connectorIdOr(MAIN_METER, request.connectorId),
        transactionId: sessions.usableTransactionId(request.transactionId),
        meterValue: request.meterValue ?? [],
      });
      return {};
    },
  };
}
