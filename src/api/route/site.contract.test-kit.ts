// The requests that contract.test.ts makes of the routes of sessions, readings, alarms, events, tokens and the server. Not part of the program.
import { sampleSession } from '../../domain/sample.fixture.ts';
import type { ContractGroup } from '../contract-group.test-kit.ts';
import { NOON_MS } from '../server.test-kit.ts';
import {
  endedSession,
  madeUpEvents,
  madeUpReading,
  madeUpReadings,
  madeUpSessions,
  madeUpTokens,
} from '../site.test-kit.ts';

const OK = { problem: null } as const;
const sessionOf = (id: string) => ({ params: { transactionId: id } });

/** 1 runs, 2 has ended, 3 is of two chargers. */
const SESSIONS = [
  sampleSession(1),
  endedSession(2),
  sampleSession(3),
  sampleSession(3, { chargePointId: 'CP2' }),
];

const FOUND = [
  { ...sessionOf('9'), problem: 'sessionUnknown' },
  { ...sessionOf('3'), problem: 'sessionAmbiguous' },
] as const;

export const siteContract: ContractGroup = {
  parts: () => ({
    sessions: madeUpSessions(SESSIONS),
    readings: madeUpReadings([madeUpReading(1)]),
    alarms: { active: () => [{ id: 'a', message: 'something is wrong', sinceMs: NOON_MS }] },
    events: madeUpEvents(),
    keptTokens: madeUpTokens('wall'),
    stopServer: () => undefined,
  }),
  requests: {
    'GET /api/sessions': [
      OK,
      { headers: { accept: 'text/csv' }, problem: null },
      { query: '?status=running&charger=CP1&month=2026-11', problem: null },
    ],
    'GET /api/sessions/{transactionId}': [
      { ...sessionOf('1'), problem: null },
      { ...sessionOf('3'), query: '?charger=CP2', problem: null },
      ...FOUND,
    ],
    'POST /api/sessions/{transactionId}/stop': [
      { ...sessionOf('1'), problem: null },
      { ...sessionOf('2'), problem: 'sessionEnded' },
      ...FOUND,
    ],
    'POST /api/sessions/{transactionId}/close': [
      { ...sessionOf('1'), body: { meterStopWh: 1700 }, problem: null },
      { ...sessionOf('2'), problem: 'sessionEnded' },
      ...FOUND,
    ],
    'GET /api/readings': [OK, { headers: { accept: 'text/csv' }, problem: null }],
    'GET /api/alarms': [OK],
    'GET /api/events': [OK],
    'GET /api/tokens': [OK],
    'POST /api/tokens': [
      { body: { name: 'phone', role: 'operator' }, problem: null },
      { body: { name: 'wall', role: 'viewer' }, problem: 'tokenNameTaken' },
      { body: { name: 'one more', role: 'viewer' }, problem: 'tooManyTokens' },
    ],
    'DELETE /api/tokens/{name}': [
      { params: { name: 'wall' }, problem: null },
      { params: { name: 'wall' }, problem: 'tokenUnknown' },
    ],
    'POST /api/server/stop': [OK],
  },
};

export const refusingSiteContract: ContractGroup = {
  parts: () => ({
    sessions: madeUpSessions(SESSIONS, { close: { kind: 'belowLast', lastWh: 1000 } }),
    events: madeUpEvents({ maxStreams: 0 }),
  }),
  requests: {
    'POST /api/sessions/{transactionId}/close': [
      { ...sessionOf('1'), body: { meterStopWh: 1 }, problem: 'meterStopRefused' },
    ],
    'GET /api/events': [{ problem: 'tooManyStreams' }],
  },
};
