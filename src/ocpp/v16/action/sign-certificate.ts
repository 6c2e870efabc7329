// SignCertificate: a charge point asks for a certificate (security extension). There is no certificate authority here.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';

/** Rejected, the legal answer of a central system that signs nothing; the charger keeps the certificate it has. */
export function createSignCertificate(log: Log): Route<'SignCertificate'> {
  return {
    action: 'SignCertificate',
    waitsForDisk: false,
    forgives: 'everything',
    handle({ chargePointId }) {
      log.info('AUTH', 'a charger asked for a certificate, which kwota does not sign', {
        charger: chargePointId,
      });
      return { status: 'Rejected' };
    },
  };
}
