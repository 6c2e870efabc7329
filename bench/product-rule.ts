// The product's own rule: the services of a site in this process, its enforcer sends the stops. Sockets and disk are left out.
import { sampleUser } from '../src/domain/sample.fixture.ts';
import { answered, Site } from '../test/kit/services.ts';
import type { ChargerModel } from './charging-world.ts';
import type { Commands, StopRule } from './stop-rules.ts';

/** The month is long enough for all charges: a quota never begins anew in between. */
const NOW = '2026-11-01T00:00:00Z';

export function productRule(models: readonly ChargerModel[]): StopRule {
  const site = new Site({ now: NOW, users: [], enforcement: { isPredictive: true } });
  const transactionIds = new Map<string, number>();
  let commands: Commands | null = null;
  for (const { chargePointId } of models) {
    site.connected.add(chargePointId);
    site.services.chargePoints.connected(chargePointId);
  }
  site.answer = (action) => {
    const { chargePointId } = site.calls.at(-1) ?? {};
    if (chargePointId === undefined) throw new Error('nothing was sent');
    if (action === 'RemoteStopTransaction') commands?.remoteStop(chargePointId);
    else if (action === 'TriggerMessage') commands?.trigger(chargePointId);
    return answered('Accepted');
  };
  const message = (chargePointId: string) => ({
    chargePointId,
    receivedAtMs: site.clock.now(),
    timestamp: site.timestamp(),
  });
  return {
    clock: site.clock,
    begin(idTag, quotaWh, given) {
      commands = given;
      site.putUsers(sampleUser(idTag, { quotaWh }));
    },
    started(chargePointId, idTag, meterStart) {
      transactionIds.set(chargePointId, site.start({ ...message(chargePointId), idTag, meterStart }));
    },
    sampled(chargePointId, { wh, powerW, isAsked }) {
      const { timestamp, ...where } = message(chargePointId);
      const power = { value: String(powerW), measurand: 'Power.Active.Import', unit: 'W' };
      const context = isAsked ? 'Trigger' : 'Sample.Periodic';
      const register = { value: String(wh), unit: 'Wh', context };
      site.services.sessions.meterValues({
        ...where,
        connectorId: 1,
        transactionId: transactionIds.get(chargePointId) ?? null,
        meterValue: [{ timestamp, sampledValue: powerW === null ? [register] : [register, power] }],
      });
    },
    stopped(chargePointId, meterStop) {
      site.stop(transactionIds.get(chargePointId) ?? null, meterStop, message(chargePointId));
    },
    settle: () => site.settle(),
  };
}
