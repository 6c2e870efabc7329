// An API server on a free port with chargers that a test makes up, and requests to it. Not part of the program.
import { newChargePoint, type ChargePoint } from '../domain/charge-point.ts';
import { sampleSession } from '../domain/sample.fixture.ts';
import type { Session } from '../domain/session.ts';
import type { TraceLine } from '../domain/trace.ts';
import { silentLog } from '../runtime/log.ts';
import type { ChargerPorts, SeenQuirk } from './ports.ts';
import { createApiServer, type ApiParts } from './server.ts';

export const TOKEN = 'the-token-of-an-admin';
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
    presence: { isConnected: (id) => connected.includes(id), lastHeardMs: (one) => one.lastHeardMs },
    quotaEndsAtMs: () => NOON_MS + 1000,
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

/** Parts of a server that answers; a test changes the one that it is about. */
export function apiParts(changed: Partial<ApiParts> = {}): ApiParts {
  return {
    host: '127.0.0.1',
    port: 0,
    tokens: [{ name: 'admin', role: 'admin', token: TOKEN }],
    health: () => ({
      status: 'ok',
      version: '1.2.3',
      uptimeS: 5,
      chargersConnected: 1,
      sessionsRunning: 2,
      problems: [],
    }),
    chargers: madeUpChargers(),
    log: silentLog,
    ...changed,
  };
}

/** A test, as far as this needs one. */
export interface Ending {
  teardown(end: () => Promise<void>): void;
}

/** Listens until the test ends. Returns its URL. */
export async function listening(t: Ending, changed: Partial<ApiParts> = {}): Promise<string> {
  const server = createApiServer(apiParts(changed));
  const { port } = await server.listen();
  t.teardown(() => server.close());
  return `http://127.0.0.1:${port}`;
}

/** Fetches with the admin's token. */
export function authorized(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { authorization: `Bearer ${TOKEN}` } });
}
