// What transaction messages do: they start sessions, book energy on them and end them. Never refused, never twice.
import type { AuthorizationStatus } from '../domain/authorization.ts';
import { connectorIds } from '../domain/charge-point.ts';
import { lastReading, openAccount } from '../domain/energy-account.ts';
import { totalWh } from '../domain/energy.ts';
import { registerWh } from '../domain/meter-value.ts';
import { beginSession, endSession, isRunning, type Session, type SessionEnd } from '../domain/session.ts';
import type { EventTime } from '../domain/timestamp.ts';
import type { SiteState } from '../domain/site-state.ts';
import { isSameUser } from '../domain/user.ts';
import type { Log } from '../runtime/log.ts';
import type { ChargerClocks } from './charger-clocks.ts';
import type { Journal } from './journal.ts';
import type { LiveSample } from './forecasts.ts';
import { endedAcross, findItsStop, withItsStop } from './late-start.ts';
import { fieldsOf, MeterLog } from './meter-log.ts';
import type { MeterSettings } from './meter-settings.ts';
import type { Quotas } from './quotas.ts';
import type { Quirks } from './quirks.ts';
import type { SampleBooking } from './sample-booking.ts';
import type { MeterMessage, StartMessage, StopMessage } from './session-messages.ts';
import { seeSamples, seeStart, seeStop } from './session-quirks.ts';
import {
  findClosedByHand,
  findEndedSince,
  findForSamples,
  findForStop,
  mostWhOf,
  nextMeterStart,
  usableTransactionId,
} from './session-search.ts';
import type { ShownCards } from './shown-cards.ts';
import type { TransactionIds } from './transaction-ids.ts';
import type { UnknownTags } from './unknown-tags.ts';
import { adoptedSession, stopOnlySession, type SessionOwner } from './unknown-transaction.ts';
import type { Users } from './users.ts';

/** A connector that says it is free, and no sample for as long: the session has ended without a word. */
const FREE_FOR_MS = 10 * 60_000;

/** Ids of its own under which a charger told samples of one session, at most. */
const MAX_CHARGER_IDS = 8;

export interface SessionParts {
  readonly journal: Journal;
  readonly users: Users;
  readonly quotas: Quotas;
  readonly cards: ShownCards;
  readonly unknownTags: UnknownTags;
  readonly quirks: Quirks;
  readonly ids: TransactionIds;
  readonly clocks: ChargerClocks;
  readonly meterSettingsOf: (chargePointId: string) => MeterSettings;
  readonly booking: SampleBooking;
  /** Told of each session that energy was booked on, or that began or ended: its account may need a stop. */
  readonly onChange: (session: Session, sample?: LiveSample) => void;
  readonly log: Log;
}

