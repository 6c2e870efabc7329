// From what MeterValues and transactionData say to a session's energy and the meter log. Which session that is stands in session-search.ts.
import type { MeterContext } from '../domain/energy-account.ts';
import { bookInterval, bookRegister } from '../domain/interval-energy.ts';
import { readMeterValue, type MeterReading } from '../domain/meter-value.ts';
import { isRunning, reopenSession, type Session } from '../domain/session.ts';
import type { SiteCalendar } from '../domain/site-calendar.ts';
import { parseTimestamp, type EventTime } from '../domain/timestamp.ts';
import { watchUnit } from '../domain/unit-suspicion.ts';
import { fullName } from '../domain/user.ts';
import type { ChargerClocks } from './charger-clocks.ts';
import type { Journal } from './journal.ts';
import type { MeterSettings } from './meter-settings.ts';
import type { Readings } from './readings.ts';
import type { MeterMessage, MeterValue } from './session-messages.ts';
import { mostWhOf } from './session-search.ts';

/** Where samples came from. */
export interface SampleSource extends Omit<MeterMessage, 'meterValue'> {
  /** transactionData: what MeterValues told before. Without a time to order it by, only what is beyond that counts. */
  readonly isHistory?: true;
}

export interface SampleBookingParts {
  readonly journal: Journal;
  readonly readings: Readings;
  readonly clocks: ChargerClocks;
  readonly calendar: SiteCalendar;
  readonly meterSettingsOf: (chargePointId: string) => MeterSettings;
  /** The unit that a charger says is in doubt: a question for the operator. */
  readonly onUnitInDoubt: (session: Session) => void;
}

export class SampleBooking {
  readonly #parts: SampleBookingParts;

  constructor(parts: SampleBookingParts) {
    this.#parts = parts;
  }

  /** Books the samples on the session; readings are logged in any case. `powerW` and `isAsked` are of the newest. */
  book<S extends Session | null>(
    session: S,
    source: SampleSource,
    values: readonly MeterValue[],
  ): { readonly session: S | Session; readonly powerW: number | null; readonly isAsked: boolean } {
    const { clocks, meterSettingsOf } = this.#parts;
    const { chargePointId, receivedAtMs } = source;
    const settings = meterSettingsOf(chargePointId);
    let booked: S | Session = session;
    let powerW: number | null = null;
    let isAsked = false;
    for (const [index, value] of oldestFirst(values).entries()) {
      const shown = readMeterValue(value.sampledValue ?? [], settings.energyUnit);
      if (shown.registerWh === null && shown.intervalMilliWh === null && shown.powerW === null) continue;
      const time = clocks.timeOf(chargePointId, value.timestamp, receivedAtMs);
      powerW = shown.powerW;
      isAsked = shown.context === 'Trigger';
      // A repetition was counted when it came first.
      const readingId = this.#logReading(session, source, shown, {
        timestamp: value.timestamp ?? inPlaceOfTime(shown, receivedAtMs, index),
        atMs: time.atMs,
      });
      if (readingId === null) continue;
      if (source.isHistory !== true) clocks.learn(chargePointId, value.timestamp, receivedAtMs);
      if (booked && isForSession(booked, source, shown, time))
        booked = this.#bookOne(booked, shown, { readingId, atMs: time.atMs });
    }
    return { session: booked, powerW, isAsked };
  }

  /** How the registers of a charger are counted. */
  meter(chargePointId: string): MeterContext {
    const { calendar, meterSettingsOf } = this.#parts;
    return { calendar, maxPowerW: meterSettingsOf(chargePointId).maxPowerW };
  }

  /** The session with its unit watched once more: only where that is taken from the charger's word can it be wrong. */
  watchUnit(session: Session, receivedAtMs: number): Session {
    const { journal, meterSettingsOf, onUnitInDoubt } = this.#parts;
    const { chargePointId, connectorId } = session;
    const { energyUnit, maxPowerW } = meterSettingsOf(chargePointId);
    const last = session.account.lines[0]?.last;
    if (energyUnit !== 'auto' || session.suspectedUnit !== null || !last) return session;
    const connectors = journal.live.chargePoint(chargePointId)?.connectors ?? {};
    const isCharging = connectors[connectorId]?.status === 'Charging';
    const sample = { wh: last.wh, receivedAtMs, isCharging, maxPowerW };
    const { watch, suspected } = watchUnit(session.unitWatch, sample);
    if (watch === session.unitWatch && suspected === null) return session;
    const watched = { ...session, unitWatch: watch, suspectedUnit: suspected };
    if (suspected !== null) onUnitInDoubt(watched);
    return watched;
  }

  #bookOne(
    session: Session,
    { registerWh: wh, intervalMilliWh }: MeterReading,
    { readingId, atMs }: { readonly readingId: number; readonly atMs: number },
  ): Session {
    const { live } = this.#parts.journal;
    const { chargePointId, connectorId } = session;
    const meter = this.meter(chargePointId);
    const hasRisen = wh === null ? (intervalMilliWh ?? 0) > 0 : wh > registerOf(session);
    const isLatest =
      live.latestOnConnector(chargePointId, connectorId)?.transactionId === session.transactionId;
    const isBack = hasRisen && isLatest && mayReopen(session) && atMs > (session.end?.atMs ?? Infinity);
    const open = isBack ? reopenSession(session, meter) : session;
    const mostWh = isLatest ? Infinity : mostWhOf(live, session);
    if (wh !== null) return bookRegister(open, { wh: Math.min(wh, mostWh), atMs }, meter);
    if (intervalMilliWh === null) return session;
    return bookInterval(open, { milliWh: intervalMilliWh, atMs, readingId }, meter);
  }

  #logReading(
    session: Session | null,
    source: SampleSource,
    shown: MeterReading,
    time: { readonly timestamp: string; readonly atMs: number },
  ): number | null {
    const { chargePointId, connectorId } = source;
    const transactionId = session?.transactionId ?? source.transactionId;
    const userName = session ? nameOf(session) : '';
    return this.#parts.readings.add({ chargePointId, connectorId, transactionId, userName, ...time }, shown);
  }
}

