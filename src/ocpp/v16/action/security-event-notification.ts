// SecurityEventNotification: something happened that concerns the charger's security (security extension). Logged, nothing else.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';

/** Its timestamp is the charger's and its techInfo may be long: both are logged as they came. */
export function createSecurityEventNotification(log: Log): Route<'SecurityEventNotification'> {
  return {
    action: 'SecurityEventNotification',
    waitsForDisk: false,
    forgives: 'spelling',
    handle({ chargePointId, request }) {
      log.warn('STATUS', 'security event at a charger', {
        charger: chargePointId,
        type: request.type,
        at: request.timestamp,
        techInfo: request.techInfo,
      });
      return {};
    },
  };
}
