// /api/reports/energy: who used what in a month, as JSON or CSV.
import Type from 'typebox';
import type { ChargerRow, SessionRow, UserRow } from '../../domain/energy-report.ts';
import { kWhOf, totalWh } from '../../domain/energy.ts';
import { fullName } from '../../domain/user.ts';
import {
  EnergyReport,
  MonthsReport,
  REPORT_VIEWS,
  type ChargerReportRow,
  type SessionReportRow,
  type UserReportRow,
} from '../contract/reports.ts';
import { words } from '../contract/schema.ts';
import { csvText } from '../csv.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { ReportPort } from '../ports/reports.ts';
import { month } from '../contract/users.ts';
import { iso, isoOrNull } from './iso.ts';

const CSV = 'text/csv';

const reportQuery = Type.Object({
  month: Type.Optional(month),
  by: Type.Optional(words(REPORT_VIEWS, 'Its rows: cards (unless told otherwise), chargers or sessions.')),
});

export function reportRoutes(port: ReportPort): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/reports/energy',
      role: 'viewer',
      group: 'Reports',
      summary: 'Who used what in a month',
      description:
        'Of the current month unless told. Energy counts in the month in which it flowed, so a session over its turn is ' +
        'in both. CSV has kWh, one row each, and no total.',
      query: reportQuery,
      answer: { description: 'Rows and their total.', json: EnergyReport, text: [CSV] },
      async handle({ query, mediaType }) {
        const { month: asked = port.currentMonth(), by = 'user' } = query;
        const rows = {
          users: by === 'user' ? port.byUser(asked).map(userRow) : null,
          chargers: by === 'charger' ? port.byCharger(asked).map(chargerRow) : null,
          sessions: by === 'session' ? port.bySession(asked).map((row) => sessionRow(row, port)) : null,
        };
        if (mediaType === CSV) return { text: await csvOf(rows) };
        const { startMs, endMs } = port.spanOf(asked);
        const span = { from: iso(startMs), to: iso(endMs) };
        return { json: { month: asked, ...span, by, total: { ...port.total(asked) }, ...rows } };
      },
    }),
    monthsRoute(port),
  ];
}

function monthsRoute(port: ReportPort): Route {
  return defineRoute({
    method: 'GET',
    path: '/api/reports/months',
    role: 'viewer',
    group: 'Reports',
    summary: 'What each month came to',
    description: 'Every month that has something. Each total is that of /api/reports/energy. CSV has kWh.',
    answer: { description: 'By month.', json: MonthsReport, text: [CSV] },
    async handle({ mediaType }) {
      const rows = port.byMonth();
      if (mediaType === CSV) {
        const inKwh = rows.map((row) => ({
          ...row,
          sessionsKwh: kWhOf(row.sessionsWh),
          entriesKwh: kWhOf(row.entriesWh),
          usedKwh: kWhOf(row.usedWh),
        }));
        return { text: await csvText(inKwh, ['month', 'sessions', 'sessionsKwh', 'entriesKwh', 'usedKwh']) };
      }
      const months = rows.map((row) => {
        const { startMs, endMs } = port.spanOf(row.month);
        return { ...row, from: iso(startMs), to: iso(endMs) };
      });
      return { json: { months } };
    },
  });
}

function userRow({ user, ...row }: UserRow): UserReportRow {
  const { idTag, sessions, sessionsWh, entriesWh, usedWh, grantedWh, leftWh } = row;
  return {
    idTag,
    name: user ? fullName(user) : '',
    account: user?.account ?? null,
    isKnown: user !== null,
    ...{ sessions, sessionsWh, entriesWh, usedWh, grantedWh },
    quotaWh: user && !user.isUnlimited ? user.quotaWh : null,
    leftWh,
  };
}

function chargerRow({ chargePointId, sessions, sessionsWh }: ChargerRow): ChargerReportRow {
  return { chargerId: chargePointId, sessions, sessionsWh };
}

function sessionRow({ session, wh }: SessionRow, port: ReportPort): SessionReportRow {
  const { transactionId, chargePointId, connectorId, idTag, startedMs, end, energyByDay } = session;
  return {
    ...{ transactionId, chargerId: chargePointId, connectorId, idTag },
    userName: port.userNameOf(session),
    startedAt: iso(startedMs),
    endedAt: isoOrNull(end?.atMs ?? null),
    evidence: end?.evidence ?? null,
    sessionsWh: wh,
    totalWh: totalWh(energyByDay),
  };
}

interface Rows {
  readonly users: readonly UserReportRow[] | null;
  readonly chargers: readonly ChargerReportRow[] | null;
  readonly sessions: readonly SessionReportRow[] | null;
}

/** Amounts in kWh, for people who go on calculating. */
function csvOf({ users, chargers, sessions }: Rows): Promise<string> {
  if (chargers) {
    const rows = chargers.map((row) => ({ ...row, usedKwh: kWhOf(row.sessionsWh) }));
    return csvText(rows, ['chargerId', 'sessions', 'usedKwh']);
  }
  if (sessions) {
    const rows = sessions.map((row) => ({
      ...row,
      usedKwh: kWhOf(row.sessionsWh),
      totalKwh: kWhOf(row.totalWh),
    }));
    return csvText(rows, SESSION_COLUMNS);
  }
  const kWhOrNull = (wh: number | null) => (wh === null ? null : kWhOf(wh));
  const rows = (users ?? []).map((row) => ({
    ...row,
    sessionsKwh: kWhOf(row.sessionsWh),
    entriesKwh: kWhOf(row.entriesWh),
    usedKwh: kWhOf(row.usedWh),
    grantedKwh: kWhOf(row.grantedWh),
    quotaKwh: kWhOrNull(row.quotaWh),
    leftKwh: kWhOrNull(row.leftWh),
  }));
  return csvText(rows, USER_COLUMNS);
}

const USER_COLUMNS = [
  ...(['idTag', 'name', 'account', 'isKnown', 'sessions', 'sessionsKwh', 'entriesKwh', 'usedKwh'] as const),
  ...(['grantedKwh', 'quotaKwh', 'leftKwh'] as const),
];

const SESSION_COLUMNS = [
  ...(['transactionId', 'chargerId', 'connectorId', 'idTag', 'userName', 'startedAt', 'endedAt'] as const),
  ...(['evidence', 'usedKwh', 'totalKwh'] as const),
];
