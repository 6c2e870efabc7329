// What the status notifications of firmware, diagnostics and log files need of whoever asked for the transfer. A port only.
import type { EpochMs } from '../../../runtime/clock.ts';

export interface TransferRecorder {
  statusChanged(
    chargePointId: string,
    message: {
      /** The operations of the central system that it may be the status of. */
      actions: readonly ('GetDiagnostics' | 'GetLog' | 'SignedUpdateFirmware' | 'UpdateFirmware')[];
      status: string;
      requestId?: number | undefined;
    },
    receivedAtMs: EpochMs,
  ): void;
}
