// Which session a message belongs to. The transaction id is a hint; charge point, connector and idTag decide.
import { lastReading, type RegisterReading } from '../domain/energy-account.ts';
import { isRunning, sessionId, type Session } from '../domain/session.ts';
import type { SiteState } from '../domain/site-state.ts';

/** A transaction id is believed when it is one that a central system may give out; 0, −1 and int64 are not. */
const MAX_INT32 = 2_147_483_647;

export function usableTransactionId(id: number | undefined): number | null {
  return id !== undefined && Number.isInteger(id) && id > 0 && id <= MAX_INT32 ? id : null;
}

function newest(sessions: readonly Session[]): Session | null {
  return sessions.reduce<Session | null>(
    (best, s) => (best && best.startedMs > s.startedMs ? best : s),
    null,
  );
}

/** These sessions as they are now, without those that have ended. */
export function runningNow(state: SiteState, sessions: readonly Session[]): Session[] {
  return sessions.flatMap((session) => state.session(sessionId(session)) ?? []).filter(isRunning);
}

/** For MeterValues: by id, else the session running on the connector, else the only one of the charge point. */
export function findForSamples(
  state: SiteState,
  message: { chargePointId: string; connectorId: number; transactionId: number | null },
): Session | null {
  const { chargePointId, connectorId, transactionId } = message;
  const byId = transactionId === null ? undefined : state.session(`${chargePointId}/${transactionId}`);
  if (byId) return byId;
  // Without a transaction, a sample on connector 0 is the main meter's, which nobody is billed by.
  if (transactionId === null && connectorId === 0) return null;
  const running = state.runningOfChargePoint(chargePointId);
  const onConnector = running.filter((s) => s.connectorId === connectorId || s.connectorId === 0);
  if (onConnector.length > 0) return newest(onConnector);
  return connectorId === 0 && running.length === 1 ? newest(running) : null;
}

/** For samples that belong to nothing that runs: the session on the connector that had not ended at `sampledMs`. */
export function findEndedSince(
  state: SiteState,
  message: { chargePointId: string; connectorId: number; transactionId: number | null },
  sampledMs: number,
): Session | null {
  const { chargePointId, connectorId, transactionId } = message;
  if (transactionId === null && connectorId === 0) return null;
  const latest = state.latestOnConnector(chargePointId, connectorId);
  const endMs = latest?.end?.register?.atMs ?? latest?.end?.atMs ?? 0;
  return latest && sampledMs <= endMs ? latest : null;
}

/** For samples that findForSamples has no session for: the one that a person closed on the connector, while it charges on. */
export function findClosedByHand(
  state: SiteState,
  message: { chargePointId: string; connectorId: number; transactionId: number | null },
): Session | null {
  const { chargePointId, connectorId, transactionId } = message;
  const latest = state.latestOnConnector(chargePointId, connectorId);
  if (connectorId === 0 || latest?.end?.evidence !== 'byHand') return null;
  const connector = state.chargePoint(chargePointId)?.connectors[connectorId];
  const isMeant = transactionId === null || latest.chargerIds?.includes(transactionId) === true;
  return connector?.status === 'Charging' && isMeant ? latest : null;
}

/** Where the next session on its connector began; null: none has, as far as its register is one with the session's. */
export function nextMeterStart(state: SiteState, session: Session): RegisterReading | null {
  const { chargePointId, connectorId, startedMs, meterStartWh } = session;
  if (state.latestOnConnector(chargePointId, connectorId)?.transactionId === session.transactionId)
    return null;
  let next: RegisterReading | null = null;
  // All sessions are looked through: what is told of one that is over is rare.
  for (const { chargePointId: id, connectorId: on, startedMs: atMs, meterStartWh: wh } of state.sessions()) {
    if (id !== chargePointId || on !== connectorId || atMs <= startedMs || wh === null) continue;
    const isBelow = meterStartWh !== null && wh < meterStartWh;
    if (!isBelow && (next === null || atMs < next.atMs)) next = { wh, atMs };
  }
  return next;
}

/**
 * The furthest that the session's register can have got, for there the next one on its connector began. Infinity where
 * none has, and where the register begins anew with each session, or is told in another base than its samples.
 */
export function mostWhOf(state: SiteState, session: Session): number {
  const next = nextMeterStart(state, session);
  if (next === null || session.meterStartWh === null || next.wh <= session.meterStartWh) return Infinity;
  const last = lastReading(session.account);
  return last !== null && last.wh > next.wh ? Infinity : next.wh;
}

/** What a StopTransaction tells of the session that it is to end. */
interface StopFacts {
  readonly chargePointId: string;
  readonly transactionId: number | null;
  readonly idTag: string | null;
  readonly meterStop: number | null;
  /** By the charge point's clock; null when that is not believed. */
  readonly stoppedMs: number | null;
}

/** For StopTransaction: by id, else the running session that fits best by idTag and register. */
export function findForStop(state: SiteState, message: StopFacts): Session | null {
  const { chargePointId, transactionId, idTag, meterStop } = message;
  const byId = transactionId === null ? undefined : state.session(`${chargePointId}/${transactionId}`);
  if (byId) return byId;
  const repeated = findEnded(state, message);
  if (repeated) return repeated;
  const running = state.runningOfChargePoint(chargePointId);
  const sameTag = idTag === null ? running : running.filter((s) => s.idTag === idTag);
  // An id of the charger's own making must come with the tag that started; without any id the only session will do.
  const candidates =
    transactionId !== null ? (idTag === null ? [] : sameTag) : sameTag.length > 0 ? sameTag : running;
  if (candidates.length <= 1) return candidates[0] ?? null;
  if (meterStop === null) return newest(candidates);
  const distance = (s: Session) => {
    const above = meterStop - (lastReading(s.account)?.wh ?? 0);
    return above >= 0 ? above : Number.MAX_SAFE_INTEGER;
  };
  return candidates.reduce((best, s) => (distance(s) < distance(best) ? s : best));
}

/** The session that this very StopTransaction has ended before: repeated without a usable id, it must end no other one. */
function findEnded(state: SiteState, message: StopFacts): Session | null {
  const { chargePointId, transactionId, idTag, meterStop, stoppedMs } = message;
  if (stoppedMs === null) return null;
  // All sessions are looked through: such messages are rare, and an index would cost every other one.
  for (const session of state.sessions()) {
    if (session.chargePointId !== chargePointId || session.end?.atMs !== stoppedMs) continue;
    if (session.end.evidence === 'nextStart' || (session.end.register?.wh ?? null) !== meterStop) continue;
    if (transactionId === null || session.idTag === idTag) return session;
  }
  return null;
}
