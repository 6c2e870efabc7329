// The alarm for two chargers that have one id. That they do is noticed by the OCPP layer.
import type { Alarms } from './alarms.ts';

/** Raises the alarm for these addresses; with none it is over. */
export function tellDuplicateIdentity(
  alarms: Alarms,
  chargePointId: string,
  addresses: readonly string[],
): void {
  const id = `duplicate-identity/${chargePointId}`;
  if (addresses.length === 0) {
    alarms.clear(id, 'CONNECT');
    return;
  }
  alarms.raise(
    id,
    'CONNECT',
    `duplicate identity: two chargers call themselves ${chargePointId}, at ${[...addresses].sort().join(' and ')}; ` +
      'give each an id of its own, or the energy of both is booked as of one',
  );
}
