// What the API needs of the rest of the program; joined in src/kwota.ts.
import type { ChargePoint } from '../domain/charge-point.ts';
import type { RegisterGap } from '../domain/register-gaps.ts';
import type { Session } from '../domain/session.ts';
import type { TraceLine } from '../domain/trace.ts';

/** What is durable: the only state that is shown. */
export interface ShownState {
  chargePoints(): Iterable<ChargePoint>;
  chargePoint(id: string): ChargePoint | undefined;
  runningOfChargePoint(chargePointId: string): readonly Session[];
}

export interface Presence {
  isConnected(chargePointId: string): boolean;
  lastHeardMs(chargePoint: ChargePoint): number | null;
}

export interface SeenQuirk {
  readonly quirk: string;
  readonly count: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** A sentence: what the charger does. */
  readonly what: string;
  /** A sentence: what kwota does about it. */
  readonly handling: string;
}

export interface TraceReader {
  /** Oldest first: the first `limit` lines after `afterSeq`, or without it the newest. */
  read(
    chargePointId: string,
    range: { readonly afterSeq?: number; readonly limit?: number },
  ): Promise<readonly TraceLine[]>;
}

export interface ChargerPorts {
  /** Null while nobody can tell. */
  readonly quotaEndsAtMs: (session: Session) => number | null;
  readonly state: ShownState;
  readonly presence: Presence;
  quirksOf(chargePointId: string): readonly SeenQuirk[];
  /** In the order of time. */
  gapsOf(chargePointId: string): readonly RegisterGap[];
  readonly traces: TraceReader;
  /** JSON lines, as `kwota replay` reads them. */
  recordingOf(chargePointId: string): Promise<string>;
  /** The id that somebody probably meant; null when none is near. */
  closestId(chargePointId: string): string | null;
}
