// SignedFirmwareStatusNotification: how far a signed firmware update is (security extension). Logged, nothing else.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';

/** `requestId` is that of our SignedUpdateFirmware; a charger may leave it out. */
export function createSignedFirmwareStatusNotification(log: Log): Route<'SignedFirmwareStatusNotification'> {
  return {
    action: 'SignedFirmwareStatusNotification',
    waitsForDisk: false,
    forgives: 'spelling',
    handle({ chargePointId, request }) {
      log.info('STATUS', 'signed firmware update', {
        charger: chargePointId,
        status: request.status,
        requestId: request.requestId,
      });
      return {};
    },
  };
}