/** Some send what they kept with the newest first; what flowed is judged by what came before it. Without all times as they are. */
function oldestFirst(values: readonly MeterValue[]): readonly MeterValue[] {
  if (values.length < 2) return values;
  const timed = values.map((value) => ({ value, atMs: parseTimestamp(value.timestamp ?? '') ?? NaN }));
  if (timed.some(({ atMs }) => Number.isNaN(atMs))) return values;
  return timed.sort((one, other) => one.atMs - other.atMs).map(({ value }) => value);
}

/** What tells a reading without a time from others: its register does. An interval that is as large as the one before is a new one. */
function inPlaceOfTime({ registerWh }: MeterReading, receivedAtMs: number, index: number): string {
  return registerWh === null ? `${receivedAtMs}.${index}` : '';
}

/** Whether a sample is to be booked on the session that was found for its message. */
function isForSession(session: Session, source: SampleSource, shown: MeterReading, time: EventTime): boolean {
  const isNamed = source.transactionId === session.transactionId;
  // Without the session's id: one that is older than it, or comes after its end, is another one's.
  if (!isNamed && (!isRunning(session) || (time.isPlausible && time.atMs < session.startedMs))) return false;
  if (source.isHistory !== true) return true;
  const current = session.account.lines[0];
  // What came before all samples is no rise, however much lower a register that began anew is since.
  if (shown.context === 'Transaction.Begin' && current) return false;
  const isOrdered = time.isPlausible && shown.context !== 'Transaction.Begin';
  return isOrdered || (shown.registerWh ?? 0) > (current?.last.wh ?? 0);
}

/** Ended without the charger's word: when it goes on to count, the end was wrong, and nothing of it may be lost. */
function mayReopen({ end }: Session): boolean {
  return end?.reason === 'connectorFree' || end?.evidence === 'byHand';
}

/** As far as is booked: by its samples, or by what a person read from the meter. */
function registerOf({ account, end }: Session): number {
  return Math.max(account.lines[0]?.last.wh ?? 0, end?.register?.wh ?? 0);
}

function nameOf(session: Session): string {
  return session.user ? fullName(session.user) : session.idTag;
}
