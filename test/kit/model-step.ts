// What can happen to a model charger, and the messages that come of it: shapes, and what may be told in which order.
import type { Style } from './model-charger.ts';
import type { ModelSession } from './model-session.ts';

export type Action =
  | 'start'
  | 'startWhileOpen'
  | 'sample'
  | 'stop'
  | 'loseStop'
  | 'holdStop'
  | 'releaseStop'
  | 'sampleAfterStop'
  | 'resetRegister'
  | 'goOffline'
  | 'comeBack'
  | 'comeBackNewestFirst'
  | 'boot';

/** What happens next at a place, `seconds` after what happened last anywhere. */
export interface Step {
  /** Index of the connectors that take part. */
  readonly place: number;
  readonly action: Action;
  readonly idTag: string;
  readonly seconds: number;
  /** Of 22 kW, in percent. */
  readonly power: number;
  readonly style: Style;
  /** A StopTransaction tells its samples once more. */
  readonly hasData: boolean;
}

/** A CALL without its message id. The payload is made when it leaves first, and is the same each time it is repeated. */
export interface Message {
  readonly chargePointId: string;
  readonly action: string;
  readonly session: ModelSession | null;
  /** Whether it may come again long after its answer. */
  readonly isRepeatable: boolean;
  readonly payload: (isNamed: boolean) => object;
  /** Told when it has left for the first time. */
  readonly left: () => void;
}

export function isSamePlace(a: ModelSession, b: ModelSession): boolean {
  return a.chargePointId === b.chargePointId && a.connectorId === b.connectorId;
}

/**
 * A queue may be told with the newest session first. Where the stop of an older one is missing, or a register began
 * anew, only the order says what followed what: such queues stay in order.
 */
export function mayBeNewestFirst(queue: readonly Message[]): boolean {
  const newest = queue.findLast((message) => message.session !== null)?.session;
  return queue.every(({ session, action }) => {
    if (action === 'BootNotification') return false;
    if (session === null || session === newest) return true;
    return queue.some((other) => other.session === session && other.action === 'StopTransaction');
  });
}
