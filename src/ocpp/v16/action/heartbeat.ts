// Heartbeat: tells the charge point what time it is. It never touches a connector's status.
import type { Clock } from '../../../runtime/clock.ts';
import { formatDateTime } from '../date-time.ts';
import type { Route } from '../route.ts';

/** The time is taken when the answer is made, not when the message arrived: a queue must not set a charger's clock late. */
export function createHeartbeat(clock: Clock): Route<'Heartbeat'> {
  return {
    action: 'Heartbeat',
    waitsForDisk: false,
    forgives: 'everything',
    handle: () => ({ currentTime: formatDateTime(clock.now()) }),
  };
}
