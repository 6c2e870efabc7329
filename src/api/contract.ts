// What the REST API says, as types: all that a client needs to import.

/** GET /api/health, open to anybody. `degraded`: something is wrong that kwota works around or waits for. */
export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly uptimeS: number;
  readonly chargersConnected: number;
  readonly sessionsRunning: number;
  /** What is wrong at present, in sentences; empty when all is well. */
  readonly problems: readonly string[];
}

/** An error as RFC 9457 tells it (application/problem+json). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
}
