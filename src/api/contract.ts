// What the REST API says, as types, and where local programs find it: all that a client needs to import.

/** In the data folder, readable by its owner alone: one line, the token of local commands. */
export const ADMIN_TOKEN_FILE = '.kwota/admin-token';

/** In the data folder while a server runs on it, and after one was killed. */
export const SERVER_FILE = '.kwota/server.json';

/** What SERVER_FILE holds: how a program on the same machine reaches the server. */
export interface ServerFile {
  /** `ws://127.0.0.1:9000` */
  readonly ocpp: string;
  /** `http://127.0.0.1:8001` */
  readonly api: string;
  readonly pid: number;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

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

/** The answer of a list. An object, so that what lists will say besides has a place. */
export interface List<T> {
  readonly items: readonly T[];
}

/** Times are ISO 8601 in UTC; texts that the charger never told are empty. */
export interface Charger {
  readonly id: string;
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly firmwareVersion: string;
  readonly isConnected: boolean;
  /** When its last message of any kind came. */
  readonly lastHeardAt: string | null;
  /** By connector id; 0 is the charge point as a whole. */
  readonly connectors: readonly Connector[];
  readonly sessions: readonly RunningSession[];
}

export interface Connector {
  readonly connectorId: number;
  /** ChargePointStatus and ChargePointErrorCode as the charger spelt them (OCPP 1.6 §7.7, §7.6). */
  readonly status: string;
  readonly errorCode: string;
  readonly since: string;
}

export interface RunningSession {
  readonly transactionId: number;
  readonly connectorId: number;
  readonly idTag: string;
  readonly startedAt: string;
  readonly energyWh: number;
  /** When its quota will be used up if it goes on like this; null while nobody can tell. */
  readonly quotaEndsAt: string | null;
}

export interface ChargerDetails extends Charger {
  readonly quirks: readonly ChargerQuirk[];
  /** What its registers gained outside of all sessions: for audit, billed to nobody. The newest last. */
  readonly gaps: readonly RegisterGap[];
}

/** A register gained so much between two sessions: charged past kwota, or drawn idle. */
export interface RegisterGap {
  readonly connectorId: number;
  readonly from: string;
  readonly to: string;
  readonly energyWh: number;
}

export const GAPS_MAX = 100;

/** What a charger was seen doing that OCPP does not say, and what kwota makes of it. */
export interface ChargerQuirk {
  readonly quirk: string;
  readonly count: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly what: string;
  readonly handling: string;
}

/** A raw frame as it stood on the wire, or that the connection came or went. */
export interface TracedLine {
  /** Counts up by one for each charger, also over restarts: a gap is what was dropped. */
  readonly seq: number;
  readonly at: string;
  readonly kind: 'in' | 'out' | 'connected' | 'disconnected';
  readonly text: string;
}

export const TRACE_LIMIT_DEFAULT = 500;
export const TRACE_LIMIT_MAX = 5000;

/** Every problem that the API tells; the names are stable. */
export const PROBLEMS = {
  badParameter: { status: 400, title: 'A parameter has a wrong value' },
  tokenMissing: { status: 401, title: 'A token is needed' },
  tokenRefused: { status: 401, title: 'The token is not known' },
  chargerUnknown: { status: 404, title: 'There is no such charger' },
  nothingHere: { status: 404, title: 'There is nothing at this path' },
  methodNotAllowed: { status: 405, title: 'This path does not take this method' },
  serverFailed: { status: 500, title: 'The server failed' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** A Problem's type is this and its code. */
export const PROBLEM_TYPE_PREFIX = 'urn:kwota:problem:';

/** An error as RFC 9457 tells it (application/problem+json). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** What to do about it. */
  readonly hint?: string;
}
