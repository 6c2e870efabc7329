// What the API shows and does of sessions, readings, alarms, events and tokens, joined from the services. Part of the composition root.
import type { TokenPort } from './api/auth.ts';
import type { ReportPort } from './api/ports/reports.ts';
import type { SessionPorts } from './api/ports/sessions.ts';
import type { ApiParts } from './api/server.ts';
import { Events } from './csms/events.ts';
import type { Services } from './csms/services.ts';
import type { SiteFigures } from './csms/site-figures.ts';
import {
  reportByCharger,
  reportByMonth,
  reportBySession,
  reportByUser,
  totalOfMonth,
} from './domain/energy-report.ts';
import { leftWh } from './domain/quota.ts';
import type { SiteCalendar } from './domain/site-calendar.ts';
import { sessionId } from './domain/session.ts';
import { fullName, type User } from './domain/user.ts';
import type { Clock } from './runtime/clock.ts';
import type { Store } from './store/store.ts';

export interface SitePortParts {
  readonly services: Services;
  readonly figures: SiteFigures;
  readonly events: Events;
  readonly store: Pick<Store, 'findReadings'>;
  readonly calendar: SiteCalendar;
  readonly clock: Clock;
  /** Tokens of the configuration and the data folder. */
  readonly fixed: TokenPort;
  readonly onStopAsked: (by: string) => void;
}

/** Enough for every screen of a site. */
const MAX_STREAMS = 200;

/** The answer to whoever asked for the end has to leave first. */
const STOP_AFTER_MS = 100;

export function createSitePorts(
  parts: SitePortParts,
): Pick<
  ApiParts,
  'tokens' | 'sessions' | 'reports' | 'readings' | 'alarms' | 'events' | 'keptTokens' | 'stopServer'
> {
  const { services, events, store, clock, fixed, onStopAsked } = parts;
  const { durable, alarms, tokens } = services;
  return {
    tokens: { find: (digest) => fixed.find(digest) ?? tokens.find(digest) },
    sessions: createSessionPorts(parts),
    reports: createReportPort(parts),
    readings: {
      find: (query) => store.findReadings(query),
      idTagOf: ({ chargePointId, transactionId }) =>
        transactionId === null ? null : (durable.session(`${chargePointId}/${transactionId}`)?.idTag ?? null),
    },
    alarms,
    events: { source: events, clock, maxStreams: MAX_STREAMS },
    keptTokens: tokens,
    stopServer: (by) => void clock.after(STOP_AFTER_MS, () => onStopAsked(by)),
  };
}

function createSessionPorts({ services, figures, calendar, clock }: SitePortParts): SessionPorts {
  const { durable, users, forecasts, sessionCommands } = services;
  return {
    sessions: () => durable.sessions(),
    session: (chargePointId, transactionId) => durable.session(sessionId({ chargePointId, transactionId })),
    isOfMonth: (session, month) =>
      calendar.monthAt(session.startedMs) === month ||
      Object.keys(session.energyByDay).some((day) => calendar.monthOf(day) === month),
    userNameOf: (session) => nameOf(users.ofSession(session)),
    quotaEndsAtMs: (session) => forecasts.quotaEndsAtMs(session),
    powerOf: (session) => forecasts.powerW(session),
    connectorStatusOf: (session) => figures.connectorStatusOf(session),
    leftWhOf(session) {
      const user = users.ofSession(session);
      return user && leftWh(users.accountOf(user), calendar.monthAt(clock.now()), durable);
    },
    stop: (session, by) => sessionCommands.stop(session, by),
    close: (session, meterStopWh, by) => sessionCommands.close(session, meterStopWh, by),
  };
}

function createReportPort({ services, calendar, clock }: SitePortParts): ReportPort {
  const { durable, users } = services;
  const books = () => ({ state: durable, calendar, users: users.all() });
  return {
    currentMonth: () => calendar.monthAt(clock.now()),
    spanOf: (month) => calendar.spanOf(month),
    total: (month) => totalOfMonth(month, books()),
    byMonth: () => reportByMonth(books()),
    byUser: (month) => reportByUser(month, books()),
    byCharger: (month) => reportByCharger(month, books()),
    bySession: (month) => reportBySession(month, books()),
    userNameOf: (session) => nameOf(users.ofSession(session)),
  };
}

function nameOf(user: User | null): string {
  return user ? fullName(user) : '';
}

/** From now on whatever happens at the site is an event. */
export function watchSite({ journal, alarms, warnings, unknownTags }: Services, clock: Clock): Events {
  const events = new Events({ journal, clock });
  alarms.onChange((alarm, isActive) => events.emit({ kind: 'alarm', ...alarm, isActive }));
  warnings.onWarning(({ user, percent, usedWh, limitWh }) => {
    const { idTag, account } = user;
    events.emitWhenDurable({ kind: 'warning', idTag, account, percent, usedWh, limitWh });
  });
  unknownTags.onSeen(({ chargePointId, idTag }) => events.emit({ kind: 'unknownTag', chargePointId, idTag }));
  return events;
}
