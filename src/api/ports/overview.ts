// What the API needs to show the site at a glance; joined in src/observe-ports.ts.

/** Times are milliseconds since 1970. */
export interface SiteFigures {
  readonly atMs: number;
  readonly month: string;
  readonly monthEndsMs: number;
  readonly chargers: {
    readonly total: number;
    readonly connected: number;
    readonly faulted: number;
    readonly pending: number;
  };
  readonly sessions: { readonly running: number; readonly charging: number };
  readonly powerW: number | null;
  /** Oldest first. */
  readonly powerByMinute: readonly { readonly atMs: number; readonly powerW: number }[];
  readonly energyByDay: readonly { readonly day: string; readonly wh: number }[];
  readonly usedWh: number;
  readonly runningWh: number;
  readonly quotaWh: number;
  readonly quotaUsedWh: number;
  readonly paceWh: number | null;
}

export interface OverviewPort {
  readonly siteName: string;
  /** IANA name. */
  readonly timeZone: string;
  figures(): SiteFigures;
}
