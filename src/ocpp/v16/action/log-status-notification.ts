// LogStatusNotification: how far the upload of a log file is (security extension). Logged, and told to whoever asked for it.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';
import type { TransferRecorder } from './transfer-recorder.ts';

/** `requestId` is that of our GetLog; a charger may leave it out. */
export function createLogStatusNotification(
  transfers: TransferRecorder,
  log: Log,
): Route<'LogStatusNotification'> {
  return {
    action: 'LogStatusNotification',
    waitsForDisk: false,
    forgives: 'spelling',
    handle({ chargePointId, request, receivedAt }) {
      log.info('STATUS', 'log upload', {
        charger: chargePointId,
        status: request.status,
        requestId: request.requestId,
      });
      const { status = '', requestId } = request;
      transfers.statusChanged(chargePointId, { actions: ['GetLog'], status, requestId }, receivedAt);
      return {};
    },
  };
}
