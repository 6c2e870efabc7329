// What has been at the made-up site: sessions that ended in several ways, one in full, and a user month by month.
import type { Session, SessionDetails } from '../../src/api/contract/sessions.ts';
import type { AccountHistory, PastSessions, Snapshot } from '../../tui/data/snapshot.ts';
import { ago, madeUpSession, madeUpSite } from './made-up-site.ts';

const HOUR = 60;
const DAY = 24 * HOUR;

interface Ended {
  readonly idTag: string;
  readonly userName: string;
  /** Minutes before now. */
  readonly started: number;
  readonly ended: number;
  readonly energyWh: number;
  readonly more?: Partial<Session>;
}

function ended(
  id: number,
  charger: string,
  connector: number,
  { started, ended, more, ...rest }: Ended,
): Session {
  return madeUpSession(id, charger, connector, {
    ...rest,
    ...{ status: 'ended', startedAt: ago(started), connectorStatus: '', meterStartWh: 118_204_000 },
    meterWh: 118_204_000 + rest.energyWh,
    end: {
      ...{ at: ago(ended), evidence: 'meterStop', reason: 'Local', by: null, wanted: null },
      meterStopWh: 118_204_000 + rest.energyWh,
    },
    ...more,
  });
}

const endedSessions: readonly Session[] = [
  ended(1841, 'CP-GARAGE-06', 1, {
    ...{ idTag: '04E1000003', userName: 'Elin Lindqvist', started: 87, ended: 4, energyWh: 9_800 },
  }),
  ended(1837, 'CP-GARAGE-02', 1, {
    ...{ idTag: '04C2D3E4F5', userName: 'Ben Meyer', started: 20 * HOUR, ended: 18 * HOUR, energyWh: 11_600 },
  }),
  ended(1835, 'CP-GARAGE-05', 1, {
    ...{ idTag: '04F1A2B3', userName: 'Fabio Rossi', started: 29 * HOUR, ended: 26 * HOUR, energyWh: 30_000 },
    more: {
      end: {
        ...{ at: ago(26 * HOUR), evidence: 'meterStop', reason: 'Remote', by: null },
        wanted: { reason: 'quotaUsedUp', by: null },
        meterStopWh: 118_234_000,
      },
    },
  }),
  ended(1834, 'CP-GARAGE-01', 2, {
    ...{ idTag: '04A5000002', userName: 'Ada Schmidt', started: 2 * DAY, ended: 43 * HOUR, energyWh: 27_500 },
    more: {
      flags: ['registerRestarted', 'baselineFromSample'],
      end: {
        ...{ at: ago(43 * HOUR), evidence: 'nextStart', reason: 'anotherStarted', by: null, wanted: null },
        meterStopWh: 118_231_500,
      },
    },
  }),
  ended(1833, 'CP-YARD-02', 1, {
    ...{ idTag: '04A1B2C3D4', userName: '', started: 2 * DAY + 80, ended: 2 * DAY + 40, energyWh: 2_100 },
    more: {
      authorization: 'Invalid',
      end: {
        ...{ at: ago(2 * DAY + 40), evidence: 'meterStop', reason: 'EVDisconnected', by: null },
        ...{ wanted: { reason: 'unknownTag', by: null }, meterStopWh: 118_206_100 },
      },
    },
  }),
  ended(1790, 'CP-YARD-03', 1, {
    ...{ idTag: '04D0000001', userName: 'Dayo Okafor', started: 30 * DAY, ended: 29 * DAY, energyWh: 41_000 },
    more: {
      end: {
        at: ago(29 * DAY),
        evidence: 'byHand',
        reason: 'byHand',
        by: 'Ada',
        wanted: null,
        meterStopWh: null,
      },
    },
  }),
];

const madeUpPast: PastSessions = { month: '', items: endedSessions, next: '1790' };

/** Session 1835, which kwota has stopped. */
const madeUpDetails: SessionDetails = {
  ...(endedSessions.find(({ transactionId }) => transactionId === 1835) ??
    madeUpSession(1835, 'CP-GARAGE-05', 1, {})),
  ...{ origin: 'start', chargerIds: [], limit: null, suspectedUnit: null },
  energyByDay: { '2026-11-20': 4_200, '2026-11-21': 25_800 },
  rungs: [
    { step: 'remoteStop', at: ago(26 * HOUR + 0.5), answer: 'Rejected' },
    { step: 'remoteStop', at: ago(26 * HOUR + 0.25), answer: 'Accepted' },
  ],
};

/** Ben Meyer, who was granted more. */
const madeUpHistory: AccountHistory = {
  id: '04C2D3E4F5',
  months: [
    { month: '2026-11', usedWh: 115_200, adjustedWh: 0, grantedWh: 0 },
    { month: '2026-10', usedWh: 98_300, adjustedWh: 1_500, grantedWh: 20_000 },
    { month: '2026-09', usedWh: 143_900, adjustedWh: 0, grantedWh: 40_000 },
    { month: '2026-07', usedWh: 12_000, adjustedWh: 0, grantedWh: 0 },
  ],
  grants: [
    {
      ...{ id: 'grant-1', idTag: '04C2D3E4F5', month: '2026-10', wh: 20_000, at: ago(30 * DAY), by: 'ada' },
      ...{ note: 'long trip', revokes: null },
    },
  ],
  sessions: endedSessions.filter(({ idTag }) => idTag === '04C2D3E4F5'),
};

/** The made-up site with all of it. */
export const madeUpSiteWithPast: Snapshot = {
  ...madeUpSite,
  ...{ past: madeUpPast, session: madeUpDetails, account: madeUpHistory },
  alarms: [
    {
      id: 'faulted/CP-GARAGE-07',
      message: 'CP-GARAGE-07 is faulted (connector 1: GroundFailure)',
      since: ago(34),
    },
    {
      ...{ id: 'users-file', since: ago(3) },
      message: 'users1.csv line 12: the row ends too early; the users last read stay in force (end the row)',
    },
  ],
};
