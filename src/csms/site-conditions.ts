// What at a site needs a person at this moment, derived from what is known: chargers, sessions, quotas. Raising it is site-alarms.ts's matter.
import type { ChargePoint } from '../domain/charge-point.ts';
import type { MeterFlag } from '../domain/energy-account.ts';
import { accountKey, levelsReached, standingOf } from '../domain/quota.ts';
import { sessionId, type Session } from '../domain/session.ts';
import type { SiteState } from '../domain/site-state.ts';
import { fullName } from '../domain/user.ts';
import type { LogTag } from '../runtime/log.ts';
import type { Users } from './users.ts';

export interface Condition {
  /** Stable as long as it lasts. */
  readonly id: string;
  readonly tag: LogTag;
  /** A sentence that stays the same as long as it is no other trouble. */
  readonly message: string;
}

export interface ConditionParts {
  /** What is shown: durable. */
  readonly state: SiteState;
  readonly users: Users;
  /** The present billing month. */
  readonly month: string;
  /** Shares of the quota, in percent, ascending. */
  readonly levels: readonly number[];
  /** Whether a charger that nobody knows is turned away, for so many are known. */
  readonly isRecordFull: boolean;
  /** For so long that somebody should look. */
  readonly isLongGone: (chargePoint: ChargePoint) => boolean;
}

const USED_UP = 100;
const MS_PER_HOUR = 3_600_000;

/** What says that a meter, or how a charger reads it, is not as it should be; other flags are ways of real chargers. */
const SUSPECT: Partial<Record<MeterFlag, string>> = {
  implausibleJump: 'it jumped further than power could have brought it',
  registerWentBack: 'it went back',
  stopContradicts: 'the stop told less than the samples before',
  unitsDiffer: 'start and samples were in different units',
  aboveMaxPower: 'it moved faster than maxPowerKw allows',
};

export function siteConditions(parts: ConditionParts): Condition[] {
  const { state } = parts;
  return [
    ...(parts.isRecordFull ? [fullRecord(state)] : []),
    ...[...state.chargePoints()].flatMap((chargePoint) => chargerConditions(chargePoint, parts)),
    ...[...state.runningSessions()].flatMap(suspectMeter),
    ...usedQuotas(parts),
  ];
}

function fullRecord(state: SiteState): Condition {
  const message =
    `${state.chargePointCount()} chargers are on record, as many as chargers.maxKnown allows: one that nobody knows is ` +
    'turned away; kwota chargers list shows them, kwota chargers forget ID makes room';
  return { id: 'chargers-full', tag: 'CONNECT', message };
}

function chargerConditions(chargePoint: ChargePoint, { state, isLongGone }: ConditionParts): Condition[] {
  const { chargePointId: id, clockSkewMs } = chargePoint;
  const conditions: Condition[] = [];
  const add = (name: string, tag: LogTag, what: string) =>
    void conditions.push({ id: `${name}/${id}`, tag, message: `${id} ${what}` });
  const faults = faultsOf(chargePoint);
  if (faults !== '') add('faulted', 'STATUS', `is faulted (${faults})`);
  if (isLongGone(chargePoint)) {
    const isCharging = state.runningOfChargePoint(id).length > 0;
    add('offline', 'CONNECT', `is not connected${isCharging ? ', and a session runs there' : ''}`);
  }
  if (clockSkewMs !== 0) {
    const hours = Math.abs(clockSkewMs) / MS_PER_HOUR;
    const direction = clockSkewMs > 0 ? 'ahead' : 'behind';
    add('clock', 'CONNECT', `has a clock that is ${hours} h ${direction}; its times are corrected`);
  }
  return conditions;
}

/** Nearly always none, of each charger every few seconds: it makes nothing then. */
function faultsOf({ connectors }: ChargePoint): string {
  let faults = '';
  for (const connector in connectors) {
    const { status, errorCode = '' } = connectors[Number(connector)] ?? {};
    if (status !== 'Faulted') continue;
    if (faults !== '') faults += ', ';
    faults += `${placeOf(connector)}: ${errorCode === '' ? 'no error code' : errorCode}`;
  }
  return faults;
}

function placeOf(connector: string): string {
  return connector === '0' ? 'the charger' : `connector ${connector}`;
}

function suspectMeter(session: Session): Condition[] {
  const { chargePointId, connectorId, flags } = session;
  const reasons = flags.flatMap((flag) => SUSPECT[flag] ?? []);
  if (reasons.length === 0) return [];
  const message =
    `${chargePointId} connector ${connectorId} has a suspect meter: ${reasons.join(', ')} ` +
    `(transaction ${session.transactionId}); what it told is booked`;
  return [{ id: `meter/${sessionId(session)}`, tag: 'METER', message }];
}

/** Of accounts that are charging: who does not charge has time to be told. */
function usedQuotas({ state, users, month, levels }: ConditionParts): Condition[] {
  const conditions = new Map<string, Condition>();
  for (const session of state.runningSessions()) {
    const user = users.ofSession(session);
    const standing = user && standingOf(users.accountOf(user), month, state);
    if (!user || !standing) continue;
    const level = levels[levelsReached(standing, levels) - 1];
    if (level === undefined) continue;
    const used =
      level >= USED_UP
        ? 'has used up the quota of the month'
        : `has used ${level} % of the quota of the month`;
    const who = user.account ?? `${fullName(user)} (${user.idTag})`;
    const key = accountKey(user);
    conditions.set(key, { id: `quota/${key}`, tag: 'QUOTA', message: `${who.trim()} ${used}, and charges` });
  }
  return [...conditions.values()];
}
