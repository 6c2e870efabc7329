// The made-up site in states that are no everyday: nothing there yet, a lost server, texts that mean harm in every place.
import type { LogLine } from '../../src/api/contract/logs.ts';
import type { Performance } from '../../src/api/contract/performance.ts';
import type { SessionDetails } from '../../src/api/contract/sessions.ts';
import type { Grant } from '../../src/api/contract/users.ts';
import { firstSnapshot, sessionKey, type Snapshot } from '../../tui/data/snapshot.ts';
import { madeUpMeasures } from './made-up-measures.ts';
import {
  ago,
  connector,
  madeUpCharger,
  madeUpSession,
  madeUpSite,
  madeUpUser,
  NOW_MS,
} from './made-up-site.ts';
import { madeUpSiteWithPast } from './made-up-past.ts';

const noMeasures: Performance = {
  ...madeUpMeasures,
  ...{ messages: [], api: [], commands: [], forward: null, chargers: [], messagesPerMinute: [] },
  meter: { count: 0, p50Ms: 0, p95Ms: 0, maxMs: 0 },
  transactions: { started: 0, ended: 0, successPercent: null },
};

/** A server that was started a moment ago in an empty folder. */
export const emptySite: Snapshot = {
  ...madeUpSite,
  ...{ chargers: [], sessions: [], users: [], unknownTags: [], alarms: [], trace: null, log: [] },
  past: { month: '', items: [], next: null },
  performance: noMeasures,
  overview: {
    ...madeUpSite.overview!,
    powerByMinute: [],
    energyByDay: [],
    usedWh: 0,
    runningWh: 0,
    quotaWh: 0,
    paceWh: null,
  },
};

const lostLink: Snapshot['link'] = {
  ...{ state: 'lost', lastDataMs: NOW_MS - 12_000, retryAtMs: NOW_MS + 4_000 },
  problem: {
    message: 'no server answers at http://127.0.0.1:8001',
    hint: 'is it running, and is the address right?',
  },
};

/** All that there was, and nothing new for a while. */
export const lostSite: Snapshot = { ...madeUpSiteWithPast, link: lostLink };

/** A server that has never answered. */
export const neverThereSite: Snapshot = { ...firstSnapshot, link: { ...lostLink, lastDataMs: null } };

/** Colours, a link, a line feed, turned direction, zero width, wide and double characters. */
const HOSTILE = '\u001b[31mEvil\u001b]8;;http://example.invalid\u0007\n\u202e日本\u200b😀';

const hostileSession = madeUpSession(7, HOSTILE, 1, {
  ...{ idTag: HOSTILE, userName: HOSTILE, powerW: 7_000, connectorStatus: HOSTILE },
  flags: [HOSTILE],
});

const hostileEnded = madeUpSession(6, HOSTILE, 1, {
  ...{ idTag: HOSTILE, userName: HOSTILE, status: 'ended' },
  end: {
    ...{ at: ago(9), evidence: 'meterStop', reason: HOSTILE, by: HOSTILE, meterStopWh: 2_000 },
    wanted: { reason: 'byHand', by: HOSTILE },
  },
});

const hostileDetails: SessionDetails = {
  ...hostileSession,
  ...{ origin: 'start', chargerIds: [], limit: null, suspectedUnit: null },
  energyByDay: { '2026-11-22': 1_000 },
  rungs: [{ step: 'remoteStop', at: ago(2), answer: HOSTILE }],
};

const hostileGrant: Grant = {
  ...{ id: HOSTILE, idTag: HOSTILE, month: '2026-11', wh: 1_000, at: ago(60), by: HOSTILE, note: HOSTILE },
  revokes: null,
};

const hostileLine: LogLine = {
  ...{ seq: 1, at: ago(1), level: 'warn', tag: 'STATUS', message: HOSTILE, charger: HOSTILE },
  fields: { [HOSTILE]: HOSTILE },
};

const hostileMeasures: Performance = {
  ...madeUpMeasures,
  messages: [{ ...madeUpMeasures.messages[0]!, action: HOSTILE }],
  api: [{ ...madeUpMeasures.api[0]!, route: HOSTILE }],
  commands: [{ ...madeUpMeasures.commands[0]!, action: HOSTILE }],
  forward: { queued: 1, oldestS: 3, lastError: HOSTILE, p50Ms: null, p95Ms: null },
  chargers: [{ chargerId: HOSTILE, uptimePercent: 50 }],
};

/** Whatever a charger, a card or another program may have a say in is hostile. */
export const hostileSite: Snapshot = {
  ...madeUpSite,
  overview: { ...madeUpSite.overview!, siteName: HOSTILE },
  chargers: [
    madeUpCharger(HOSTILE, [connector(1, 'Charging', 3, HOSTILE)], {
      ...{ vendor: HOSTILE, model: HOSTILE, serialNumber: HOSTILE, firmwareVersion: HOSTILE },
    }),
  ],
  sessions: [hostileSession],
  past: { month: '', items: [hostileSession, hostileEnded], next: null },
  session: hostileDetails,
  users: [madeUpUser(HOSTILE, HOSTILE, 10, 9, { running: 1, expires: HOSTILE })],
  account: {
    id: HOSTILE,
    months: [{ month: '2026-11', usedWh: 9_000, adjustedWh: 10, grantedWh: 1_000 }],
    grants: [hostileGrant],
    sessions: [hostileEnded],
  },
  unknownTags: [
    {
      ...{ idTag: HOSTILE, chargerId: HOSTILE, firstSeenAt: ago(5), lastSeenAt: ago(1), count: 1 },
      suggestions: [],
    },
  ],
  alarms: [{ id: HOSTILE, message: HOSTILE.repeat(9), since: ago(4) }],
  log: [hostileLine],
  performance: hostileMeasures,
  trace: {
    chargerId: HOSTILE,
    lines: [
      { seq: 1, at: ago(2), kind: 'connected', text: HOSTILE },
      { seq: 2, at: ago(1), kind: 'in', text: HOSTILE },
      { seq: 3, at: ago(1), kind: 'in', text: JSON.stringify([2, HOSTILE, HOSTILE, { [HOSTILE]: HOSTILE }]) },
      { seq: 4, at: ago(1), kind: 'out', text: JSON.stringify([4, HOSTILE, HOSTILE, HOSTILE, {}]) },
    ],
  },
};

/** Where one goes to see the hostile ones in full, by screen. */
export const HOSTILE_SUBJECTS: Readonly<Record<string, string>> = {
  charger: HOSTILE,
  trace: HOSTILE,
  session: sessionKey(hostileSession),
  user: HOSTILE,
};
