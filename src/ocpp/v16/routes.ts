// The route table: every action that a charge point may send, joined from one file each. No logic of its own.
import type { Log } from '../../runtime/log.ts';
import { createDataTransfer } from './action/data-transfer.ts';
import { createDiagnosticsStatusNotification } from './action/diagnostics-status-notification.ts';
import { createFirmwareStatusNotification } from './action/firmware-status-notification.ts';
import { createHeartbeat } from './action/heartbeat.ts';
import { createLogStatusNotification } from './action/log-status-notification.ts';
import { createSecurityEventNotification } from './action/security-event-notification.ts';
import { createSignCertificate } from './action/sign-certificate.ts';
import { createSignedFirmwareStatusNotification } from './action/signed-firmware-status-notification.ts';
import type { TransferRecorder } from './action/transfer-recorder.ts';
import type { Routes } from './route.ts';
import type { TimeTeller } from './time-format.ts';

/** The actions that change what kwota knows; whoever joins the parts makes them with their services. */
export type CoreRoutes = Pick<
  Routes,
  | 'Authorize'
  | 'BootNotification'
  | 'MeterValues'
  | 'StartTransaction'
  | 'StatusNotification'
  | 'StopTransaction'
>;

export interface RoutesParts {
  readonly times: TimeTeller;
  readonly log: Log;
  readonly core: CoreRoutes;
  readonly transfers: TransferRecorder;
}

/** The complete route table: the given core routes and those that need little but the time and the log. */
export function createRoutes({ times, log, core, transfers }: RoutesParts): Routes {
  return {
    ...core,
    DataTransfer: createDataTransfer(log),
    DiagnosticsStatusNotification: createDiagnosticsStatusNotification(transfers, log),
    FirmwareStatusNotification: createFirmwareStatusNotification(transfers, log),
    Heartbeat: createHeartbeat(times),
    LogStatusNotification: createLogStatusNotification(transfers, log),
    SecurityEventNotification: createSecurityEventNotification(log),
    SignCertificate: createSignCertificate(log),
    SignedFirmwareStatusNotification: createSignedFirmwareStatusNotification(transfers, log),
  };
}
