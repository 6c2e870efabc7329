// How fast energy flows in one session, and where its register truly is: learned from live samples. Nothing is booked here.

const MS_PER_HOUR = 3_600_000;
/** Steps in which registers are known to count, coarsest first. */
const RESOLUTIONS_WH = [1000, 100, 10, 1] as const;
/** Samples closer than this say nothing about the slope: their transport takes about as long. */
const MIN_GAP_MS = 1000;
/** Changes of the register that are remembered. */
const MAX_CHANGES = 8;
/** How far a straight line may miss a change, as a share of its step: no car charges steadily to the Wh. */
const SLACK = 0.08;
/** A register that stands still for so many times what one step of it should take: the session pauses. */
const PAUSE_STEPS = 2;
/** Power is believed while it is as near as this to the slope of the register. */
const POWER_TOLERANCE = 0.25;

/** The register showed `fromWh` at `fromMs` and `wh` at `atMs`. The two are the same where a flow begins. */
interface Change {
  readonly fromMs: number;
  readonly fromWh: number;
  readonly atMs: number;
  readonly wh: number;
}

/** What the live samples of a session have shown so far: plain data. Times are the server's. */
export interface Flow {
  /** What the newest sample showed, and when it arrived. */
  readonly shownWh: number;
  readonly shownAtMs: number;
  /** The base point: the true register, with what a coarse one does not show yet, at `atMs`. */
  readonly wh: number;
  readonly atMs: number;
  /** From the base point on; 0 while paused, null while it is unknown. */
  readonly slopeW: number | null;
  readonly isPaused: boolean;
  /** The step in which the register counts, as far as it has shown. */
  readonly resolutionWh: number;
  /** Whether a sample that was asked for has shown something new: not every meter measures when it is asked. */
  readonly measuresWhenAsked: boolean;
  readonly changes: readonly Change[];
}

export interface FlowSample {
  /** The register as it was booked. */
  readonly wh: number;
  readonly powerW: number | null;
  readonly receivedAtMs: number;
  /** Whether it was asked for (TriggerMessage). */
  readonly isAsked: boolean;
}

/** Learns from a live sample. Nothing flows faster than `maxPowerW`. Returns the same object when nothing was learned. */
export function learnFlow(flow: Flow | null, sample: FlowSample, maxPowerW: number): Flow {
  const { wh, receivedAtMs } = sample;
  if (flow === null) return begin(sample);
  if (wh < flow.shownWh) return beginAgain(flow, sample);
  const gapMs = receivedAtMs - flow.shownAtMs;
  if (gapMs < MIN_GAP_MS) return wh === flow.shownWh ? flow : followClose(flow, sample, maxPowerW);
  if (wh === flow.shownWh) return standStill(flow, sample, maxPowerW);
  const seen = { ...flow, measuresWhenAsked: flow.measuresWhenAsked || sample.isAsked };
  // Since when it flows again is not known, so how fast it does is not either.
  if (flow.isPaused) return beginAgain(seen, sample);
  const change = { fromMs: flow.shownAtMs, fromWh: flow.shownWh, atMs: receivedAtMs, wh };
  return estimate(seen, [...flow.changes, change].slice(-MAX_CHANGES), sample, maxPowerW);
}

function begin({ wh, receivedAtMs: atMs }: FlowSample): Flow {
  return {
    shownWh: wh,
    shownAtMs: atMs,
    wh,
    atMs,
    slopeW: null,
    isPaused: false,
    resolutionWh: 1,
    measuresWhenAsked: false,
    changes: [{ fromMs: atMs, fromWh: wh, atMs, wh }],
  };
}

function beginAgain({ resolutionWh, measuresWhenAsked }: Flow, sample: FlowSample): Flow {
  return { ...begin(sample), resolutionWh, measuresWhenAsked };
}

/** A sample on the heels of another one corrects what is shown; a rise that cannot have flowed meanwhile begins anew. */
function followClose(flow: Flow, sample: FlowSample, maxPowerW: number): Flow {
  const { wh, receivedAtMs } = sample;
  const couldFlowWh = energyWh(maxPowerW, Math.max(0, receivedAtMs - flow.shownAtMs));
  if (wh - flow.shownWh > couldFlowWh + flow.resolutionWh) return beginAgain(flow, sample);
  return { ...flow, shownWh: wh, wh: Math.max(flow.wh, wh) };
}

function standStill(flow: Flow, sample: FlowSample, maxPowerW: number): Flow {
  const { receivedAtMs } = sample;
  const { slopeW, resolutionWh } = flow;
  if (sample.isAsked && !flow.measuresWhenAsked) return flow;
  const newest = flow.changes.at(-1);
  if (newest === undefined || flow.isPaused) return { ...flow, shownAtMs: receivedAtMs, atMs: receivedAtMs };
  const stillMs = receivedAtMs - newest.atMs;
  if (slopeW === null || stillMs <= (PAUSE_STEPS * resolutionWh * MS_PER_HOUR) / slopeW) {
    return estimate(flow, flow.changes, sample, maxPowerW);
  }
  const wh = Math.min(flow.wh, flow.shownWh + resolutionWh);
  return {
    ...flow,
    shownAtMs: receivedAtMs,
    atMs: receivedAtMs,
    wh,
    slopeW: 0,
    isPaused: true,
    changes: [newest],
  };
}

