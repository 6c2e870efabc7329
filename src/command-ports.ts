// What the API commands and shows of commands, joined from the services. Part of the composition root: it decides nothing.
import type { CommandPorts } from './api/ports/commands.ts';
import type { Operations } from './csms/operations.ts';
import type { Services } from './csms/services.ts';
import type { Clock } from './runtime/clock.ts';

export function createCommandPorts(services: Services, operations: Operations, clock: Clock): CommandPorts {
  const { configurations, journal } = services;
  const { commands, chargingProfiles, localLists, remoteStarts, reservations, transfers } = operations;
  return {
    send: (chargePointId, action, payload, who) => commands.send(chargePointId, action, payload, who),
    whenStarted: (chargePointId, idTag, withinMs) => remoteStarts.whenStarted(chargePointId, idTag, withinMs),
    sendLocalList: (chargePointId, who) => localLists.sendUsers(commands, chargePointId, who),
    localList: (chargePointId) => localLists.of(chargePointId),
    configuration: (chargePointId) => configurations.of(chargePointId),
    reservations: (chargePointId) =>
      reservations.of(chargePointId).map((one) => {
        const isOver =
          one.expiresMs <= clock.now() && (one.state === 'reserved' || one.state === 'unconfirmed');
        return isOver ? { ...one, state: 'expired' } : one;
      }),
    transfers: (chargePointId) => transfers.of(chargePointId),
    chargingProfiles: () => chargingProfiles.all(),
    async putChargingProfile(name, profile, who) {
      const problems = await chargingProfiles.put(name, profile, who);
      await journal.durable();
      return problems;
    },
    async removeChargingProfile(name) {
      const isRemoved = chargingProfiles.remove(name);
      await journal.durable();
      return isRemoved;
    },
  };
}
