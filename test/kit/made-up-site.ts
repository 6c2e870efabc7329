// A made-up site on a Sunday afternoon, as the dashboard knows it: thirteen chargers in all states, nine users, four sessions.
import type { Charger, Connector } from '../../src/api/contract/chargers.ts';
import type { Overview } from '../../src/api/contract/overview.ts';
import type { Session } from '../../src/api/contract/sessions.ts';
import type { User } from '../../src/api/contract/users.ts';
import { madeUpLog, madeUpMeasures } from './made-up-measures.ts';
import { ago, NOW_MS } from './made-up-time.ts';
import { firstSnapshot, type Snapshot } from '../../tui/data/snapshot.ts';

export { ago, NOW_MS };

export function madeUpUser(
  idTag: string,
  name: string,
  quotaKwh: number,
  usedKwh: number,
  more: Partial<User> = {},
): User {
  const [first = '', ...others] = name.split(' ');
  return {
    ...{ idTag, name: first, surname: others.join(' '), quotaKwh, isUnlimited: false, account: null },
    ...{ isBlocked: false, expires: null, usedWh: Math.round(usedKwh * 1000), grantedWh: 0 },
    leftWh: Math.round((quotaKwh - usedKwh) * 1000),
    ...{ running: 0, etag: 'e' },
    ...more,
  };
}

export function madeUpSession(
  transactionId: number,
  chargerId: string,
  connectorId: number,
  more: Partial<Session>,
): Session {
  return {
    ...{ transactionId, chargerId, connectorId, idTag: 'RFID', userName: '', status: 'running' },
    ...{ authorization: 'Accepted', startedAt: ago(30), meterStartWh: 1000, meterWh: 2000, energyWh: 1000 },
    ...{
      powerW: null,
      connectorStatus: 'Charging',
      leftWh: null,
      flags: [],
      quotaEndsAt: null,
      stop: null,
      end: null,
    },
    ...more,
  };
}

export function madeUpCharger(
  id: string,
  connectors: readonly Connector[],
  more: Partial<Charger> = {},
): Charger {
  return {
    ...{ id, vendor: 'Ferrous', model: 'Post 22', serialNumber: '784512', firmwareVersion: '6.7.22' },
    ...{ isConnected: true, connectedSince: ago(5_880), bootedAt: ago(5_892), lastHeardAt: ago(0.2) },
    ...{ powerW: 0, admission: 'accepted', security: null, sessions: [] },
    connectors: [...connectors],
    ...more,
  };
}

export function connector(
  connectorId: number,
  status: string,
  minutes: number,
  errorCode = 'NoError',
): Connector {
  return { connectorId, status, errorCode, since: ago(minutes) };
}

const users: readonly User[] = [
  madeUpUser('04F1A2B3', 'Fabio Rossi', 30, 30),
  madeUpUser('04C2D3E4F5', 'Ben Meyer', 120, 115.2, { running: 1 }),
  madeUpUser('04D0000001', 'Dayo Okafor', 150, 140.7, { running: 1 }),
  madeUpUser('04A5000002', 'Ada Schmidt', 160, 98.8, { running: 1 }),
  madeUpUser('04E1000003', 'Elin Lindqvist', 120, 52.7),
  madeUpUser('04B0000004', 'Pool Car', 300, 122, { account: 'pool', running: 1 }),
  madeUpUser('04B0000005', 'Pool Van', 300, 0, { account: 'pool', leftWh: 178_000 }),
  madeUpUser('04C0000006', 'Hana Novak', 120, 0, { isBlocked: true }),
  madeUpUser('04C0000007', 'Facility', 0, 44.9, { isUnlimited: true, leftWh: null }),
];

const sessions: readonly Session[] = [
  madeUpSession(1842, 'CP-GARAGE-03', 2, {
    ...{
      idTag: '04C2D3E4F5',
      userName: 'Ben Meyer',
      startedAt: ago(34),
      energyWh: 3_900,
      powerW: 7_110,
      leftWh: 4_800,
    },
    quotaEndsAt: ago(-40),
  }),
  madeUpSession(1840, 'CP-GARAGE-01', 1, {
    ...{ idTag: '04A5000002', userName: 'Ada Schmidt', startedAt: ago(153), energyWh: 18_400, powerW: 7_204 },
    ...{ leftWh: 61_200, quotaEndsAt: ago(-510) },
  }),
  madeUpSession(1839, 'CP-GARAGE-04', 1, {
    ...{
      idTag: '04B0000004',
      userName: 'Pool Car',
      startedAt: ago(186),
      energyWh: 22_000,
      powerW: 7_090,
      leftWh: 178_000,
    },
  }),
  madeUpSession(1838, 'CP-YARD-01', 1, {
    ...{
      idTag: '04D0000001',
      userName: 'Dayo Okafor',
      startedAt: ago(371),
      energyWh: 41_700,
      powerW: 0,
      leftWh: 9_300,
    },
    connectorStatus: 'SuspendedEV',
  }),
];

