// BootNotification: a charger says what it is. It is accepted, or told to wait for approval; a boot ends no session (OCPP 1.6 §4.2).
import type { Log } from '../../../runtime/log.ts';
import { bootOf2x } from '../boot-of-2x.ts';
import type { Route } from '../route.ts';
import type { TimeTeller } from '../time-format.ts';

/** How soon a charger that waits boots again: long enough to be no load, short enough for who has just approved it. */
const PENDING_INTERVAL_S = 60;

export interface BootRecorder {
  /** Says how the charger is to be answered. */
  booted(
    chargePointId: string,
    boot: {
      vendor?: string | undefined;
      model?: string | undefined;
      serialNumber?: string | undefined;
      firmwareVersion?: string | undefined;
    },
  ): 'Accepted' | 'Pending';
}

export interface BootParts {
  readonly chargePoints: BootRecorder;
  readonly times: TimeTeller;
  readonly heartbeatIntervalS: number;
  readonly log: Log;
}

export function createBootNotification(parts: BootParts): Route<'BootNotification'> {
  const toldOf2x = new Set<string>();
  return {
    action: 'BootNotification',
    waitsForDisk: true,
    forgives: 'everything',
    translate(payload, chargePointId) {
      const boot = bootOf2x(payload);
      if (boot !== undefined && !toldOf2x.has(chargePointId)) {
        toldOf2x.add(chargePointId);
        parts.log.warn('CONNECT', 'a charger boots as OCPP 2.x does', {
          charger: chargePointId,
          hint: 'set the charger to OCPP 1.6J',
        });
      }
      return boot ?? payload;
    },
    handle: ({ chargePointId, request }) => {
      const status = parts.chargePoints.booted(chargePointId, {
        vendor: request.chargePointVendor,
        model: request.chargePointModel,
        serialNumber: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber,
        firmwareVersion: request.firmwareVersion,
      });
      return {
        status,
        currentTime: parts.times.currentTime(chargePointId),
        interval: status === 'Accepted' ? parts.heartbeatIntervalS : PENDING_INTERVAL_S,
      };
    },
  };
}
