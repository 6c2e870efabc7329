// When each running session will have used up its quota, as far as its samples tell; chargers that tell too little are asked. Who has to end is quota-enforcer.ts.
import { MAX_POWER_W } from '../domain/energy-account.ts';
import { totalWh, WH_PER_KWH } from '../domain/energy.ts';
import { learnFlow, type Flow } from '../domain/flow.ts';
import {
  forecast,
  learnLatency,
  START_LATENCY_MS,
  type SessionFlow,
  type SessionForecast,
} from '../domain/forecast.ts';
import { sessionId, type Session } from '../domain/session.ts';
import type { CancelTimer, Clock, EpochMs } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { createSteadyTime, type SteadyMs, type SteadyTime } from '../runtime/steady-time.ts';
import type { Journal } from './journal.ts';
import { fieldsOf } from './meter-log.ts';
import type { MeterSettings } from './meter-settings.ts';
import { statusOf, type Remote } from './remote.ts';

/** A sample that comes so soon after it was asked for is the answer, whatever its context. */
const ANSWER_WITHIN_MS = 5_000;
/** Then it is not asked again until it reconnects. */
const MAX_REFUSALS = 3;
/** A stop that took longer was refused or ignored: it says nothing about the latency. */
const LONGEST_LATENCY_MS = 30_000;
const USUAL_INTERVAL_MS = 60_000;
/** No timer waits longer: what is further away is looked at again then. */
const LONGEST_WAIT_MS = 3_600_000;
const MS_PER_HOUR = 3_600_000;
/** Power is not known any more when so many usual intervals, and at least so long, brought no sample. */
const STALE_INTERVALS = 3;
const STALE_AFTER_MS = 5 * 60_000;

/** Its times hold when the clock is set: nothing flows by that. */
interface Watched {
  flow: Flow;
  /** As its newest sample told it. */
  powerW: number | null;
  heardAtMs: EpochMs;
  intervalMs: number;
  askedAtMs: SteadyMs | null;
  /** What the session was to have when its quota ends, by the forecast that stopped it. */
  expectedWh: number | null;
  sentAtMs: SteadyMs | null;
  isDue: boolean;
  /** When the quota of its account will be used up, as of the newest forecast. */
  crossingMs: SteadyMs | null;
  timer: { readonly atMs: SteadyMs; readonly cancel: CancelTimer } | null;
}

/** A sample that came as it was taken. */
export interface LiveSample {
  readonly powerW: number | null;
  readonly receivedAtMs: EpochMs;
  /** Its context says that it was asked for. */
  readonly isAsked: boolean;
}

export interface ForecastParts {
  readonly journal: Journal;
  readonly remote: Remote;
  readonly isPredictive: boolean;
  /** Charging shall end so much before the quota is used up. */
  readonly marginWh: number;
  readonly meterSettingsOf: (chargePointId: string) => MeterSettings;
  readonly clock: Clock;
  readonly log: Log;
}

export class Forecasts {
  readonly #parts: ForecastParts;
  readonly #time: SteadyTime;
  readonly #watched = new Map<string, Watched>();
  readonly #refusals = new Map<string, number>();

  constructor(parts: ForecastParts) {
    this.#parts = parts;
    this.#time = createSteadyTime(parts.clock);
  }

  /** A live sample was booked on the session. */
  sampled(session: Session, live: LiveSample): void {
    const id = sessionId(session);
    const { maxPowerW } = this.#parts.meterSettingsOf(session.chargePointId);
    const before = this.#watched.get(id);
    const { powerW } = live;
    const receivedAtMs = this.#time.ofRecent(live.receivedAtMs);
    const askedMs = receivedAtMs - (before?.askedAtMs ?? Number.NEGATIVE_INFINITY);
    const isAsked = live.isAsked || (askedMs >= 0 && askedMs <= ANSWER_WITHIN_MS);
    const sample = { wh: energyOf(session), powerW, receivedAtMs, isAsked };
    const flow = learnFlow(before?.flow ?? null, sample, maxPowerW);
    if (!before) {
      const none = { askedAtMs: null, expectedWh: null, sentAtMs: null, crossingMs: null, timer: null };
      const heard = { powerW, heardAtMs: receivedAtMs };
      this.#watched.set(id, { flow, ...heard, intervalMs: USUAL_INTERVAL_MS, isDue: false, ...none });
      return;
    }
    before.powerW = powerW;
    before.heardAtMs = receivedAtMs;
    if (flow === before.flow) return;
    before.intervalMs = Math.max(receivedAtMs - before.flow.shownAtMs, 0);
    before.flow = flow;
  }

