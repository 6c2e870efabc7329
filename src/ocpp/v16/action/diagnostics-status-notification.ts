// DiagnosticsStatusNotification: how far the upload of a diagnostics file is. Logged, nothing else.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';

/** Also sent unasked at boot by some chargers (`Idle`): a CALLERROR made them crash or flood. */
export function createDiagnosticsStatusNotification(log: Log): Route<'DiagnosticsStatusNotification'> {
  return {
    action: 'DiagnosticsStatusNotification',
    waitsForDisk: false,
    forgives: 'spelling',
    handle({ chargePointId, request }) {
      log.info('STATUS', 'diagnostics upload', { charger: chargePointId, status: request.status });
      return {};
    },
  };
}
