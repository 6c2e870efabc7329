// The rungs by which a session is made to end that does not end when asked. Which are climbed, and when; not how.

/**
 * remoteStop: RemoteStopTransaction. knownIds: the same with every other id that the connector has used. noCurrent: a
 * charging profile of 0 A. inoperative: ChangeAvailability. unlock, softReset, hardReset: only where a site asks for it.
 */
export const STOP_STEPS = [
  'remoteStop',
  'knownIds',
  'noCurrent',
  'inoperative',
  'unlock',
  'softReset',
  'hardReset',
] as const;

export type StopStep = (typeof STOP_STEPS)[number];

export interface Rung {
  readonly step: StopStep;
  /** After the rung before, or after the stop was due. */
  readonly waitMs: number;
}

/** A rung that was climbed; kept with the session. */
export interface ClimbedRung {
  readonly step: StopStep;
  readonly atMs: number;
  /** The charger's answer in a word; null while it is awaited. */
  readonly answer: string | null;
}

const SECOND_MS = 1000;

export const DEFAULT_LADDER: readonly Rung[] = [
  { step: 'remoteStop', waitMs: 0 },
  { step: 'remoteStop', waitMs: 15 * SECOND_MS },
  { step: 'remoteStop', waitMs: 30 * SECOND_MS },
  { step: 'knownIds', waitMs: 30 * SECOND_MS },
  { step: 'noCurrent', waitMs: 15 * SECOND_MS },
  { step: 'inoperative', waitMs: 30 * SECOND_MS },
];

/** When nothing has helped, it is asked again this often, and somebody is told. */
export const REPEATED: Rung = { step: 'remoteStop', waitMs: 300 * SECOND_MS };

const AT_ONCE: Rung = { step: 'remoteStop', waitMs: 0 };

/** How far a session is: the rungs that count for its present stop, and all that were ever climbed, the newest last. */
export interface Progress {
  readonly climbed: number;
  /** When the stop was due. */
  readonly sinceMs: number;
  readonly rungs: readonly ClimbedRung[];
}

export interface NextRung {
  readonly step: StopStep;
  /** From now on. */
  readonly waitMs: number;
  /** Rungs that count once this one is climbed. */
  readonly climbed: number;
}

/**
 * The rung after those climbed; the last one again, at once, where kwota died before its answer.
 * A clock that went back delays nothing beyond the rung's own wait.
 */
export function nextRung(
  ladder: readonly Rung[],
  { climbed, sinceMs, rungs }: Progress,
  nowMs: number,
): NextRung {
  const last = climbed > 0 ? rungs.at(-1) : undefined;
  if (last?.answer === null) return { step: last.step, waitMs: 0, climbed };
  // A ladder without rungs still asks.
  const { step, waitMs } = ladder[climbed] ?? (climbed === 0 ? AT_ONCE : REPEATED);
  const leftMs = (last?.atMs ?? sinceMs) + waitMs - nowMs;
  return { step, waitMs: Math.min(waitMs, Math.max(0, leftMs)), climbed: climbed + 1 };
}

/** Whether every rung has been climbed. */
export function isAtTheTop(ladder: readonly Rung[], climbed: number): boolean {
  return climbed >= ladder.length;
}
