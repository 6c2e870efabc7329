// When the quota of an account is used up, from how fast energy flows in its running sessions. Nothing is stopped here.
import type { Flow } from './flow.ts';

const MS_PER_HOUR = 3_600_000;
/** Of a charger whose latency has not been measured. */
export const START_LATENCY_MS = 500;
const MAX_LATENCY_MS = 10_000;
/** How much a new measurement of the latency counts against what was known. */
const LATENCY_WEIGHT = 0.5;
/** A charger is asked no sooner after its sample: a slope over less would be mostly transport. */
const MIN_ASK_GAP_MS = 5000;
/** And no more often than this: some chargers block when they are asked too much. */
const MIN_ASK_AGAIN_MS = 60_000;
/** Before a stop that rests on so much energy that no sample has shown, the charger is asked once more. */
const LAST_LOOK_FROM_WH = 25;
const LAST_LOOK_MS = 10_000;
/** No sample for so many intervals: none is coming. */
const SILENT_INTERVALS = 2;

/** A running session that shares the quota. */
export interface SessionFlow {
  readonly id: string;
  readonly flow: Flow;
  /** From RemoteStopTransaction to the end of the flow; see learnLatency. */
  readonly latencyMs: number;
  /** How often the charger sends samples. */
  readonly intervalMs: number;
  /** The fastest plausible use. */
  readonly maxPowerW: number;
  /** Whether a person set it for this charger: only then does it stop a session. */
  readonly isMaxPowerSet: boolean;
  /** When the charger was asked for a sample last; null: never. */
  readonly askedAtMs: number | null;
}

export interface SessionForecast {
  readonly id: string;
  /** When RemoteStopTransaction has to be sent, unless a sample comes before; null: nothing flows. May be past. */
  readonly stopAtMs: number | null;
  /** When to ask for a sample (TriggerMessage), unless one comes before; null: what is known will do. */
  readonly askAtMs: number | null;
  /** When it has to stop because no sample came and the charger's power could have used up the quota; null: no such bound. */
  readonly boundMs: number | null;
}

export interface Forecast {
  /** When nothing is left; null when nothing flows. */
  readonly crossingMs: number | null;
  readonly sessions: readonly SessionForecast[];
}

/** `leftWh`: of the account after what the newest samples showed, less the margin to keep. */
export function forecast(leftWh: number, sessions: readonly SessionFlow[]): Forecast {
  const crossingMs = crossing(leftWh, sessions, ({ flow }) => flow.slopeW ?? 0);
  const fastestMs = crossing(leftWh, sessions, ({ flow, maxPowerW }) => flow.slopeW ?? maxPowerW);
  return {
    crossingMs,
    sessions: sessions.map((session) => {
      const { slopeW } = session.flow;
      const stopAtMs = crossingMs === null || slopeW === 0 ? null : crossingMs - session.latencyMs;
      const lookAtMs = slopeW === null ? earlyLook(session, fastestMs) : lastLook(session, stopAtMs);
      return {
        id: session.id,
        stopAtMs,
        askAtMs:
          lookAtMs === null ? null : Math.max(lookAtMs, (session.askedAtMs ?? -Infinity) + MIN_ASK_AGAIN_MS),
        boundMs: session.isMaxPowerSet ? boundOf(leftWh, sessions, session) : null,
      };
    }),
  };
}

/** What is known of a charger's latency after a stop that took `measuredMs`; null: nothing was known before. */
export function learnLatency(beforeMs: number | null, measuredMs: number): number {
  const known = beforeMs ?? START_LATENCY_MS;
  const measured = Math.min(Math.max(measuredMs, 0), MAX_LATENCY_MS);
  return known + LATENCY_WEIGHT * (measured - known);
}

/** When all sessions together, each flowing from its base point on, have used up what is left. */
function crossing(
  leftWh: number,
  sessions: readonly SessionFlow[],
  wattsOf: (session: SessionFlow) => number,
): number | null {
  const first = sessions[0];
  if (first === undefined) return null;
  // Counted from one of the base points: products of watts and times since 1970 would lose whole Wh.
  const originMs = first.flow.atMs;
  let watts = 0;
  let wh = leftWh;
  for (const session of sessions) {
    const { flow } = session;
    const sessionW = wattsOf(session);
    watts += sessionW;
    wh += (sessionW * (flow.atMs - originMs)) / MS_PER_HOUR - (flow.wh - flow.shownWh);
  }
  return watts > 0 ? originMs + (wh * MS_PER_HOUR) / watts : null;
}

/** Half way to the earliest end, so that what the sample shows can still be acted on. */
function earlyLook({ flow }: SessionFlow, fastestMs: number | null): number | null {
  if (fastestMs === null) return null;
  return flow.shownAtMs + Math.max((fastestMs - flow.shownAtMs) / 2, MIN_ASK_GAP_MS);
}

function lastLook({ flow }: SessionFlow, stopAtMs: number | null): number | null {
  if (stopAtMs === null) return null;
  const unseenWh = ((flow.slopeW ?? 0) * (stopAtMs - flow.shownAtMs)) / MS_PER_HOUR;
  const lookAtMs = stopAtMs - LAST_LOOK_MS;
  return unseenWh < LAST_LOOK_FROM_WH || lookAtMs - flow.shownAtMs < MIN_ASK_GAP_MS ? null : lookAtMs;
}

function boundOf(leftWh: number, sessions: readonly SessionFlow[], silent: SessionFlow): number | null {
  const { flow, intervalMs, latencyMs, maxPowerW } = silent;
  const usedUpMs = crossing(leftWh, sessions, (session) =>
    session === silent ? maxPowerW : (session.flow.slopeW ?? 0),
  );
  if (usedUpMs === null) return null;
  return Math.max(usedUpMs - latencyMs, flow.shownAtMs + SILENT_INTERVALS * intervalMs);
}
