// ChangeAvailability by somebody: what is wished holds, and is not put back with what a stop has changed (restorations.ts).
import type { Journal } from '../journal.ts';
import { statusOf } from '../remote.ts';
import type { Effect } from './command.ts';

/** Keeps with the charge point which connectors somebody has taken out of service. */
export function createChangeAvailability(journal: Journal): Effect {
  return {
    ended({ chargePointId, payload }, answer) {
      const status = statusOf(answer);
      const chargePoint = journal.live.chargePoint(chargePointId);
      if (!chargePoint || (status !== 'Accepted' && status !== 'Scheduled')) return;
      const connectorId = payload['connectorId'] as number;
      // Connector 0 is the charge point with all its connectors (OCPP 1.6 §5.2).
      const others = (chargePoint.outOfService ?? []).filter((id) => id !== connectorId && connectorId !== 0);
      const outOfService = payload['type'] === 'Inoperative' ? [...others, connectorId] : others;
      journal.putChargePoint({ ...chargePoint, outOfService });
    },
  };
}