  /** What it draws at present: what it says, or else how fast its register moves. Null while nobody can tell. */
  powerW(session: Session): number | null {
    const watched = this.#watched.get(sessionId(session));
    if (!watched) return null;
    const { flow, powerW, heardAtMs, intervalMs } = watched;
    const silentMs = this.#parts.clock.now() - heardAtMs;
    if (silentMs > Math.max(STALE_INTERVALS * intervalMs, STALE_AFTER_MS)) return null;
    return powerW ?? (flow.slopeW === null ? null : Math.round(flow.slopeW));
  }

  /** Forecasts an account anew; `onDue` is called when a session of it has to be looked at again, sample or not. */
  plan(sessions: readonly Session[], leftWh: number | null, onDue: () => void): void {
    if (!this.#parts.isPredictive) return;
    const isLimited = leftWh !== null && leftWh > 0;
    const flows: SessionFlow[] = [];
    const planned: { readonly session: Session; readonly watched: Watched }[] = [];
    for (const session of sessions) {
      const id = sessionId(session);
      const watched = this.#watched.get(id);
      if (!watched) continue;
      planned.push({ session, watched });
      if (isLimited) flows.push(this.#flowOf(id, session, watched));
    }
    const { crossingMs, sessions: forecasts } = forecast((leftWh ?? 0) - this.#parts.marginWh, flows);
    // One for each flow, in their order; none where nothing is limited.
    planned.forEach(({ session, watched }, index) =>
      this.#planOne(session, watched, forecasts[index], crossingMs, onDue),
    );
  }

  /** Whether its quota will be used up before a stop that is sent later could end it. */
  isDue(session: Session): boolean {
    return this.#watched.get(sessionId(session))?.isDue ?? false;
  }

  /** When its quota will be used up if it goes on like this; null while nobody can tell. Also while the charger is away. */
  quotaEndsAtMs(session: Session): EpochMs | null {
    const crossingMs = this.#watched.get(sessionId(session))?.crossingMs ?? null;
    return crossingMs === null ? null : this.#time.toClock(crossingMs);
  }

  /** Not charging by its status, and the register has stood still for longer than any charging could explain. */
  standsStill(session: Session): boolean {
    const { chargePointId, connectorId } = session;
    const connector = this.#parts.journal.live.chargePoint(chargePointId)?.connectors[connectorId];
    const isCharging = connector === undefined || connector.status === 'Charging';
    return !isCharging && (this.#watched.get(sessionId(session))?.flow.isPaused ?? false);
  }

  /** A RemoteStopTransaction leaves for it. */
  stopSent(session: Session): void {
    const watched = this.#watched.get(sessionId(session));
    if (watched) watched.sentAtMs ??= this.#time.now();
  }

  /** It has ended: how long that took is remembered of the charger, and what was expected is told. */
  ended(session: Session): void {
    const id = sessionId(session);
    const watched = this.#watched.get(id);
    if (!watched) return;
    watched.timer?.cancel();
    this.#watched.delete(id);
    const { log } = this.#parts;
    if (watched.sentAtMs === null || session.end?.evidence !== 'meterStop') return;
    const tookMs = this.#time.now() - watched.sentAtMs;
    this.#learnLatency(session.chargePointId, tookMs);
    if (watched.expectedWh === null) return;
    const energyWh = energyOf(session);
    const expectedWh = Math.round(watched.expectedWh);
    const differenceWh = energyWh - expectedWh;
    log.info('QUOTA', 'ended by the forecast', {
      ...fieldsOf(session),
      expectedWh,
      energyWh,
      differenceWh,
      tookMs,
    });
  }

  /** A charger that was not asked any more is asked again when it reconnects. */
  reconnected(chargePointId: string): void {
    this.#refusals.delete(chargePointId);
  }

  close(): void {
    for (const { timer } of this.#watched.values()) timer?.cancel();
    this.#watched.clear();
  }

  #flowOf(id: string, { chargePointId }: Session, watched: Watched): SessionFlow {
    const { maxPowerW } = this.#parts.meterSettingsOf(chargePointId);
    return {
      id,
      flow: watched.flow,
      latencyMs: this.#parts.journal.live.chargePoint(chargePointId)?.stopLatencyMs ?? START_LATENCY_MS,
      intervalMs: watched.intervalMs,
      maxPowerW,
      isMaxPowerSet: maxPowerW < MAX_POWER_W,
      askedAtMs: watched.askedAtMs,
    };
  }

  #planOne(
    session: Session,
    watched: Watched,
    ahead: SessionForecast | undefined,
    crossingMs: SteadyMs | null,
    onDue: () => void,
  ): void {
    const nowMs = this.#time.now();
    const dueMs = ahead ? earliest(ahead.stopAtMs, ahead.boundMs) : null;
    watched.crossingMs = crossingMs;
    watched.isDue = dueMs !== null && dueMs <= nowMs;
    if (watched.isDue && crossingMs !== null) watched.expectedWh ??= registerAt(watched.flow, crossingMs);
    const refusals = this.#refusals.get(session.chargePointId) ?? 0;
    const askMs = refusals < MAX_REFUSALS ? (ahead?.askAtMs ?? null) : null;
    const isAskedNow = askMs !== null && askMs <= nowMs;
    if (isAskedNow) this.#ask(session, watched);
    this.#wake(watched, earliest(watched.isDue ? null : dueMs, isAskedNow ? null : askMs), onDue);
  }

  #ask(session: Session, watched: Watched): void {
    const { remote, clock, log } = this.#parts;
    const { chargePointId, connectorId } = session;
    watched.askedAtMs = this.#time.now();
    if (!remote.isConnected(chargePointId)) return;
    const payload = { requestedMessage: 'MeterValues', connectorId } as const;
    const isWanted = () => this.#watched.has(sessionId(session));
    clock.after(0, () => {
      void remote.call(chargePointId, 'TriggerMessage', payload, isWanted).then((answer) => {
        const status = statusOf(answer);
        log.debug('COMMAND', 'TriggerMessage answered', { ...fieldsOf(session), status });
        if (status === 'Accepted') this.#refusals.delete(chargePointId);
        else if (status !== 'offline' && status !== 'cancelled')
          this.#refusals.set(chargePointId, (this.#refusals.get(chargePointId) ?? 0) + 1);
      });
    });
  }

  /** One timer a session; one that is early enough stays, and looks again when it fires. */
  #wake(watched: Watched, whenMs: SteadyMs | null, onDue: () => void): void {
    const nowMs = this.#time.now();
    if (whenMs !== null && watched.timer !== null && watched.timer.atMs <= whenMs) return;
    watched.timer?.cancel();
    watched.timer = null;
    if (whenMs === null) return;
    const atMs = Math.min(whenMs, nowMs + LONGEST_WAIT_MS);
    const fire = () => {
      watched.timer = null;
      onDue();
    };
    watched.timer = { atMs, cancel: this.#parts.clock.after(Math.max(0, atMs - nowMs), fire) };
  }

  #learnLatency(chargePointId: string, tookMs: number): void {
    const { journal } = this.#parts;
    const chargePoint = journal.live.chargePoint(chargePointId);
    if (!chargePoint || tookMs > LONGEST_LATENCY_MS) return;
    const stopLatencyMs = Math.round(learnLatency(chargePoint.stopLatencyMs ?? null, tookMs));
    journal.putChargePoint({ ...chargePoint, stopLatencyMs });
  }
}

/** What counts against the quota: a unit in doubt is the larger one. */
function energyOf({ energyByDay, suspectedUnit }: Session): number {
  return totalWh(energyByDay) * (suspectedUnit === 'kWh' ? WH_PER_KWH : 1);
}

function registerAt({ wh, slopeW, atMs }: Flow, whenMs: SteadyMs): number {
  return wh + ((slopeW ?? 0) * (whenMs - atMs)) / MS_PER_HOUR;
}

function earliest(a: SteadyMs | null, b: SteadyMs | null): SteadyMs | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
