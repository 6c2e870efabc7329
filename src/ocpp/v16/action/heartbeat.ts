// Heartbeat: tells the charge point what time it is. It never touches a connector's status.
import type { Route } from '../route.ts';
import type { TimeTeller } from '../time-format.ts';

/** The time is taken when the answer is made, not when the message arrived: a queue must not set a charger's clock late. */
export function createHeartbeat(times: TimeTeller): Route<'Heartbeat'> {
  return {
    action: 'Heartbeat',
    waitsForDisk: false,
    forgives: 'everything',
    handle: ({ chargePointId }) => ({ currentTime: times.currentTime(chargePointId) }),
  };
}
