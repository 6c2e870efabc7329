// DiagnosticsStatusNotification: how far the upload of a diagnostics file is. Logged, and told to whoever asked for it.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';
import type { TransferRecorder } from './transfer-recorder.ts';

/** Also sent unasked at boot by some chargers (`Idle`): a CALLERROR made them crash or flood. */
export function createDiagnosticsStatusNotification(
  transfers: TransferRecorder,
  log: Log,
): Route<'DiagnosticsStatusNotification'> {
  return {
    action: 'DiagnosticsStatusNotification',
    waitsForDisk: false,
    forgives: 'spelling',
    handle({ chargePointId, request, receivedAt }) {
      log.info('STATUS', 'diagnostics upload', { charger: chargePointId, status: request.status });
      const { status = '' } = request;
      transfers.statusChanged(chargePointId, { actions: ['GetDiagnostics'], status }, receivedAt);
      return {};
    },
  };
}
