// SignedFirmwareStatusNotification: how far a signed firmware update is (security extension). Logged, and told to whoever asked for it.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';
import type { TransferRecorder } from './transfer-recorder.ts';

/** `requestId` is that of our SignedUpdateFirmware; a charger may leave it out. */
export function createSignedFirmwareStatusNotification(
  transfers: TransferRecorder,
  log: Log,
): Route<'SignedFirmwareStatusNotification'> {
  return {
    action: 'SignedFirmwareStatusNotification',
    waitsForDisk: false,
    forgives: 'spelling',
    handle({ chargePointId, request, receivedAt }) {
      log.info('STATUS', 'signed firmware update', {
        charger: chargePointId,
        status: request.status,
        requestId: request.requestId,
      });
      const { status = '', requestId } = request;
      transfers.statusChanged(
        chargePointId,
        { actions: ['SignedUpdateFirmware', 'UpdateFirmware'], status, requestId },
        receivedAt,
      );
      return {};
    },
  };
}
