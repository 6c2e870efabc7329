// A session: the record of one charging transaction, and the only thing that owns energy.
import type { AuthorizationStatus } from './authorization.ts';
import {
  countSample,
  isPlausible,
  lastReading,
  MAX_POWER_W,
  withFlag,
  type EnergyAccount,
  type MeterContext,
  type MeterFlag,
  type RegisterReading,
} from './energy-account.ts';
import { totalWh, type EnergyByDay } from './energy.ts';
import { closedEnergy, sampledEnergy } from './session-energy.ts';
import type { ClimbedRung } from './stop-ladder.ts';
import type { SuspectedUnit, UnitWatch } from './unit-suspicion.ts';
import type { User } from './user.ts';

/**
 * How sure the end of a session is: the charger's own meterStop, or what there was without it. byHand: a person closed
 * it, with what the meter showed then or with its last sample.
 */
export type Evidence = 'meterStop' | 'nextStart' | 'lastSample' | 'byHand';

export interface SessionEnd {
  readonly atMs: number;
  readonly evidence: Evidence;
  /** The register that closes the session: meterStop, or meterStart of the next one where the stop was lost. */
  readonly register: RegisterReading | null;
  /** Reason of StopTransaction (OCPP 1.6 §7.36) as the charger spelt it, or why kwota ended it. */
  readonly reason: string;
  /** Of byHand: who closed it. */
  readonly by?: string;
}

/** `operator`: a person asked for it, so that no grant and no quota takes it back. */
export type StopReason =
  'quotaUsedUp' | 'blocked' | 'expired' | 'unknownTag' | 'concurrentSession' | 'operator';

/** kwota wants this session to end; kept with it, so that a restart goes on where it was. */
export interface StopRequest {
  readonly reason: StopReason;
  readonly sinceMs: number;
  /** Rungs of the stop ladder so far. */
  readonly climbed: number;
  /** It was asked for before the quota was used up, so that it ends on it: what was left then by the samples. */
  readonly forecastLeftWh?: number;
  /** Of the reason `operator`: who asked. */
  readonly by?: string;
}

/** What a sum of intervals goes on from. */
export interface SummedIntervals {
  /** What is not in the sum of whole Wh, or too much in it: from −500 to 500 thousandths of a Wh. */
  readonly restMilliWh: number;
  /** Of the readings summed last: to know one that is repeated. */
  readonly ids: readonly number[];
}

export interface Session {
  /** Positive int32, unique for the charge point together with its id. */
  readonly transactionId: number;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly idTag: string;
  /**
   * start: by StartTransaction; takeOver: from the old stack's files; adopted: first known by a MeterValues;
   * stopOnly: known by its StopTransaction alone.
   */
  readonly origin: 'start' | 'takeOver' | 'adopted' | 'stopOnly';
  /** What StartTransaction was answered. Refused sessions exist too: energy may flow all the same. */
  readonly authorization: AuthorizationStatus;
  /** The user as last known: should users1.csv lose the row, this holds until the session ends. */
  readonly user: User | null;
  readonly startedMs: number;
  /** Wh as the charger said; null when it did not or could not. */
  readonly meterStartWh: number | null;
  /** Equal for a StartTransaction and its repetitions; null when the charger's message had nothing to tell them by. */
  readonly startKey: string | null;
  /** What its samples have shown, also those that came after its end. */
  readonly account: EnergyAccount;
  /** What counts: the account, closed with the register of the end. */
  readonly energyByDay: EnergyByDay;
  readonly flags: readonly MeterFlag[];
  /** How its register moves, watched to tell kWh that are labelled Wh; null while it does not charge. */
  readonly unitWatch: UnitWatch | null;
  /** The unit that its samples seem to be in, though they say another: a question to the operator. */
  readonly suspectedUnit: SuspectedUnit | null;
  readonly stop: StopRequest | null;
  /** What was done to end it, the newest last; absent while nothing was. */
  readonly stopRungs?: readonly ClimbedRung[];
  /** Other transaction ids that its samples were told under, as the charger wrote them; absent where it keeps to its own. */
  readonly chargerIds?: readonly number[];
  /** Where it counts by intervals; absent where a register tells. */
  readonly intervals?: SummedIntervals;
  /** Who asked for it by RemoteStartTransaction; absent: it was started at the charger. */
  readonly startedBy?: string;
  /** The charging profile that it runs under by kwota's will; absent: none. */
  readonly limit?: 'throttle' | 'guard';
  readonly end: SessionEnd | null;
  /** Why kwota wanted the end before it came, whoever ended it then; absent: it did not. */
  readonly wanted?: Pick<StopRequest, 'reason' | 'by'>;
}

