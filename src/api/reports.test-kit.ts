// Reports of books that a test makes up, as the API's port. Not part of the program.
import {
  reportByCharger,
  reportByMonth,
  reportBySession,
  reportByUser,
  totalOfMonth,
} from '../domain/energy-report.ts';
import {
  sampleEntry,
  sampleRecord,
  sampleSession,
  sampleUser,
  withEnergy,
} from '../domain/sample.fixture.ts';
import { sessionId } from '../domain/session.ts';
import { createSiteCalendar } from '../domain/site-calendar.ts';
import { SiteState } from '../domain/site-state.ts';
import type { ReportPort } from './ports/reports.ts';
import { endedSession } from './site.test-kit.ts';

/** November 2026: a session of A that ended, one of a formula that runs, an adjustment of A. */
export function madeUpReports(): ReportPort {
  const calendar = createSiteCalendar('UTC', 1);
  const state = new SiteState(calendar);
  const running = withEnergy(sampleSession(2, { chargePointId: 'CP2', idTag: '=1+1' }), {
    '2026-11-30': 700,
    '2026-12-01': 300,
  });
  for (const session of [endedSession(1), running])
    state.apply(sampleRecord('session', sessionId(session), session));
  state.apply(sampleRecord('entry', 'a', sampleEntry('a', { wh: -100 })));
  const books = { state, calendar, users: [sampleUser('A', { account: 'flat' })] };
  return {
    currentMonth: () => '2026-11',
    spanOf: (month) => calendar.spanOf(month),
    total: (month) => totalOfMonth(month, books),
    byMonth: () => reportByMonth(books),
    byUser: (month) => reportByUser(month, books),
    byCharger: (month) => reportByCharger(month, books),
    bySession: (month) => reportBySession(month, books),
    userNameOf: () => 'Ada Example',
  };
}
