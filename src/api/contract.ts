// The constants of the REST API, and where local programs find it. What it says has schemas, in contract/: of those a
// client imports types only: loading the schemas takes longer than a command does.

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

export const GAPS_MAX = 100;

/** Items of a page of a list. */
export const PAGE_LIMIT_DEFAULT = 100;
export const PAGE_LIMIT_MAX = 1000;

export const TRACE_LIMIT_DEFAULT = 500;
export const TRACE_LIMIT_MAX = 5000;

/** How long somebody may wait for a card. */
export const MAX_ENROLMENT_SECONDS = 300;

/** Every problem that the API tells; the names are stable. */
export const PROBLEMS = {
  badParameter: { status: 400, title: 'A parameter has a wrong value' },
  badJson: { status: 400, title: 'The body is not JSON' },
  badBody: { status: 400, title: 'The body is not what this path takes' },
  tokenMissing: { status: 401, title: 'A token is needed' },
  tokenRefused: { status: 401, title: 'The token is not known' },
  roleTooLow: { status: 403, title: 'The role of this token does not allow it' },
  chargerUnknown: { status: 404, title: 'There is no such charger' },
  userUnknown: { status: 404, title: 'There is no such user' },
  grantUnknown: { status: 404, title: 'There is no such grant' },
  noCardShown: { status: 408, title: 'No unknown card was shown in time' },
  userExists: { status: 409, title: 'There is a user with this card already' },
  grantRevoked: { status: 409, title: 'The grant has been taken back already' },
  enrolmentBusy: { status: 409, title: 'Somebody else waits for a card there' },
  userInvalid: { status: 422, title: 'A user or grant cannot be like this' },
  usersFileNotEdited: { status: 503, title: 'users1.csv cannot be edited at present' },
  actionUnknown: { status: 404, title: 'OCPP 1.6 has no such operation' },
  profileUnknown: { status: 404, title: 'There is no such charging profile' },
  chargerOffline: { status: 409, title: 'The charger is not connected' },
  chargerConnected: { status: 409, title: 'The charger is connected' },
  chargerCharging: { status: 409, title: 'A session runs at the charger' },
  localListBusy: { status: 409, title: 'A list is being sent to this charger' },
  payloadInvalid: { status: 422, title: 'The payload is not what the operation takes' },
  profileInvalid: { status: 422, title: 'A charging profile cannot be like this' },
  callError: { status: 502, title: 'The charger answered with an error' },
  localListRefused: { status: 502, title: 'The charger did not take the list' },
  queueFull: { status: 503, title: 'Too many commands wait for this charger' },
  callTimeout: { status: 504, title: 'The charger did not answer in time' },
  sessionUnknown: { status: 404, title: 'There is no such session' },
  tokenUnknown: { status: 404, title: 'There is no such token' },
  sessionAmbiguous: { status: 409, title: 'Several chargers have such a session' },
  sessionEnded: { status: 409, title: 'The session has ended already' },
  tokenNameTaken: { status: 409, title: 'There is a token of this name already' },
  tooManyTokens: { status: 409, title: 'There are too many tokens' },
  meterStopRefused: { status: 422, title: 'The meter cannot show this' },
  notStored: { status: 503, title: 'Nothing can be stored at present' },
  forwardOff: { status: 409, title: 'Nothing is forwarded' },
  parkedUnknown: { status: 404, title: 'No such reading is parked' },
  parkedNotChosen: { status: 422, title: 'It has to be said which parked readings are meant' },
  webhookUnknown: { status: 404, title: 'There is no such webhook' },
  tooManyStreams: { status: 503, title: 'Too many clients listen' },
  nothingHere: { status: 404, title: 'There is nothing at this path' },
  methodNotAllowed: { status: 405, title: 'This path does not take this method' },
  notAcceptable: { status: 406, title: 'There is no answer of the media type that was asked for' },
  versionChanged: { status: 412, title: 'It has been changed by somebody else meanwhile' },
  bodyTooLarge: { status: 413, title: 'The body is too large' },
  bodyNotJson: { status: 415, title: 'The body has to be application/json' },
  keyReused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  ifMatchMissing: { status: 428, title: 'The header If-Match is needed' },
  hostUnknown: { status: 421, title: 'This server does not have that name' },
  tooManyRequests: { status: 429, title: 'Too many requests' },
  serverFailed: { status: 500, title: 'The server failed' },
} as const satisfies Readonly<Record<string, { status: number; title: string }>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A Problem's type is this and its code. */
export const PROBLEM_TYPE_PREFIX = 'urn:kwota:problem:';