export class Sessions {
  readonly #parts: SessionParts;
  readonly #meterLog: MeterLog;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#meterLog = new MeterLog(parts.log);
  }

  start(message: StartMessage): { transactionId: number; status: AuthorizationStatus } {
    const { journal, users, quotas, cards, unknownTags, quirks, booking, clocks, log } = this.#parts;
    const { chargePointId, connectorId } = message;
    const time = clocks.timeOf(chargePointId, message.timestamp, message.receivedAtMs);
    const startKey = startKeyOf(message);
    const repeated = startKey === null ? undefined : journal.live.byStartKey(startKey);
    if (repeated && (time.isPlausible || isUntouched(repeated))) {
      quirks.seen(chargePointId, 'repeated-start', message.receivedAtMs);
      log.info('TRANSACTION', 'repeated StartTransaction, same answer', fieldsOf(repeated));
      return { transactionId: repeated.transactionId, status: repeated.authorization };
    }
    clocks.learn(chargePointId, message.timestamp, message.receivedAtMs);
    const meterStartWh = this.#startStopWh(chargePointId, message.meterStart);
    const user = users.find(message.idTag);
    const idTag = user?.idTag ?? message.idTag;
    const itsStop = findItsStop(journal.live, { chargePointId, connectorId, idTag, meterStartWh, time });
    if (!itsStop) this.#endForgotten(message, meterStartWh, time);
    cards.started(chargePointId);
    const decision = quotas.decide(message.idTag, true);
    if (decision.status === 'Invalid') unknownTags.seen(chargePointId, message.idTag, time.atMs);
    const begun = beginSession({
      transactionId: itsStop?.transactionId ?? this.#nextId(chargePointId),
      chargePointId,
      connectorId,
      idTag,
      origin: 'start',
      authorization: decision.status,
      user,
      startedMs: time.atMs,
      meterStartWh,
      startKey,
      account: openAccount(meterStartWh === null ? null : { wh: meterStartWh, atMs: time.atMs }),
    });
    const across = endedAcross(journal.live, begun);
    if (across?.end && meterStartWh !== null)
      this.#end(across, { ...across.end, register: { wh: meterStartWh, atMs: time.atMs } });
    const session = itsStop ? withItsStop(begun, itsStop, booking.meter(chargePointId)) : begun;
    journal.putSession(session);
    seeStart(quirks, message, session, itsStop !== null);
    const reason = 'reason' in decision ? decision.reason : undefined;
    log.info('TRANSACTION', 'started', {
      ...fieldsOf(session),
      status: decision.status,
      reason,
      similar: quotas.suggestionsFor(message.idTag, decision),
      meterStartWh,
    });
    this.#parts.onChange(session);
    return { transactionId: session.transactionId, status: decision.status };
  }

  meterValues(told: MeterMessage): void {
    const { journal, quirks, booking, log } = this.#parts;
    const running = findForSamples(journal.live, told);
    const closed = running ? null : findClosedByHand(journal.live, told);
    const message = closed ? { ...told, transactionId: closed.transactionId } : told;
    const found = running ?? closed ?? this.#endedSince(message);
    seeSamples(quirks, message, found);
    const session = found
      ? withIds(found, message)
      : adoptedSession(message, (id) => this.#ownerAt(id, message.receivedAtMs));
    if (session && !found)
      log.warn('TRANSACTION', 'adopted a transaction that was not known', fieldsOf(session));
    const { session: booked, powerW, isAsked } = booking.book(session, message, message.meterValue);
    if (!booked || booked === found) return;
    if (found?.end && isRunning(booked)) log.warn('TRANSACTION', 'goes on after its end', fieldsOf(found));
    const watched = isRunning(booked) ? booking.watchUnit(booked, message.receivedAtMs) : booked;
    journal.putSession(watched);
    quirks.seenOn(found, watched, message.receivedAtMs);
    this.#meterLog.reading(watched, message.receivedAtMs);
    this.#parts.onChange(watched, { powerW, isAsked, receivedAtMs: message.receivedAtMs });
  }

  stop(message: StopMessage): void {
    const { journal, users, quirks, booking, clocks, log } = this.#parts;
    const { chargePointId, reason } = message;
    const time = clocks.timeOf(chargePointId, message.timestamp, message.receivedAtMs);
    const stoppedMs = time.isPlausible ? time.atMs : null;
    const meterStopWh = this.#startStopWh(chargePointId, message.meterStop);
    const found = findForStop(journal.live, { ...message, meterStop: meterStopWh, stoppedMs });
    seeStop(quirks, message, found, meterStopWh);
    if (found && !isRunning(found) && !isBetterStop(found, meterStopWh, journal.live)) {
      log.info('TRANSACTION', 'repeated StopTransaction, nothing to book', fieldsOf(found));
      return;
    }
    const nextId = () => this.#nextId(chargePointId);
    const session = found ?? stopOnlySession(message, time.atMs, nextId, users, journal.live);
    if (!found)
      log.warn('TRANSACTION', 'StopTransaction of a transaction that was not known', fieldsOf(session));
    const { connectorId, transactionId } = session;
    const history = { ...message, connectorId, transactionId, isHistory: true } as const;
    const sampled = booking.book(session, history, message.transactionData).session;
    const register = meterStopWh === null ? null : { wh: meterStopWh, atMs: time.atMs };
    const evidence = register ? 'meterStop' : 'lastSample';
    const ended = endSession(
      sampled,
      { atMs: time.atMs, evidence, register, reason },
      booking.meter(chargePointId),
    );
    if (found?.end?.evidence === 'meterStop' && takesBack(found, ended)) {
      log.warn('TRANSACTION', 'another StopTransaction contradicts the first, which holds', {
        ...fieldsOf(found),
        meterStopWh,
      });
      return;
    }
    journal.putSession(ended);
    quirks.seenOn(found, ended, message.receivedAtMs);
    this.#meterLog.ended(ended);
    const flags = ended.flags.join(',') || undefined;
    const energyWh = totalWh(ended.energyByDay);
    log.info('TRANSACTION', 'stopped', { ...fieldsOf(ended), energyWh, meterStopWh, reason, flags });
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
      const isRefused = session.authorization !== 'Accepted' && totalWh(session.energyByDay) === 0;
      if (session.connectorId !== connectorId || !isRefused) continue;
      this.#end(session, { atMs, evidence: 'lastSample', register: null, reason: 'refused' });
    }
  }

  /**
   * A person ends what the charger never ended, with what its meter shows now or (null) its last sample. A StopTransaction
   * that comes after all takes the place of this end; samples that show more reopen the session.
   */
  closeByHand(session: Session, meterStopWh: number | null, by: string, nowMs: number): void {
    const register = meterStopWh === null ? null : { wh: meterStopWh, atMs: nowMs };
    const atMs = register?.atMs ?? lastReading(session.account)?.atMs ?? session.startedMs;
    this.#end(session, { atMs, evidence: 'byHand', register, reason: 'byHand', by });
  }

  /** Ends sessions whose connector has been free for long without a StopTransaction. Their late samples reopen them. */
  endAbandoned(nowMs: number): void {
    const { journal } = this.#parts;
    for (const session of [...journal.live.runningSessions()]) {
      const connector = journal.live.chargePoint(session.chargePointId)?.connectors[session.connectorId];
      if (connector?.status !== 'Available' || nowMs - connector.sinceMs < FREE_FOR_MS) continue;
      const lastMs = session.account.lines[0]?.last.atMs ?? session.startedMs;
      if (nowMs - lastMs < FREE_FOR_MS) continue;
      this.#parts.quirks.seen(session.chargePointId, 'session-never-stopped', nowMs);
      this.#end(session, { atMs: lastMs, evidence: 'lastSample', register: null, reason: 'connectorFree' });
    }
  }

  /** Sessions that are open on a connector where another one starts: their StopTransaction was lost. */
  #endForgotten(message: StartMessage, meterStartWh: number | null, time: EventTime): void {
    const { journal } = this.#parts;
    for (const session of journal.live.runningOfChargePoint(message.chargePointId)) {
      if (!this.#isOnConnector(session, message.connectorId)) continue;
      // A start from an offline queue is told late: it ends nothing that has begun since.
      if (time.isPlausible && time.atMs < session.startedMs && !isBelow(session.meterStartWh, meterStartWh))
        continue;
      const told = meterStartWh === null ? null : { wh: meterStartWh, atMs: time.atMs };
      const register = nextMeterStart(journal.live, session) ?? told;
      const atMs = lastReading(session.account)?.atMs ?? time.atMs;
      this.#parts.quirks.seen(session.chargePointId, 'start-without-stop', message.receivedAtMs);
      this.#end(session, { atMs, evidence: 'nextStart', register, reason: 'anotherStarted' });
    }
  }

  /** A session taken over from the old stack does not know its connector; on a charger with one there is no doubt. */
  #isOnConnector(session: Session, connectorId: number): boolean {
    if (session.connectorId !== 0) return session.connectorId === connectorId;
    return connectorIds(this.#parts.journal.live.chargePoint(session.chargePointId)).length <= 1;
  }

  #end(session: Session, end: SessionEnd): void {
    const { journal, booking, log } = this.#parts;
    const ended = endSession(session, end, booking.meter(session.chargePointId));
    journal.putSession(ended);
    this.#meterLog.ended(ended);
    const energyWh = totalWh(ended.energyByDay);
    const { evidence, reason, by } = end;
    log.warn('TRANSACTION', 'ended without StopTransaction', {
      ...fieldsOf(ended),
      energyWh,
      evidence,
      reason,
      by,
    });
    this.#parts.onChange(ended);
  }

  /** The session that the samples were told to before it ended, however they name it. */
  #endedSince(message: MeterMessage): Session | null {
    const { chargePointId, meterValue, receivedAtMs } = message;
    const first = this.#parts.clocks.timeOf(chargePointId, meterValue[0]?.timestamp, receivedAtMs);
    return first.isPlausible ? findEndedSince(this.#parts.journal.live, message, first.atMs) : null;
  }

  /** Of a transaction that began without a word: the card that was shown there last and has not charged yet. */
  #ownerAt(chargePointId: string, nowMs: number): SessionOwner | null {
    const { cards, users, quotas } = this.#parts;
    const idTag = cards.take(chargePointId, nowMs);
    if (idTag === null) return null;
    return { idTag, user: users.find(idTag), authorization: quotas.decide(idTag, true).status };
  }

  #nextId(chargePointId: string): number {
    const { ids, journal } = this.#parts;
    return ids.next((id) => journal.live.session(`${chargePointId}/${id}`) !== undefined);
  }

  #startStopWh(chargePointId: string, value: number | null): number | null {
    return registerWh(value, this.#parts.meterSettingsOf(chargePointId).startStopUnit === 'kWh');
  }
}

