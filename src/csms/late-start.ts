// A StartTransaction that comes after its own StopTransaction: queues out of order, or a stop told with an id of −1.
import { countSample, type MeterContext } from '../domain/energy-account.ts';
import { endSession, type Session } from '../domain/session.ts';
import type { SiteState } from '../domain/site-state.ts';
import type { EventTime } from '../domain/timestamp.ts';
import { UNATTRIBUTED_TAG } from './unknown-transaction.ts';

/** What a StartTransaction tells of the session whose stop may be known. */
interface StartFacts {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly idTag: string;
  readonly meterStartWh: number | null;
  readonly time: EventTime;
}

/** The session known by its stop alone that this start belongs to: the first one to end after it, where card and register fit. */
export function findItsStop(state: SiteState, start: StartFacts): Session | null {
  const { chargePointId, connectorId, idTag, meterStartWh, time } = start;
  let found: Session | null = null;
  for (const session of state.stopOnlyOfChargePoint(chargePointId)) {
    const { end } = session;
    if (!time.isPlausible || end === null || end.atMs <= time.atMs) continue;
    if (session.connectorId !== connectorId && session.connectorId !== 0) continue;
    if (session.idTag !== idTag && session.idTag !== UNATTRIBUTED_TAG) continue;
    const stopWh = end.register?.wh ?? null;
    if (stopWh !== null && meterStartWh !== null && stopWh <= meterStartWh) continue;
    if (found?.end && found.end.atMs <= end.atMs) continue;
    found = session;
  }
  return found;
}

/**
 * The session before a start that is told late, where its stop was lost and a later start ended it: it was given what the
 * register gained until then, and ends where this one began.
 */
export function endedAcross(state: SiteState, begun: Session): Session | null {
  const { chargePointId, connectorId, startedMs, meterStartWh } = begun;
  const latest = state.latestOnConnector(chargePointId, connectorId);
  if (meterStartWh === null || !latest || latest.startedMs <= startedMs) return null;
  let before: Session | null = null;
  for (const session of state.sessions()) {
    if (session.chargePointId !== chargePointId || session.connectorId !== connectorId) continue;
    if (session.startedMs >= startedMs || (before && before.startedMs > session.startedMs)) continue;
    before = session;
  }
  const register = before?.end?.evidence === 'nextStart' ? before.end.register : null;
  const isAcross = register && register.atMs > startedMs && register.wh >= meterStartWh;
  return isAcross ? before : null;
}

/** The session as its start says, with the samples and the end that its stop has told. */
export function withItsStop(begun: Session, stop: Session, context: MeterContext): Session {
  const last = stop.account.lines[0]?.last;
  const account = last ? countSample(begun.account, last, context) : begun.account;
  return stop.end ? endSession({ ...begun, account }, stop.end, context) : begun;
}
