// LogStatusNotification: how far the upload of a log file is (security extension). Logged, nothing else.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';

/** `requestId` is that of our GetLog; a charger may leave it out. */
export function createLogStatusNotification(log: Log): Route<'LogStatusNotification'> {
  return {
    action: 'LogStatusNotification',
    waitsForDisk: false,
    forgives: 'spelling',
    handle({ chargePointId, request }) {
      log.info('STATUS', 'log upload', {
        charger: chargePointId,
        status: request.status,
        requestId: request.requestId,
      });
      return {};
    },
  };
}