/**
 * Whether a StopTransaction says more than what the session ended with: late truth, or a larger meterStop. Where another
 * session has begun since, what the register shows beyond its start is the other's; a register that begins anew with
 * each session says nothing of that, and then the meterStop that is known stands.
 */
function isBetterStop(session: Session, meterStopWh: number | null, state: SiteState): boolean {
  const { end } = session;
  if (meterStopWh === null || !end || meterStopWh > mostWhOf(state, session)) return false;
  const knownWh = end.evidence === 'meterStop' ? end.register?.wh : undefined;
  if (knownWh === undefined) return true;
  const isLatest = nextMeterStart(state, session) === null;
  return meterStopWh > knownWh && (isLatest || mostWhOf(state, session) < Infinity);
}

/** Whether a better end would come to less energy than the one that is known. */
function takesBack(known: Session, ended: Session): boolean {
  return totalWh(ended.energyByDay) < totalWh(known.energyByDay);
}

/** A session learns from its samples: its connector, where that was not known (taken over), and ids of the charger's own. */
function withIds(session: Session, { connectorId, transactionId, writtenId }: MeterMessage): Session {
  if (!isRunning(session)) return session;
  const placed = session.connectorId === 0 && connectorId > 0 ? { ...session, connectorId } : session;
  const id = transactionId ?? writtenId ?? session.transactionId;
  const known = session.chargerIds ?? [];
  if (id === session.transactionId || known.includes(id) || !Number.isSafeInteger(id)) return placed;
  return { ...placed, chargerIds: [...known, id].slice(-MAX_CHARGER_IDS) };
}

function isBelow(wh: number | null, otherWh: number | null): boolean {
  return wh !== null && otherWh !== null && wh < otherWh;
}

/** What a StartTransaction and its repetition have in common (chargers resend it after a lost answer). */
function startKeyOf(message: StartMessage): string | null {
  if (message.timestamp === undefined) return null;
  const { chargePointId, connectorId, idTag, meterStart, timestamp } = message;
  return JSON.stringify([chargePointId, connectorId, idTag, meterStart, timestamp]);
}

/** With a clock in 1970 two starts may look alike: only while nothing was booked is the second a repetition. */
function isUntouched(session: Session): boolean {
  return isRunning(session) && totalWh(session.energyByDay) === 0;
}
