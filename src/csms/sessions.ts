// What transaction messages do: they start sessions, book energy on them and end them. Never refused, never twice.
import { totalWh } from '../domain/energy.ts';
import { countLast, openAccount, type RegisterReading } from '../domain/energy-account.ts';
import { readMeterValue, registerWh, type EnergyUnit, type SampledValue } from '../domain/meter-value.ts';
import type { AuthorizationStatus } from '../domain/authorization.ts';
import { bookReading, endSession, isRunning, sessionId, type Session } from '../domain/session.ts';
import type { SiteCalendar } from '../domain/site-calendar.ts';
import { eventTime, type EventTime } from '../domain/timestamp.ts';
import { fullName, isSameUser } from '../domain/user.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';
import type { Quotas } from './quotas.ts';
import type { Readings } from './readings.ts';
import { findForSamples, findForStop, usableTransactionId } from './session-search.ts';
import type { TransactionIds } from './transaction-ids.ts';
import type { Users } from './users.ts';

/** Energy that no tag can be found for is booked on this one, so that it is seen and not lost. */
export const UNATTRIBUTED_TAG = 'UNKNOWN';

/** At the log level `info` a session's readings are shown this often at most. */
const METER_LOG_EVERY_MS = 60_000;

export interface MeterValue {
  readonly timestamp?: string | undefined;
  readonly sampledValue?: readonly SampledValue[] | undefined;
}

interface Message {
  readonly chargePointId: string;
  readonly receivedAtMs: number;
  readonly timestamp?: string | undefined;
}

export interface StartMessage extends Message {
  readonly connectorId: number;
  readonly idTag: string;
  /** As the charger said, in Wh by the standard; null when missing. */
  readonly meterStart: number | null;
}

export interface MeterMessage extends Message {
  readonly connectorId: number;
  readonly transactionId: number | null;
  readonly meterValue: readonly MeterValue[];
}

/** Where samples came from. */
interface SampleSource extends Omit<MeterMessage, 'meterValue'> {
  /** transactionData: what MeterValues told before. Without a time to order it by, only what is beyond that counts. */
  readonly isHistory?: true;
}

export interface StopMessage extends Message {
  readonly transactionId: number | null;
  readonly idTag: string | null;
  readonly meterStop: number | null;
  readonly reason: string;
  readonly transactionData: readonly MeterValue[];
}

export interface SessionParts {
  readonly journal: Journal;
  readonly users: Users;
  readonly quotas: Quotas;
  readonly readings: Readings;
  readonly ids: TransactionIds;
  readonly calendar: SiteCalendar;
  readonly energyUnitOf: (chargePointId: string) => EnergyUnit;
  /** Told of each session that energy was booked on, or that began or ended: its account may need a stop. */
  readonly onChange: (session: Session) => void;
  readonly log: Log;
}

