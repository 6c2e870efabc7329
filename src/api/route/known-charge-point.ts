// The charge point that a path names, or the problem that there is none.
import Type from 'typebox';
import type { ChargePoint } from '../../domain/charge-point.ts';
import { HttpProblem } from '../problem.ts';
import type { ChargerPorts } from '../ports.ts';

export const chargerParams = Type.Object({
  id: Type.String({ description: 'The id of the charger, percent-encoded.' }),
});

const LIST_HINT = 'GET /api/chargers lists all (kwota chargers list)';

/** Throws a 404 that names the id that was probably meant, or else what to do, `otherwise` with it. */
export function knownChargePoint(ports: ChargerPorts, id: string, otherwise = ''): ChargePoint {
  const chargePoint = ports.state.chargePoint(id);
  if (chargePoint) return chargePoint;
  const closest = ports.closestId(id);
  throw new HttpProblem('chargerUnknown', {
    detail: `there is no charger ${JSON.stringify(id)}`,
    hint: closest === null ? LIST_HINT + otherwise : `did you mean ${JSON.stringify(closest)}?`,
  });
}