/** The register was at or above, or below, `wh` at `atMs`. */
interface Bound {
  readonly atMs: number;
  readonly wh: number;
}

/** What a straight line that fits the changes has to respect. */
interface Bounds {
  readonly lower: readonly Bound[];
  readonly upper: readonly Bound[];
}

interface SlopeRange {
  readonly minW: number;
  readonly maxW: number;
}

/** The line through the longest run of recent changes that a straight line fits: short while the power changes. */
function estimate(before: Flow, changes: readonly Change[], sample: FlowSample, maxPowerW: number): Flow {
  const resolutionWh = resolutionOf(changes);
  const { measuresWhenAsked } = before;
  let recent = changes;
  let bounds = boundsOf(recent, sample, resolutionWh);
  let range = slopeRange(bounds);
  while (range.minW > range.maxW && recent.length > 1) {
    recent = recent.slice(1);
    bounds = boundsOf(recent, sample, resolutionWh);
    range = slopeRange(bounds);
  }
  const slopeW = slopeWithin(range, before.slopeW, sample.powerW, maxPowerW);
  const { wh: shownWh, receivedAtMs: atMs } = sample;
  const wh = slopeW === null ? shownWh : registerAt(bounds, slopeW, atMs, shownWh, resolutionWh);
  return {
    shownWh,
    shownAtMs: atMs,
    wh,
    atMs,
    slopeW,
    isPaused: false,
    resolutionWh,
    measuresWhenAsked,
    changes,
  };
}

function resolutionOf(changes: readonly Change[]): number {
  const steps = changes.map(({ wh, fromWh }) => wh - fromWh).filter((step) => step > 0);
  return RESOLUTIONS_WH.find((step) => steps.every((wh) => wh % step === 0)) ?? 1;
}

function boundsOf(changes: readonly Change[], sample: FlowSample, resolutionWh: number): Bounds {
  const slackOf = ({ wh, fromWh }: Change) => SLACK * (wh - fromWh);
  const newest = changes.at(-1);
  return {
    lower: changes.flatMap((change) => [
      { atMs: change.fromMs, wh: change.fromWh - slackOf(change) },
      { atMs: change.atMs, wh: change.wh - slackOf(change) },
    ]),
    upper: [
      ...changes.map((change) => ({
        atMs: change.fromMs,
        wh: change.fromWh + resolutionWh + slackOf(change),
      })),
      { atMs: sample.receivedAtMs, wh: sample.wh + resolutionWh + (newest ? slackOf(newest) : 0) },
    ],
  };
}

/** Which slopes pass above every lower and below every upper bound; none where the least is above the most. */
function slopeRange({ lower, upper }: Bounds): SlopeRange {
  let minW = 0;
  let maxW = Number.POSITIVE_INFINITY;
  for (const above of lower) {
    for (const below of upper) {
      const slopeW = powerW(above.wh - below.wh, above.atMs - below.atMs);
      if (above.atMs > below.atMs) minW = Math.max(minW, slopeW);
      else if (above.atMs < below.atMs) maxW = Math.min(maxW, slopeW);
    }
  }
  return { minW, maxW };
}

function slopeWithin(
  { minW, maxW }: SlopeRange,
  beforeW: number | null,
  measuredW: number | null,
  maxPowerW: number,
): number | null {
  if (minW > maxW) return Math.min(maxW, maxPowerW);
  // One step of a coarse register alone says how slow the flow may not be, not how fast it is.
  if (minW <= 0 || maxW === Number.POSITIVE_INFINITY) {
    return beforeW === null ? null : Math.min(Math.max(beforeW, minW), maxW);
  }
  const slopeW = (minW + maxW) / 2;
  const isMeasured = measuredW !== null && Math.abs(measuredW - slopeW) <= POWER_TOLERANCE * slopeW;
  return Math.min(isMeasured ? measuredW : slopeW, maxPowerW);
}

/** The middle of where lines of this slope may be at `atMs`, and what the register shows then. */
function registerAt(
  { lower, upper }: Bounds,
  slopeW: number,
  atMs: number,
  shownWh: number,
  resolutionWh: number,
): number {
  const carried = (bound: Bound) => bound.wh + energyWh(slopeW, atMs - bound.atMs);
  const leastWh = Math.max(...lower.map(carried));
  const mostWh = Math.min(...upper.map(carried));
  return Math.min(Math.max((leastWh + mostWh) / 2, shownWh), shownWh + resolutionWh);
}

function energyWh(watts: number, forMs: number): number {
  return (watts * forMs) / MS_PER_HOUR;
}

function powerW(wh: number, forMs: number): number {
  return (wh * MS_PER_HOUR) / forMs;
}
