// Reports of a month: three views with one total, and that total is what the books say, whatever is in them.
import fc from 'fast-check';
import t from 'tap';
import {
  reportByCharger,
  reportBySession,
  reportByMonth,
  reportByUser,
  totalOfMonth,
  type Books,
} from './energy-report.ts';
import type { Entry } from './entry.ts';
import { sampleEntry, sampleRecord, sampleSession, sampleUser, withEnergy } from './sample.fixture.ts';
import { sessionId, type Session } from './session.ts';
import { createSiteCalendar } from './site-calendar.ts';
import { SiteState } from './site-state.ts';
import type { User } from './user.ts';

const NOVEMBER = '2026-11';
const USERS = [sampleUser('A', { quotaWh: 5000 }), sampleUser('B', { isUnlimited: true })];

function booksOf(
  sessions: readonly Session[],
  entries: readonly Entry[],
  users: readonly User[] = USERS,
): Books {
  const calendar = createSiteCalendar('Europe/Istanbul', 1);
  const state = new SiteState(calendar);
  for (const session of sessions) state.apply(sampleRecord('session', sessionId(session), session));
  for (const entry of entries) state.apply(sampleRecord('entry', entry.id, entry));
  return { state, calendar, users };
}

const OVER_THE_TURN = withEnergy(sampleSession(1), { '2026-11-30': 700, '2026-12-01': 300 });
const ENTRIES = [
  sampleEntry('o', { type: 'openingBalance', wh: 1000 }),
  sampleEntry('a', { wh: -200 }),
  sampleEntry('g', { type: 'grant', wh: 2000 }),
  sampleEntry('d', { wh: 50, month: '2026-12' }),
  sampleEntry('n', { wh: 5, idTag: 'GONE' }),
];

void t.test('by card: sessions and entries of the month, what was granted and what is left', (t) => {
  const stranger = sampleSession(2, { idTag: 'NOBODY', chargePointId: 'CP2' });
  const books = booksOf([OVER_THE_TURN, stranger], ENTRIES);
  t.same(reportByUser(NOVEMBER, books), [
    {
      ...{ idTag: 'A', user: USERS[0], grantedWh: 2000, leftWh: 5500 },
      ...{ sessions: 1, sessionsWh: 700, entriesWh: 800, usedWh: 1500 },
    },
    {
      ...{ idTag: 'B', user: USERS[1], grantedWh: 0, leftWh: null },
      ...{ sessions: 0, sessionsWh: 0, entriesWh: 0, usedWh: 0 },
    },
    {
      ...{ idTag: 'GONE', user: null, grantedWh: 0, leftWh: null },
      ...{ sessions: 0, sessionsWh: 0, entriesWh: 5, usedWh: 5 },
    },
    {
      ...{ idTag: 'NOBODY', user: null, grantedWh: 0, leftWh: null },
      ...{ sessions: 1, sessionsWh: 0, entriesWh: 0, usedWh: 0 },
    },
  ]);
  t.same(totalOfMonth(NOVEMBER, books), { sessions: 2, sessionsWh: 700, entriesWh: 805, usedWh: 1505 });
  t.same(totalOfMonth('2026-12', books), { sessions: 1, sessionsWh: 300, entriesWh: 50, usedWh: 350 });
  t.same(totalOfMonth('2027-01', books), { sessions: 0, sessionsWh: 0, entriesWh: 0, usedWh: 0 });
  t.end();
});

void t.test('by charger and by session: what flowed in the month, also of a session that is in two', (t) => {
  const early = sampleSession(2, { chargePointId: 'CP2', startedMs: Date.UTC(2026, 10, 3) });
  const books = booksOf([OVER_THE_TURN, withEnergy(early, { '2026-11-03': 20 })], ENTRIES);
  t.same(reportByCharger(NOVEMBER, books), [
    { chargePointId: 'CP1', sessions: 1, sessionsWh: 700 },
    { chargePointId: 'CP2', sessions: 1, sessionsWh: 20 },
  ]);
  const rows = (month: string) =>
    reportBySession(month, books).map(({ session, wh }) => [session.transactionId, wh]);
  t.same(rows(NOVEMBER), [
    [2, 20],
    [1, 700],
  ]);
  t.same(rows('2026-12'), [[1, 300]]);
  t.end();
});

void t.test('whatever is booked, each view has the total, and the total is that of the books', (t) => {
  const day = fc.constantFrom('2026-10-31', '2026-11-01', '2026-11-30', '2026-12-01');
  const sessions = fc.array(
    fc.record({
      idTag: fc.constantFrom('A', 'B', 'C'),
      chargePointId: fc.constantFrom('CP1', 'CP2'),
      energyByDay: fc.dictionary(day, fc.integer({ min: -500, max: 50_000 }), { maxKeys: 3 }),
    }),
    { maxLength: 12 },
  );
  const entries = fc.array(
    fc.record({
      type: fc.constantFrom('openingBalance' as const, 'adjustment' as const, 'grant' as const),
      idTag: fc.constantFrom('A', 'B', 'D'),
      month: fc.constantFrom('2026-10', NOVEMBER),
      wh: fc.integer({ min: -9000, max: 9000 }),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(sessions, entries, (someSessions, someEntries) => {
      const books = booksOf(
        someSessions.map((one, index) => sampleSession(index + 1, one)),
        someEntries.map((one, index) => sampleEntry(`e${index}`, one)),
      );
      for (const month of ['2026-10', NOVEMBER, '2026-12']) {
        const sum = (amounts: readonly number[]) => amounts.reduce((all, one) => all + one, 0);
        const total = totalOfMonth(month, books);
        const ofMonth = reportByMonth(books).find((row) => row.month === month);
        t.equal(ofMonth?.usedWh ?? 0, total.usedWh, 'among the months');
        const users = reportByUser(month, books);
        t.equal(total.usedWh, sum([...books.state.usedInMonth(month).values()]), 'the fold of the quotas');
        for (const { idTag, usedWh } of users) t.equal(usedWh, books.state.usedWh(month, idTag));
        t.equal(sum(users.map(({ usedWh }) => usedWh)), total.usedWh);
        t.equal(sum(users.map(({ sessions: count }) => count)), total.sessions);
        const chargers = reportByCharger(month, books);
        t.equal(sum(chargers.map(({ sessionsWh }) => sessionsWh)), total.sessionsWh);
        t.equal(sum(chargers.map(({ sessions: count }) => count)), total.sessions);
        t.equal(sum(reportBySession(month, books).map(({ wh }) => wh)), total.sessionsWh);
      }
    }),
    { numRuns: 50 },
  );
  t.end();
});
