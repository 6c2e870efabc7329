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
  /** The charger's answer in a word; null while it is awaited, and for ever where kwota died meanwhile. */
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

/** The rung after so many. */
export function nextRung(ladder: readonly Rung[], climbed: number): Rung {
  return ladder[climbed] ?? REPEATED;
}

/** Whether every rung has been climbed. */
export function isAtTheTop(ladder: readonly Rung[], climbed: number): boolean {
  return climbed >= ladder.length;
}
