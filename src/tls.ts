// TLS of both ports, joined from configuration and files. Part of the composition root: it decides nothing.
import type { Config } from './config/schema.ts';
import type { Alarms } from './csms/alarms.ts';
import { CertificateError, openCertificateFiles, type CertificateFiles } from './files/certificate-files.ts';
import type { TlsOptions } from './ocpp/ports.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';

export interface TlsParts {
  readonly config: Config;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly log: Log;
}

/** Null: that port is in the clear. */
export interface Tls {
  readonly ocpp: (Pick<CertificateFiles, 'onRenewed'> & { readonly options: TlsOptions }) | null;
  readonly api: CertificateFiles | null;
  close(): void;
}

/** Throws a CertificateError. */
export async function openTls(parts: TlsParts): Promise<Tls> {
  const { tls, auth } = parts.config.ocpp;
  if ((auth === 'certificate' || tls.requireClientCertificate) && tls.ca === null) {
    const what = auth === 'certificate' ? 'ocpp.auth: certificate' : 'ocpp.tls.requireClientCertificate';
    throw new CertificateError('incomplete', `${what} needs ocpp.tls with cert, key and ca`, 'set all three');
  }
  const ocpp = await openCertificateFiles({ section: 'ocpp.tls', paths: tls, ...parts });
  const api = await openCertificateFiles({ section: 'api.tls', paths: parts.config.api.tls, ...parts });
  const { port, requireClientCertificate, minVersion } = tls;
  return {
    ocpp: ocpp && {
      onRenewed: (listener) => ocpp.onRenewed(listener),
      options: { credentials: ocpp.certificates, port, requireClientCertificate, minVersion },
    },
    api,
    close() {
      ocpp?.close();
      api?.close();
    },
  };
}
