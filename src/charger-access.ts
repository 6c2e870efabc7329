// Who may connect as which charger, joined from configuration and services. Part of the composition root: it decides nothing.
import { settingsFor } from './config/charger-settings.ts';
import type { Config } from './config/schema.ts';
import { Authentication } from './csms/credential/authentication.ts';
import type { Services } from './csms/services.ts';
import type { OcppServerParts } from './ocpp/server.ts';
import type { Clock } from './runtime/clock.ts';

export function createChargerAccess(
  config: Config,
  { admissions, alarms, chargePoints, passwords }: Services,
  clock: Clock,
): Pick<OcppServerParts, 'canonicalId' | 'admissionRefusal' | 'authenticator'> {
  const authentication = new Authentication({
    rules: { site: config.ocpp.auth, of: (chargePointId) => settingsFor(config, chargePointId) },
    ...{ kept: passwords, alarms, clock },
  });
  passwords.onChange((chargePointId) => authentication.forget(chargePointId));
  return {
    canonicalId: (id) => chargePoints.canonicalId(id),
    admissionRefusal: (id) => admissions.refusalOf(id),
    authenticator: authentication,
  };
}
