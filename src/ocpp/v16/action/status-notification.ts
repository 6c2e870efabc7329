// StatusNotification: what a connector does. A status ends no transaction that was accepted (OCPP 1.6 §4.9).
import type { EpochMs } from '../../../runtime/clock.ts';
import type { Route } from '../route.ts';

export interface StatusRecorder {
  statusChanged(
    chargePointId: string,
    message: { connectorId: number; status: string; errorCode: string; timestamp?: string | undefined },
    receivedAtMs: EpochMs,
  ): void;
}

export function createStatusNotification(chargePoints: StatusRecorder): Route<'StatusNotification'> {
  return {
    action: 'StatusNotification',
    waitsForDisk: true,
    forgives: 'everything',
    handle: ({ chargePointId, request, receivedAt }) => {
      const { connectorId, status, errorCode, timestamp } = request;
      if (connectorId !== undefined && status !== undefined) {
        const message = { connectorId, status, errorCode: errorCode ?? 'NoError', timestamp };
        chargePoints.statusChanged(chargePointId, message, receivedAt);
      }
      return {};
    },
  };
}
