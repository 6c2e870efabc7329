// BootNotification: a charger says what it is. It is accepted always; a boot ends no session (OCPP 1.6 §4.2).
import type { Clock } from '../../../runtime/clock.ts';
import { formatDateTime } from '../date-time.ts';
import type { Route } from '../route.ts';

export interface BootRecorder {
  booted(
    chargePointId: string,
    boot: {
      vendor?: string | undefined;
      model?: string | undefined;
      serialNumber?: string | undefined;
      firmwareVersion?: string | undefined;
    },
  ): void;
}

export interface BootParts {
  readonly chargePoints: BootRecorder;
  readonly clock: Clock;
  readonly heartbeatIntervalS: number;
}

export function createBootNotification(parts: BootParts): Route<'BootNotification'> {
  return {
    action: 'BootNotification',
    waitsForDisk: true,
    forgives: 'everything',
    handle: ({ chargePointId, request }) => {
      parts.chargePoints.booted(chargePointId, {
        vendor: request.chargePointVendor,
        model: request.chargePointModel,
        serialNumber: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber,
        firmwareVersion: request.firmwareVersion,
      });
      return {
        status: 'Accepted',
        currentTime: formatDateTime(parts.clock.now()),
        interval: parts.heartbeatIntervalS,
      };
    },
  };
}
