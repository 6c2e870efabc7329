// What the API shows of chargers, joined from the services. Part of the composition root: it decides nothing.
import type { ChargerPorts, TraceReader } from './api/ports.ts';
import { closest } from './config/closest.ts';
import type { Config } from './config/schema.ts';
import type { Services } from './csms/services.ts';
import type { SiteFigures } from './csms/site-figures.ts';
import { quirks } from './domain/quirk.ts';
import { registerGaps } from './domain/register-gaps.ts';
import { identifyDecoded } from './ocpp/identity.ts';
import { recordingOf } from './recording.ts';
import type { Clock } from './runtime/clock.ts';

export interface ChargerPortParts {
  readonly config: Config;
  readonly version: string;
  readonly clock: Clock;
  readonly services: Services;
  readonly figures: SiteFigures;
  readonly traces: TraceReader;
}

export function createChargerPorts({
  config,
  version,
  clock,
  services,
  figures,
  traces,
}: ChargerPortParts): ChargerPorts {
  const { durable } = services;
  return {
    powerOf: (chargePointId) => figures.powerOfChargePoint(chargePointId),
    quotaEndsAtMs: (session) => services.forecasts.quotaEndsAtMs(session),
    state: durable,
    presence: services.chargePoints,
    passwordStateOf: (chargePointId) => services.passwords.stateOf(chargePointId),
    quirksOf: (chargePointId) =>
      services.quirks.of(chargePointId).map((seen) => {
        const { what, handling } = quirks[seen.quirk];
        return { ...seen, what, handling };
      }),
    gapsOf: (chargePointId) =>
      registerGaps([...durable.sessions()].filter((one) => one.chargePointId === chargePointId)),
    traces,
    async recordingOf(chargePointId) {
      const lines = await traces.read(chargePointId, {});
      return recordingOf(config, services, {
        chargePointId,
        lines,
        program: `kwota ${version}`,
        nowMs: clock.now(),
      });
    },
    idOnceConnected(id) {
      const identity = identifyDecoded(id, config.ocpp.pathPrefix ?? undefined);
      return identity.ok ? identity.id : null;
    },
    closestId: (chargePointId) =>
      closest(
        chargePointId,
        [...durable.chargePoints()].map((one) => one.chargePointId),
      ),
  };
}
