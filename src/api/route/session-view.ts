// A session as the API shows it, in lists, alone and in events. What may be shown is decided by who calls.
import { lastReading } from '../../domain/energy-account.ts';
import { totalWh } from '../../domain/energy.ts';
import { isRunning, type Session } from '../../domain/session.ts';
import type { ClimbedRung } from '../../domain/stop-ladder.ts';
import type { Rung, Session as ShownSession, SessionDetails } from '../contract/sessions.ts';
import type { SessionPorts } from '../ports/sessions.ts';
import { iso, isoOrNull } from './iso.ts';

/** What is known of a session beside its record. */
export type SessionFacts = Pick<
  SessionPorts,
  'userNameOf' | 'quotaEndsAtMs' | 'powerOf' | 'connectorStatusOf' | 'leftWhOf'
>;

export function sessionView(session: Session, facts: SessionFacts): ShownSession {
  const { transactionId, chargePointId, connectorId, idTag, authorization, account } = session;
  return {
    transactionId,
    chargerId: chargePointId,
    connectorId,
    idTag,
    userName: facts.userNameOf(session),
    status: isRunning(session) ? 'running' : 'ended',
    authorization,
    startedAt: iso(session.startedMs),
    meterStartWh: session.meterStartWh,
    meterWh: lastReading(account)?.wh ?? null,
    energyWh: totalWh(session.energyByDay),
    powerW: isRunning(session) ? facts.powerOf(session) : null,
    connectorStatus: isRunning(session) ? facts.connectorStatusOf(session) : '',
    leftWh: facts.leftWhOf(session),
    flags: [...session.flags],
    quotaEndsAt: isRunning(session) ? isoOrNull(facts.quotaEndsAtMs(session)) : null,
    stop: stopView(session),
    end: endView(session),
  };
}

export function sessionDetailsView(session: Session, facts: SessionFacts): SessionDetails {
  return {
    ...sessionView(session, facts),
    origin: session.origin,
    energyByDay: { ...session.energyByDay },
    rungs: (session.stopRungs ?? []).map(rungView),
    chargerIds: [...(session.chargerIds ?? [])],
    limit: session.limit ?? null,
    suspectedUnit: session.suspectedUnit,
  };
}

export function rungView({ step, atMs, answer }: ClimbedRung): Rung {
  return { step, at: iso(atMs), answer };
}

function stopView({ stop }: Session): ShownSession['stop'] {
  if (!stop) return null;
  return { reason: stop.reason, since: iso(stop.sinceMs), climbed: stop.climbed, by: stop.by ?? null };
}

function endView({ end, wanted }: Session): ShownSession['end'] {
  if (!end) return null;
  const { atMs, evidence, register, reason, by } = end;
  return {
    at: iso(atMs),
    evidence,
    meterStopWh: register?.wh ?? null,
    reason,
    by: by ?? null,
    wanted: wanted ? { reason: wanted.reason, by: wanted.by ?? null } : null,
  };
}
