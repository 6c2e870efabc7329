// How each rung of the stop ladder is climbed: what is sent to the charger, and what its answer comes to. When is stop-ladders.ts.
import type { Session } from '../domain/session.ts';
import type { StopStep } from '../domain/stop-ladder.ts';
import type { Journal } from './journal.ts';
import { statusOf, type ChargingProfile, type Remote, type Requests } from './remote.ts';
import { connectorOf, ownProfileId, type Restorations } from './restorations.ts';

/** Other ids that are tried: each may take until callTimeout. */
const MAX_OTHER_IDS = 5;

export interface StepParts {
  readonly journal: Journal;
  readonly remote: Remote;
  readonly restorations: Restorations;
}

/** Sends a CALL, if it is wanted still when its turn comes; resolves with the answer in a word. */
type Send = <A extends keyof Requests>(action: A, payload: Requests[A]) => Promise<string>;

/** Whether the rung may be climbed now: a reset ends what other people charge there, so it waits until nobody does. */
export function mayTake(step: StopStep, session: Session, journal: Journal): boolean {
  if (step !== 'softReset' && step !== 'hardReset') return true;
  return journal.live.runningOfChargePoint(session.chargePointId).every(
    ({ transactionId, connectorId }) =>
      transactionId === session.transactionId ||
      // Which connector a session on 0 charges on is not known: it may be another one.
      (connectorId !== 0 && connectorId === session.connectorId),
  );
}

/**
 * Climbs one rung; resolves with the charger's answer in a word, or null when nothing of it could be sent.
 * `isWanted` is asked before each thing that is sent.
 */
export async function takeStep(
  step: StopStep,
  session: Session,
  parts: StepParts,
  isWanted: () => boolean,
): Promise<string | null> {
  const calls = { asked: 0, sent: 0 };
  const send: Send = async (action, payload) => {
    calls.asked += 1;
    const answer = await parts.remote.call(session.chargePointId, action, payload, () => {
      if (!isWanted() || !mayTake(step, session, parts.journal)) return false;
      calls.sent += 1;
      return true;
    });
    return statusOf(answer);
  };
  const answer = await sendStep(step, session, parts, send);
  return calls.asked > 0 && calls.sent === 0 ? null : answer;
}

async function sendStep(step: StopStep, session: Session, parts: StepParts, send: Send): Promise<string> {
  const { transactionId } = session;
  if (step === 'remoteStop') return send('RemoteStopTransaction', { transactionId });
  if (step === 'knownIds') return stopOtherIds(session, parts.journal, send);
  if (step === 'softReset' || step === 'hardReset') {
    // On record first: kwota that dies right after it must not reset again and again.
    await parts.journal.durable();
    return send('Reset', { type: step === 'softReset' ? 'Soft' : 'Hard' });
  }
  const connectorId = connectorOf(session, parts.journal.live);
  if (connectorId === null) return 'left out, its connector is not known';
  if (step === 'unlock') return send('UnlockConnector', { connectorId });
  parts.restorations.mark(session.chargePointId, connectorId, step);
  await parts.journal.durable();
  if (step === 'inoperative') return send('ChangeAvailability', { connectorId, type: 'Inoperative' });
  return setNoCurrent(transactionId, connectorId, send);
}

/** Chargers stop under an id of their own, or one that they were given before (go-e, EN+, Etrel). */
async function stopOtherIds(
  { chargePointId, connectorId, transactionId, chargerIds = [] }: Session,
  { live }: Journal,
  send: Send,
): Promise<string> {
  const earlier = [...live.sessions()]
    .filter((one) => one.chargePointId === chargePointId && one.connectorId === connectorId)
    .sort((a, b) => b.startedMs - a.startedMs)
    .map((one) => one.transactionId);
  const ids = new Set([...chargerIds.toReversed(), ...earlier]);
  ids.delete(transactionId);
  // Somebody else's session has such an id: it may go on.
  for (const one of live.runningOfChargePoint(chargePointId)) ids.delete(one.transactionId);
  const answers: string[] = [];
  for (const id of [...ids].slice(0, MAX_OTHER_IDS)) {
    const answer = await send('RemoteStopTransaction', { transactionId: id });
    answers.push(`${id} ${answer}`);
    if (NOT_SENT.has(answer)) break;
  }
  return answers.length === 0 ? 'no other id' : answers.join(', ');
}

const NOT_SENT = new Set(['offline', 'queueFull', 'cancelled']);

/** 0 A in the forms that chargers take: of the transaction, in amperes or watts, low in the stack (ABB), or as the default. */
const ZERO_PROFILES = [
  { purpose: 'TxProfile', unit: 'A', stackLevel: 1 },
  { purpose: 'TxProfile', unit: 'W', stackLevel: 1 },
  { purpose: 'TxProfile', unit: 'A', stackLevel: 0 },
  { purpose: 'TxDefaultProfile', unit: 'A', stackLevel: 0 },
] as const;

/** Only what was refused, in whatever words, is worth another form: without an answer the next would have none either. */
const NOT_REFUSED = new Set([...NOT_SENT, 'Accepted', 'timeout']);

async function setNoCurrent(transactionId: number, connectorId: number, send: Send): Promise<string> {
  let answer = 'not sent';
  for (const { purpose, unit, stackLevel } of ZERO_PROFILES) {
    const csChargingProfiles: ChargingProfile = {
      chargingProfileId: ownProfileId(connectorId),
      ...(purpose === 'TxProfile' ? { transactionId } : {}),
      stackLevel,
      chargingProfilePurpose: purpose,
      chargingProfileKind: 'Relative',
      chargingSchedule: {
        chargingRateUnit: unit,
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 0 }],
      },
    };
    const said = await send('SetChargingProfile', { connectorId, csChargingProfiles });
    // Not wanted any more: the refusal before it is what the charger has said.
    if (answer !== 'not sent' && NOT_SENT.has(said)) break;
    answer = said;
    if (NOT_REFUSED.has(said)) break;
  }
  return answer;
}