const chargers: readonly Charger[] = [
  madeUpCharger('CP-GARAGE-01', [connector(1, 'Charging', 153), connector(2, 'Available', 160)]),
  madeUpCharger('CP-GARAGE-02', [connector(1, 'Available', 312), connector(2, 'Available', 312)]),
  madeUpCharger('CP-GARAGE-03', [connector(1, 'Available', 36), connector(2, 'Charging', 34)]),
  madeUpCharger('CP-GARAGE-04', [connector(1, 'Charging', 186)]),
  madeUpCharger('CP-GARAGE-05', [connector(1, 'Preparing', 1)]),
  madeUpCharger('CP-GARAGE-06', [connector(1, 'Finishing', 4)]),
  madeUpCharger('CP-GARAGE-07', [connector(1, 'Faulted', 34, 'GroundFailure')]),
  madeUpCharger('CP-GARAGE-08', [connector(1, 'Available', 1_500)]),
  madeUpCharger('CP-GARAGE-09', [connector(1, 'Available', 1_500)]),
  madeUpCharger('CP-GARAGE-10', [connector(1, 'Available', 1_500)]),
  madeUpCharger('CP-YARD-01', [connector(1, 'SuspendedEV', 371)]),
  madeUpCharger('CP-YARD-02', [connector(1, 'Available', 900)], {
    ...{ isConnected: false, connectedSince: null, lastHeardAt: ago(41) },
  }),
  madeUpCharger('CP-YARD-03', [connector(1, 'Unavailable', 4_400)]),
];

const overview: Overview = {
  ...{ at: ago(0), siteName: 'Depot North', timeZone: 'Europe/Berlin', version: '0.1.0', month: '2026-11' },
  monthEndsAt: '2026-11-30T23:00:00Z',
  role: 'admin',
  health: { status: 'ok', problems: [] },
  chargers: { total: 13, connected: 12, faulted: 1, pending: 0 },
  sessions: { running: 4, charging: 3 },
  powerW: 21_404,
  powerByMinute: Array.from({ length: 60 }, (_, index) => ({
    at: ago(60 - index),
    powerW: 14_000 + Math.round(14_000 * Math.sin(index / 11) ** 2),
  })),
  energyByDay: Array.from({ length: 22 }, (_, index) => ({
    day: `2026-11-${String(index + 1).padStart(2, '0')}`,
    wh: 20_000 + ((index * 37) % 60) * 1_000,
  })),
  ...{ usedWh: 1_284_600, runningWh: 86_000, quotaWh: 2_400_000, quotaUsedWh: 1_284_600, paceWh: 1_752_000 },
};

export const madeUpSite: Snapshot = {
  ...firstSnapshot,
  link: { state: 'live', lastDataMs: null, problem: null, retryAtMs: null },
  ...{ overview, chargers, sessions, users },
  unknownTags: [
    {
      idTag: '04A1B2C3D4',
      chargerId: 'CP-GARAGE-01',
      firstSeenAt: ago(20),
      lastSeenAt: ago(5),
      count: 3,
      suggestions: [],
    },
  ],
  log: madeUpLog,
  performance: madeUpMeasures,
  trace: {
    chargerId: 'CP-GARAGE-03',
    lines: [
      { seq: 1, at: ago(0.5), kind: 'in', text: '[2,"a1","Heartbeat",{}]' },
      { seq: 2, at: ago(0.5), kind: 'out', text: '[3,"a1",{"currentTime":"2026-11-22T13:31:37Z"}]' },
      {
        ...{ seq: 3, at: ago(0.1), kind: 'in' },
        text: '[2,"a2","MeterValues",{"connectorId":2,"transactionId":1842,"meterValue":[]}]',
      },
    ],
  },
};
