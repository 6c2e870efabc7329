// How each rung of the stop ladder is climbed: what is sent to the charger, and what its answer comes to. When is stop-ladders.ts.
import type { Session } from '../domain/session.ts';
import type { StopStep } from '../domain/stop-ladder.ts';
import type { Journal } from './journal.ts';
import { statusOf, type ChargingProfile, type Remote } from './remote.ts';
import { OWN_PROFILE_ID, type Restorations } from './restorations.ts';

/** Ids of earlier sessions on the connector that are tried as well. */
const EARLIER_IDS = 5;

export interface StepParts {
  readonly journal: Journal;
  readonly remote: Remote;
  readonly restorations: Restorations;
}

/** Climbs one rung; resolves with the charger's answer in a word. `isWanted` is asked before each thing that is sent. */
export async function takeStep(
  step: StopStep,
  session: Session,
  parts: StepParts,
  isWanted: () => boolean,
): Promise<string> {
  const { remote } = parts;
  const { chargePointId, connectorId, transactionId } = session;
  switch (step) {
    case 'remoteStop':
      return statusOf(await remote.call(chargePointId, 'RemoteStopTransaction', { transactionId }, isWanted));
    case 'knownIds':
      return stopKnownIds(session, parts, isWanted);
    case 'noCurrent':
      return setNoCurrent(session, parts, isWanted);
    case 'inoperative': {
      await marked(session, 'inoperative', parts);
      const payload = { connectorId, type: 'Inoperative' } as const;
      return statusOf(await remote.call(chargePointId, 'ChangeAvailability', payload, isWanted));
    }
    case 'unlock':
      return statusOf(await remote.call(chargePointId, 'UnlockConnector', { connectorId }, isWanted));
    case 'softReset':
    case 'hardReset':
      return reset(step === 'softReset' ? 'Soft' : 'Hard', session, parts, isWanted);
  }
}

/** Chargers stop under an id of their own, or one that they were given before (go-e, EN+, Etrel). */
async function stopKnownIds(
  session: Session,
  { journal, remote }: StepParts,
  isWanted: () => boolean,
): Promise<string> {
  const { chargePointId, connectorId, transactionId } = session;
  const earlier = [...journal.live.sessions()]
    .filter((one) => one.chargePointId === chargePointId && one.connectorId === connectorId)
    .sort((a, b) => b.startedMs - a.startedMs)
    .slice(0, EARLIER_IDS)
    .map((one) => one.transactionId);
  const ids = new Set([...(session.chargerIds ?? []), ...earlier]);
  ids.delete(transactionId);
  const answers: string[] = [];
  for (const id of ids) {
    const answer = await remote.call(chargePointId, 'RemoteStopTransaction', { transactionId: id }, isWanted);
    answers.push(`${id} ${statusOf(answer)}`);
  }
  return answers.length === 0 ? 'no other id' : answers.join(', ');
}

/** 0 A in the forms that chargers take: of the transaction, in amperes or watts, low in the stack (ABB), or as the default. */
const ZERO_PROFILES = [
  { purpose: 'TxProfile', unit: 'A', stackLevel: 1 },
  { purpose: 'TxProfile', unit: 'W', stackLevel: 1 },
  { purpose: 'TxProfile', unit: 'A', stackLevel: 0 },
  { purpose: 'TxDefaultProfile', unit: 'A', stackLevel: 0 },
] as const;

/** Only what was refused is worth another form: without an answer the next would have none either. */
const REFUSALS = new Set(['Rejected', 'NotSupported', 'NotImplemented', 'no status']);

async function setNoCurrent(session: Session, parts: StepParts, isWanted: () => boolean): Promise<string> {
  const { chargePointId, connectorId, transactionId } = session;
  await marked(session, 'profile', parts);
  let answer = 'not sent';
  for (const { purpose, unit, stackLevel } of ZERO_PROFILES) {
    const csChargingProfiles: ChargingProfile = {
      chargingProfileId: OWN_PROFILE_ID,
      ...(purpose === 'TxProfile' ? { transactionId } : {}),
      stackLevel,
      chargingProfilePurpose: purpose,
      chargingProfileKind: 'Relative',
      chargingSchedule: {
        chargingRateUnit: unit,
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 0 }],
      },
    };
    const payload = { connectorId, csChargingProfiles };
    answer = statusOf(await parts.remote.call(chargePointId, 'SetChargingProfile', payload, isWanted));
    if (!REFUSALS.has(answer)) break;
  }
  return answer;
}

/** A reset ends what other people charge there, so it waits until nobody does. */
async function reset(
  type: 'Hard' | 'Soft',
  session: Session,
  { journal, remote }: StepParts,
  isWanted: () => boolean,
): Promise<string> {
  const { chargePointId, connectorId } = session;
  const isAlone = () =>
    journal.live.runningOfChargePoint(chargePointId).every((one) => one.connectorId === connectorId);
  if (!isAlone()) return 'left out, another connector has a session';
  return statusOf(await remote.call(chargePointId, 'Reset', { type }, () => isWanted() && isAlone()));
}

async function marked(
  { chargePointId, connectorId }: Session,
  change: 'profile' | 'inoperative',
  { journal, restorations }: StepParts,
): Promise<void> {
  restorations.mark(chargePointId, connectorId, change);
  await journal.durable();
}
