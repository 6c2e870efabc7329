// What the API needs of forwarding; joined in src/forwarding.ts.

export interface ForwardStanding {
  readonly pausedBy: string | null;
  readonly queued: number;
  readonly oldestMs: number | null;
  readonly parked: number;
  readonly delivered: number;
  readonly lastDeliveredMs: number | null;
  readonly lastError: { readonly atMs: number; readonly reason: string } | null;
  readonly nextTryMs: number | null;
}

export interface ParkedOne {
  /** Its place, unique among those that are parked. */
  readonly slot: number;
  readonly state: 'parked' | 'queued';
  readonly reading: { readonly id: number; readonly chargePointId: string; readonly at: number };
  readonly status: number;
  readonly reason: string;
  readonly parkedMs: number;
}

export interface Forwarding {
  status(): ForwardStanding;
  parked(): readonly ParkedOne[];
  pause(by: string): void;
  resume(by: string): void;
  /** Of the readings with these ids, or of all; returns how many. */
  retry(ids: ReadonlySet<string> | null, by: string): number;
  drop(ids: ReadonlySet<string> | null, by: string): number;
}

export interface ForwardPort {
  /** Where readings go, without what may be secret; null: nothing is configured. */
  readonly url: string | null;
  /** Null: it is switched off. */
  readonly forwarding: Forwarding | null;
}
