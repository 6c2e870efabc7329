// Who may connect as which charger, joined from configuration and services. Part of the composition root: it decides nothing.
import { settingsFor } from './config/charger-settings.ts';
import type { Config } from './config/schema.ts';
import { Authentication } from './csms/credential/authentication.ts';
import type { Services } from './csms/services.ts';
import { CertificateError, openCertificateFiles, type CertificateFiles } from './files/certificate-files.ts';
import type { TlsOptions } from './ocpp/ports.ts';
import type { OcppServerParts } from './ocpp/server.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';

export interface OcppTls extends Pick<CertificateFiles, 'onRenewed' | 'close'> {
  readonly options: TlsOptions;
}

/** Null: there is no wss://. Throws a CertificateError. */
export async function openOcppTls(
  { config, clock, log }: { readonly config: Config; readonly clock: Clock; readonly log: Log },
  { alarms }: Services,
): Promise<OcppTls | null> {
  const { tls, auth } = config.ocpp;
  const wantsCertificates = auth === 'certificate' || tls.requireClientCertificate;
  if (wantsCertificates && tls.ca === null) {
    const what = auth === 'certificate' ? 'ocpp.auth: certificate' : 'ocpp.tls.requireClientCertificate';
    throw new CertificateError('incomplete', `${what} needs ocpp.tls with cert, key and ca`, 'set all three');
  }
  const files = await openCertificateFiles({ section: 'ocpp.tls', paths: tls, clock, log, alarms });
  if (files === null) return null;
  const { port, requireClientCertificate, minVersion } = tls;
  return {
    ...files,
    options: { credentials: files.certificates, port, requireClientCertificate, minVersion },
  };
}

export function createChargerAccess(
  config: Config,
  { admissions, alarms, chargePoints, passwords }: Services,
  clock: Clock,
): Pick<OcppServerParts, 'canonicalId' | 'mayConnect' | 'authenticator'> {
  const authentication = new Authentication({
    rules: { site: config.ocpp.auth, of: (chargePointId) => settingsFor(config, chargePointId) },
    ...{ kept: passwords, alarms, clock },
  });
  passwords.onChange((chargePointId) => authentication.forget(chargePointId));
  return {
    canonicalId: (id) => chargePoints.canonicalId(id),
    mayConnect: (id) => admissions.of(id) !== 'rejected',
    authenticator: authentication,
  };
}
