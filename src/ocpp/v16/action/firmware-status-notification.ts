// FirmwareStatusNotification: how far a firmware update is. Logged, nothing else.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';

/** Also sent unasked at boot by some chargers (`Idle`, `Installed`): a CALLERROR made them crash or flood. */
export function createFirmwareStatusNotification(log: Log): Route<'FirmwareStatusNotification'> {
  return {
    action: 'FirmwareStatusNotification',
    waitsForDisk: false,
    forgives: 'spelling',
    handle({ chargePointId, request }) {
      log.info('STATUS', 'firmware update', { charger: chargePointId, status: request.status });
      return {};
    },
  };
}
