// An API server on a free port with chargers that a test makes up, and requests to it. Not part of the program.
import { newChargePoint, type ChargePoint } from '../domain/charge-point.ts';
import { sampleSession } from '../domain/sample.fixture.ts';
import type { Session } from '../domain/session.ts';
import type { TraceLine } from '../domain/trace.ts';
import { systemClock } from '../runtime/clock.ts';
import { silentLog } from '../runtime/log.ts';
import { fixedTokens, type ApiToken } from './auth.ts';
import type { Reply, Route } from './define-route.ts';
import type { ChargerPorts, SeenQuirk } from './ports.ts';
import { HttpProblem } from './problem.ts';
import { closed } from './request-check.ts';
import { problemsOf } from './route-problems.ts';
import { faultsOf } from './schema-check.ts';
import { createApiServer, type ApiParts } from './server.ts';

export const TOKEN = 'the-token-of-an-admin';
export const TOKEN_OF = {
  viewer: 'the-token-of-a-viewer',
  operator: 'the-token-of-an-operator',
  admin: TOKEN,
} as const;
const TOKENS: readonly ApiToken[] = [
  { name: 'viewer', role: 'viewer', token: TOKEN_OF.viewer },
  { name: 'operator', role: 'operator', token: TOKEN_OF.operator },
  { name: 'admin', role: 'admin', token: TOKEN_OF.admin },
];
export const NOON_MS = Date.UTC(2026, 10, 30, 12);

export interface MadeUp {
  readonly chargePoints?: readonly ChargePoint[];
  readonly sessions?: readonly Session[];
  readonly connected?: readonly string[];
  readonly quirks?: readonly SeenQuirk[];
  readonly closest?: string;
}

/** Ports that note what the trace was asked for. */
export function madeUpChargers(madeUp: MadeUp = {}): ChargerPorts & { readonly asked: object[] } {
  const { chargePoints = [], sessions = [], connected = [], quirks = [], closest = null } = madeUp;
  const asked: object[] = [];
  return {
    asked,
    state: {
      chargePoints: () => chargePoints,
      chargePoint: (id) => chargePoints.find((one) => one.chargePointId === id),
      runningOfChargePoint: (id) => sessions.filter((one) => one.chargePointId === id),
    },
    presence: {
      admissionOf: ({ admission = 'accepted' }) => admission,
      isConnected: (id) => connected.includes(id),
      lastHeardMs: (one) => one.lastHeardMs,
      connectedSinceMs: (id) => (connected.includes(id) ? NOON_MS - 60_000 : null),
      securityOf: (id) =>
        connected.includes(id) ? { isEncrypted: true, authenticatedBy: 'password' } : null,
    },
    powerOf: () => 7200,
    quotaEndsAtMs: () => NOON_MS + 1000,
    passwordStateOf: () => 'kept',
    quirksOf: () => quirks,
    gapsOf: () => [{ connectorId: 2, fromMs: NOON_MS, toMs: NOON_MS + 1000, wh: 1500 }],
    traces: {
      read(chargePointId, range) {
        asked.push({ chargePointId, ...range });
        const line: TraceLine = {
          seq: 7,
          atMs: NOON_MS,
          kind: 'in',
          text: `[2,"\u001b[31m","${chargePointId}"]`,
        };
        return Promise.resolve([line]);
      },
    },
    recordingOf: (chargePointId) => Promise.resolve(`{"chargePointId":${JSON.stringify(chargePointId)}}\n`),
    idOnceConnected: (id) => id,
    closestId: () => closest,
  };
}

export function charger(chargePointId: string, changed: Partial<ChargePoint> = {}): ChargePoint {
  return { ...newChargePoint(chargePointId, NOON_MS), ...changed };
}

export function runningSession(chargePointId: string, transactionId: number): Session {
  return sampleSession(transactionId, {
    chargePointId,
    energyByDay: { '2026-11-29': 400, '2026-11-30': 1100 },
  });
}

/** Parts of a server that answers; a test changes those that it is about, and none of the others may be asked. */
export function apiParts(changed: Partial<ApiParts> = {}): ApiParts {
  return {
    host: '127.0.0.1',
    port: 0,
    certificates: null,
    cors: [],
    version: '1.2.3',
    tokens: fixedTokens(TOKENS),
    requestTook: () => undefined,
    rateLimits: { perSecond: 1_000_000, burst: 1_000_000 },
    clock: systemClock,
    health: () => ({
      status: 'ok',
      version: '1.2.3',
      uptimeS: 5,
      chargersConnected: 1,
      sessionsRunning: 2,
      problems: [],
    }),
    chargers: madeUpChargers(),
    chargerAdmin: notAsked('chargerAdmin'),
    chargerPasswords: notAsked('chargerPasswords'),
    commands: notAsked('commands'),
    users: notAsked('users'),
    sessions: notAsked('sessions'),
    reports: notAsked('reports'),
    readings: notAsked('readings'),
    alarms: notAsked('alarms'),
    events: notAsked('events'),
    forward: notAsked('forward'),
    webhooks: notAsked('webhooks'),
    overview: notAsked('overview'),
    performance: notAsked('performance'),
    logLines: notAsked('logLines'),
    metrics: notAsked('metrics'),
    keptTokens: notAsked('keptTokens'),
    stopServer: () => {
      throw new Error('this test does not stop the server');
    },
    log: silentLog,
    ...changed,
  };
}

/** A port that a test is not about: asking it anything is an error. */
export function notAsked<Name extends keyof ApiParts>(name: Name): ApiParts[Name] {
  const refuse = () => {
    throw new Error(`this test made up no ${name}`);
  };
  return new Proxy({}, { get: () => refuse }) as ApiParts[Name];
}

/** A test, as far as this needs one. */
export interface Ending {
  teardown(end: () => Promise<void>): void;
}

/** Listens until the test ends. Returns its URL. */
export async function listening(t: Ending, changed: Partial<ApiParts> = {}): Promise<string> {
  const wrong: string[] = [];
  const server = createApiServer({
    onAnswer: (route, answer) => wrong.push(...undocumented(route, answer)),
    ...apiParts(changed),
  });
  const { port } = await server.listen();
  t.teardown(async () => {
    await server.close();
    if (wrong.length > 0) throw new Error(`answers that are not as documented: ${wrong.join('; ')}`);
  });
  return `http://127.0.0.1:${port}`;
}

/** How an answer differs from what its route says of itself. */
function undocumented(route: Route, answer: Reply | HttpProblem): string[] {
  const name = `${route.method} ${route.path}`;
  if (answer instanceof HttpProblem) {
    return problemsOf(route).includes(answer.code) ? [] : [`${name} does not document ${answer.code}`];
  }
  if (!('json' in answer)) return [];
  // As it stands on the wire: what JSON leaves out is not there.
  const shown: unknown = JSON.parse(JSON.stringify(answer.json));
  const { json } = route.answer;
  if (json === undefined) return [`${name} documents no JSON`];
  return faultsOf(closed(json), shown).map(({ path, message }) => `${name}: ${path} ${message}`);
}

/** Fetches with the admin's token. */
export function authorized(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${TOKEN}`);
  return fetch(url, { ...init, headers });
}
