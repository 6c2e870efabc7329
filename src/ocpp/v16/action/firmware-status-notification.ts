// FirmwareStatusNotification: how far a firmware update is. Logged, and told to whoever asked for it.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';
import type { TransferRecorder } from './transfer-recorder.ts';

/** Also sent unasked at boot by some chargers (`Idle`, `Installed`): a CALLERROR made them crash or flood. */
export function createFirmwareStatusNotification(
  transfers: TransferRecorder,
  log: Log,
): Route<'FirmwareStatusNotification'> {
  return {
    action: 'FirmwareStatusNotification',
    waitsForDisk: false,
    forgives: 'spelling',
    handle({ chargePointId, request, receivedAt }) {
      log.info('STATUS', 'firmware update', { charger: chargePointId, status: request.status });
      const { status = '' } = request;
      transfers.statusChanged(
        chargePointId,
        { actions: ['UpdateFirmware', 'SignedUpdateFirmware'], status },
        receivedAt,
      );
      return {};
    },
  };
}