export class Sessions {
  readonly #parts: SessionParts;
  readonly #lastMeterLogMs = new Map<string, number>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  start(message: StartMessage): { transactionId: number; status: AuthorizationStatus } {
    const { journal, users, quotas, ids, log } = this.#parts;
    const time = eventTime(message.timestamp, message.receivedAtMs);
    const startKey = startKeyOf(message);
    const repeated = startKey === null ? undefined : journal.live.byStartKey(startKey);
    if (repeated && (time.isPlausible || isUntouched(repeated))) {
      log.info('TRANSACTION', 'repeated StartTransaction, same answer', fieldsOf(repeated));
      return { transactionId: repeated.transactionId, status: repeated.authorization };
    }
    const meterStartWh = registerWh(message.meterStart, false);
    this.#endForgotten(message, meterStartWh, time);
    const user = users.find(message.idTag);
    const decision = quotas.decide(message.idTag, true);
    const { chargePointId, connectorId } = message;
    const session: Session = {
      transactionId: ids.next((id) => journal.live.session(`${chargePointId}/${id}`) !== undefined),
      chargePointId,
      connectorId,
      idTag: user?.idTag ?? message.idTag,
      origin: 'start',
      authorization: decision.status,
      user,
      startedMs: time.atMs,
      meterStartWh,
      startKey,
      account: openAccount(meterStartWh === null ? null : { wh: meterStartWh, atMs: time.atMs }),
      stop: null,
      end: null,
    };
    journal.putSession(session);
    const reason = 'reason' in decision ? decision.reason : undefined;
    log.info('TRANSACTION', 'started', {
      ...fieldsOf(session),
      status: decision.status,
      reason,
      meterStartWh,
    });
    this.#parts.onChange(session);
    return { transactionId: session.transactionId, status: decision.status };
  }

  meterValues(message: MeterMessage): void {
    const found = findForSamples(this.#parts.journal.live, message);
    const session = found ? onConnector(found, message.connectorId) : this.#adopt(message);
    const booked = this.#bookSamples(session, message, message.meterValue);
    if (!booked || booked === found) return;
    this.#parts.journal.putSession(booked);
    this.#logMeter(booked, message.receivedAtMs);
    this.#parts.onChange(booked);
  }

  stop(message: StopMessage): void {
    const { journal, calendar, log } = this.#parts;
    const time = eventTime(message.timestamp, message.receivedAtMs);
    const stoppedMs = time.isPlausible ? time.atMs : null;
    const meterStopWh = registerWh(message.meterStop, false);
    const found = findForStop(journal.live, { ...message, meterStop: meterStopWh, stoppedMs });
    if (found && !isRunning(found) && found.end?.evidence === 'meterStop') {
      log.info('TRANSACTION', 'repeated StopTransaction, nothing to book', fieldsOf(found));
      return;
    }
    const session = found ?? this.#stopOnly(message, time);
    const connectorId = session.connectorId;
    const sampled =
      this.#bookSamples(
        session,
        { ...message, connectorId, transactionId: session.transactionId, isHistory: true },
        message.transactionData,
      ) ?? session;
    const ended = endSession(
      sampled,
      {
        atMs: time.atMs,
        evidence: meterStopWh === null ? 'lastSample' : 'meterStop',
        meterStopWh,
        reason: message.reason,
      },
      calendar,
    );
    journal.putSession(ended);
    this.#lastMeterLogMs.delete(sessionId(ended));
    const energyWh = totalWh(ended.account.energyByDay);
    const flags = ended.account.flags.join(',') || undefined;
    log.info('TRANSACTION', 'stopped', {
      ...fieldsOf(ended),
      energyWh,
      meterStopWh,
      reason: message.reason,
      flags,
    });
    this.#parts.onChange(ended);
  }

  /** A transaction id as a charger wrote it, if it is one that a central system may have given out. */
  usableTransactionId(id: number | undefined): number | null {
    return usableTransactionId(id);
  }

  /** users1.csv was read anew: running sessions remember what it says now, should it lose the row later. */
  usersChanged(): void {
    const { journal, users } = this.#parts;
    for (const session of [...journal.live.runningSessions()]) {
      const user = users.find(session.idTag);
      if (user && !isSameUser(user, session.user)) journal.putSession({ ...session, user });
    }
  }

  /** Ends what the charger never ended: a refused session on a connector that is free again. */
  connectorIsFree(chargePointId: string, connectorId: number, atMs: number): void {
    for (const session of this.#parts.journal.live.runningOfChargePoint(chargePointId)) {
      const isRefused = session.authorization !== 'Accepted' && totalWh(session.account.energyByDay) === 0;
      if (session.connectorId !== connectorId || !isRefused) continue;
      this.#end(session, { atMs, evidence: 'lastSample', reason: 'refused' }, null);
    }
  }

  /** Sessions that are open on a connector where another one starts: their StopTransaction was lost. */
  #endForgotten(message: StartMessage, meterStartWh: number | null, time: EventTime): void {
    for (const session of this.#parts.journal.live.runningOfChargePoint(message.chargePointId)) {
      if (!this.#isOnConnector(session, message.connectorId)) continue;
      const gapEnd = meterStartWh === null ? null : { wh: meterStartWh, atMs: time.atMs };
      const atMs = session.account.last?.atMs ?? time.atMs;
      this.#end(session, { atMs, evidence: 'nextStart', reason: 'anotherStarted' }, gapEnd);
    }
  }

  /** A session taken over from the old stack does not know its connector; on a charger with one there is no doubt. */
  #isOnConnector(session: Session, connectorId: number): boolean {
    if (session.connectorId !== 0) return session.connectorId === connectorId;
    const connectors = this.#parts.journal.live.chargePoint(session.chargePointId)?.connectors ?? {};
    return Object.keys(connectors).filter((id) => id !== '0').length <= 1;
  }

  #end(
    session: Session,
    end: { atMs: number; evidence: 'lastSample' | 'nextStart'; reason: string },
    gapEnd: RegisterReading | null,
  ): void {
    const { calendar, journal, log } = this.#parts;
    const account = gapEnd ? countLast(session.account, gapEnd, calendar) : session.account;
    const ended = endSession({ ...session, account }, { ...end, meterStopWh: null }, calendar);
    journal.putSession(ended);
    const energyWh = totalWh(ended.account.energyByDay);
    log.warn('TRANSACTION', 'ended without StopTransaction', {
      ...fieldsOf(ended),
      energyWh,
      evidence: end.evidence,
    });
    this.#parts.onChange(ended);
  }

  /** Books the samples on a running session; readings are logged in any case. Null when there is no session. */
  #bookSamples(
    session: Session | null,
    message: SampleSource,
    values: readonly MeterValue[],
  ): Session | null {
    const { readings, calendar, energyUnitOf } = this.#parts;
    const unit = energyUnitOf(message.chargePointId);
    let booked = session;
    for (const value of values) {
      const shown = readMeterValue(value.sampledValue ?? [], unit);
      if (shown.registerWh === null && shown.powerW === null) continue;
      const time = eventTime(value.timestamp, message.receivedAtMs);
      readings.add(
        {
          chargePointId: message.chargePointId,
          connectorId: message.connectorId,
          transactionId: session?.transactionId ?? message.transactionId,
          userName: session ? nameOf(session) : '',
          timestamp: value.timestamp ?? '',
          atMs: time.atMs,
        },
        shown,
      );
      if (!booked || !isRunning(booked) || shown.registerWh === null) continue;
      if (isOfAnEarlierSession(booked, message, time)) continue;
      const isBegin = shown.context === 'Transaction.Begin';
      const isUnordered = message.isHistory === true && (isBegin || !time.isPlausible);
      if (isUnordered && shown.registerWh <= (booked.account.last?.wh ?? 0)) continue;
      booked = bookReading(booked, { wh: shown.registerWh, atMs: time.atMs }, calendar);
    }
    return booked;
  }

  /** Samples of a transaction that kwota does not know: it is adopted, so that its energy counts from here. */
  #adopt(message: MeterMessage): Session | null {
    const { transactionId } = message;
    if (transactionId === null) return null;
    const session = this.#unattributed(
      message,
      transactionId,
      message.connectorId,
      'adopted',
      message.receivedAtMs,
    );
    this.#parts.log.warn('TRANSACTION', 'adopted a transaction that was not known', fieldsOf(session));
    return session;
  }

  /** A transaction known by its StopTransaction alone: kept for the operator; its energy cannot be told. */
  #stopOnly(message: StopMessage, time: EventTime): Session {
    const { ids, journal, users, log } = this.#parts;
    const { chargePointId } = message;
    const id =
      message.transactionId ??
      ids.next((other) => journal.live.session(`${chargePointId}/${other}`) !== undefined);
    const session = this.#unattributed(message, id, 0, 'stopOnly', time.atMs);
    const { meterStop } = message;
    log.warn('TRANSACTION', 'StopTransaction of a transaction that was not known', {
      ...fieldsOf(session),
      meterStop,
    });
    if (message.idTag === null) return session;
    const user = users.find(message.idTag);
    return { ...session, idTag: user?.idTag ?? message.idTag, user };
  }

  #unattributed(
    message: Message,
    transactionId: number,
    connectorId: number,
    origin: 'adopted' | 'stopOnly',
    startedMs: number,
  ): Session {
    return {
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
      account: openAccount(null),
      stop: null,
      end: null,
    };
  }

  #logMeter(session: Session, nowMs: number): void {
    const { log } = this.#parts;
    const id = sessionId(session);
    const lastMs = this.#lastMeterLogMs.get(id);
    const isDue = lastMs === undefined || nowMs - lastMs >= METER_LOG_EVERY_MS || nowMs < lastMs;
    if (!isDue && !log.isEnabled('debug')) return;
    const fields = {
      ...fieldsOf(session),
      registerWh: session.account.last?.wh,
      energyWh: totalWh(session.account.energyByDay),
    };
    if (isDue) {
      this.#lastMeterLogMs.set(id, nowMs);
      log.info('METER', 'reading', fields);
    } else log.debug('METER', 'reading', fields);
  }
}

