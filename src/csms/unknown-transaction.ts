// Sessions of transactions that kwota did not see begin: adopted from samples, or known by their stop alone.
import { connectorIds } from '../domain/charge-point.ts';
import { lastReading, openAccount, type RegisterReading } from '../domain/energy-account.ts';
import { beginSession, type Session } from '../domain/session.ts';
import type { SiteState } from '../domain/site-state.ts';
import type { MeterMessage, Message, StopMessage } from './session-messages.ts';
import type { Users } from './users.ts';

/** Energy that no tag can be found for is booked on this one, so that it is seen and not lost. */
export const UNATTRIBUTED_TAG = 'UNKNOWN';

/**
 * Samples of a transaction that is not known: its energy counts from the first of them. It is `ownerOf` the charger that
 * decides whose it is: the card that was shown there last and has not charged yet. Null when the samples name none.
 */
export function adoptedSession(
  message: MeterMessage,
  ownerOf: (chargePointId: string) => SessionOwner | null,
): Session | null {
  const { chargePointId, transactionId, connectorId, receivedAtMs } = message;
  if (transactionId === null) return null;
  const session = unattributed(message, transactionId, connectorId, 'adopted', receivedAtMs, null);
  return { ...session, ...ownerOf(chargePointId) };
}

/** Whose a session is, and whether he may charge. */
export type SessionOwner = Pick<Session, 'idTag' | 'user' | 'authorization'>;

/**
 * A StopTransaction whose start is not known. Its energy is what the register moved since the session before, where
 * that was the charger's last one and the register goes on from there; else it cannot be told.
 */
export function stopOnlySession(
  message: StopMessage,
  atMs: number,
  nextId: () => number,
  users: Users,
  state: SiteState,
): Session {
  const connectorId = onlyConnector(message.chargePointId, state);
  const before = registerBefore(message.chargePointId, connectorId, atMs, state);
  const id = message.transactionId ?? nextId();
  // On its connector, so that the next one goes on from its register.
  const session = unattributed(message, id, connectorId ?? 0, 'stopOnly', atMs, before);
  if (message.idTag === null) return session;
  const user = users.find(message.idTag);
  return { ...session, idTag: user?.idTag ?? message.idTag, user };
}

/** Null when the charger is known to have several. */
function onlyConnector(chargePointId: string, state: SiteState): number | null {
  const ids = connectorIds(state.chargePoint(chargePointId));
  return ids.length > 1 ? null : (ids[0] ?? 1);
}

/** The register at the end of the charger's last session, if it has one connector and nothing is running. */
function registerBefore(
  chargePointId: string,
  connectorId: number | null,
  atMs: number,
  state: SiteState,
): RegisterReading | null {
  if (connectorId === null || state.runningOfChargePoint(chargePointId).length > 0) return null;
  const latest = state.latestOnConnector(chargePointId, connectorId);
  const register = latest?.end?.register ?? (latest ? lastReading(latest.account) : null);
  return register && register.atMs <= atMs ? register : null;
}

function unattributed(
  message: Message,
  transactionId: number,
  connectorId: number,
  origin: 'adopted' | 'stopOnly',
  startedMs: number,
  start: RegisterReading | null,
): Session {
  return beginSession({
    transactionId,
    chargePointId: message.chargePointId,
    connectorId,
    idTag: UNATTRIBUTED_TAG,
    origin,
    authorization: 'Invalid',
    user: null,
    startedMs,
    meterStartWh: null,
    startKey: null,
    account: openAccount(start),
  });
}