/** What is known of a session when it begins. */
type Beginning = Omit<
  Session,
  | 'energyByDay'
  | 'flags'
  | 'unitWatch'
  | 'suspectedUnit'
  | 'stop'
  | 'stopRungs'
  | 'chargerIds'
  | 'intervals'
  | 'startedBy'
  | 'limit'
  | 'end'
  | 'wanted'
>;

/** A session that nothing is booked on yet. */
export function beginSession(beginning: Beginning): Session {
  return {
    ...beginning,
    energyByDay: {},
    flags: [],
    unitWatch: null,
    suspectedUnit: null,
    stop: null,
    end: null,
  };
}

/** The record id: a transaction id counts only together with its charge point. */
export function sessionId(session: Pick<Session, 'chargePointId' | 'transactionId'>): string {
  const { chargePointId, transactionId } = session;
  if (lastAsked.transactionId !== transactionId || lastAsked.chargePointId !== chargePointId)
    lastAsked = { chargePointId, transactionId, id: `${chargePointId}/${transactionId}` };
  return lastAsked.id;
}

/** A message asks for the id of its session a dozen times: the same text is made once, and its hash as a key as well. */
let lastAsked = { chargePointId: '', transactionId: 0, id: '/0' };

export function isRunning(session: Session): boolean {
  return session.end === null;
}

/** A sample that comes later than this after the end tells of something else: the register runs on while idle. */
const LATE_SAMPLES_MS = 15 * 60_000;

/**
 * Books a sample, also on a session that has ended: a late one may complete it, but not take it beyond meterStop.
 * Returns the same object when nothing changes.
 */
export function bookSample(session: Session, sample: RegisterReading, context: MeterContext): Session {
  const { end } = session;
  if (end && sample.atMs > (end.register?.atMs ?? end.atMs) + LATE_SAMPLES_MS) return session;
  const closingWh = end?.evidence === 'meterStop' ? (end.register?.wh ?? null) : null;
  const last = lastReading(session.account);
  const isBeyond = closingWh !== null && last !== null && last.wh <= closingWh && sample.wh > closingWh;
  // What flowed had flowed by the end, whatever the time of the sample that tells of it.
  const endMs = closingWh === null ? Infinity : (end?.register?.atMs ?? Infinity);
  const counted = { wh: isBeyond ? closingWh : sample.wh, atMs: Math.min(sample.atMs, endMs) };
  const account = countSample(session.account, counted, context);
  if (account === session.account) return session;
  const booked = withEnergy(session, account, end, context);
  // After the end, only more energy is news: when it flowed was known better before.
  const isNews = sample.atMs <= endMs || totalWh(booked.energyByDay) > totalWh(session.energyByDay);
  return isNews ? booked : session;
}

/** Ends the session, or replaces an end of weaker evidence by a better one: late truth corrects it. */
export function endSession(session: Session, end: SessionEnd, context: MeterContext): Session {
  return withEnergy({ ...session, ...wantedOf(session), stop: null }, session.account, end, context);
}

/** What is kept of a stop that was asked for. */
function wantedOf({ stop }: Session): Pick<Session, 'wanted'> {
  if (!stop) return {};
  const { reason, by } = stop;
  return { wanted: { reason, ...(by === undefined ? {} : { by }) } };
}

/** The session runs on after all. */
export function reopenSession(session: Session, context: MeterContext): Session {
  const running: { -readonly [K in keyof Session]: Session[K] } = { ...session };
  delete running.wanted;
  return withEnergy(running, session.account, null, context);
}

/** The session under no charging profile of kwota's. */
export function withoutLimit(session: Session): Session {
  const unlimited: { -readonly [K in keyof Session]: Session[K] } = { ...session };
  delete unlimited.limit;
  return unlimited;
}

/** The session with this account and end, and what they come to. */
function withEnergy(
  session: Session,
  account: EnergyAccount,
  end: SessionEnd | null,
  context: MeterContext,
): Session {
  const { energyByDay, flags } = end?.register
    ? closedEnergy(account, end.register, context)
    : sampledEnergy(account);
  const isTooMuch =
    end !== null && isAboveMaxPower(totalWh(energyByDay), session.startedMs, end.atMs, context);
  // One copy, for it is made for each sample.
  return {
    ...session,
    account,
    end,
    energyByDay,
    flags: isTooMuch ? withFlag(flags, 'aboveMaxPower') : flags,
  };
}

/** Meters and ratings may be off by as much. */
const MAX_POWER_TOLERANCE = 1.2;

/** More than the connector can have given in all that time. Said only where its power is known. */
function isAboveMaxPower(wh: number, fromMs: number, toMs: number, { maxPowerW }: MeterContext): boolean {
  return maxPowerW < MAX_POWER_W && !isPlausible(wh, fromMs, toMs, maxPowerW * MAX_POWER_TOLERANCE);
}