/** A sample without the session's id that is older than it: repeated, it must not count for whoever charges now. */
function isOfAnEarlierSession(session: Session, { transactionId }: SampleSource, time: EventTime): boolean {
  return transactionId !== session.transactionId && time.isPlausible && time.atMs < session.startedMs;
}

/** A session whose connector was not known (taken over) learns it from its samples. */
function onConnector(session: Session, connectorId: number): Session {
  return session.connectorId === 0 && connectorId > 0 && isRunning(session)
    ? { ...session, connectorId }
    : session;
}

/** What a StartTransaction and its repetition have in common (chargers resend it after a lost answer). */
function startKeyOf(message: StartMessage): string | null {
  if (message.timestamp === undefined) return null;
  const { chargePointId, connectorId, idTag, meterStart, timestamp } = message;
  return JSON.stringify([chargePointId, connectorId, idTag, meterStart, timestamp]);
}

/** With a clock in 1970 two starts may look alike: only while nothing was booked is the second a repetition. */
function isUntouched(session: Session): boolean {
  return isRunning(session) && totalWh(session.account.energyByDay) === 0;
}

function nameOf(session: Session): string {
  return session.user ? fullName(session.user) : session.idTag;
}

export function fieldsOf(session: Session): Record<string, string | number> {
  return {
    charger: session.chargePointId,
    connector: session.connectorId,
    transaction: session.transactionId,
    user: session.idTag,
  };
}
