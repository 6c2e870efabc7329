// Reports as the API tells them: schemas and types.
import Type, { type Static } from 'typebox';
import { energyWh, isoTime, named, nullable, words } from './schema.ts';

export const REPORT_VIEWS = ['user', 'charger', 'session'] as const;

const count = Type.Integer({
  minimum: 0,
  description: 'Sessions that began in the month, or had energy in it.',
});
const sessionsWh = energyWh('What flowed in them in the month.');

const total = {
  sessions: count,
  sessionsWh,
  entriesWh: energyWh('Opening balances and adjustments of the month; may be negative.'),
  usedWh: energyWh('Both together: what the quotas are held to.'),
};

export type UserReportRow = Static<typeof UserReportRow>;
const UserReportRow = named('UserReportRow', 'What a card used.', {
  idTag: Type.String(),
  name: Type.String({ description: 'Empty: not known.' }),
  account: nullable(Type.String({ description: 'Rows with the same account share one quota.' })),
  isKnown: Type.Boolean({ description: 'Whether it is in users1.csv.' }),
  ...total,
  grantedWh: energyWh('Extra of this month.'),
  quotaWh: nullable(energyWh('Without grants, as it is now. null: unlimited, or no user.')),
  leftWh: nullable(energyWh('Of the account. null: unlimited, or no user. May be negative.')),
});

export type ChargerReportRow = Static<typeof ChargerReportRow>;
const ChargerReportRow = named('ChargerReportRow', 'What a charger delivered.', {
  chargerId: Type.String(),
  sessions: count,
  sessionsWh,
});

export type SessionReportRow = Static<typeof SessionReportRow>;
const SessionReportRow = named('SessionReportRow', 'A session of the month.', {
  transactionId: Type.Integer(),
  chargerId: Type.String(),
  connectorId: Type.Integer({ description: '0: not known.' }),
  idTag: Type.String(),
  userName: Type.String({ description: 'Empty: not known.' }),
  startedAt: isoTime('When it started.'),
  endedAt: nullable(isoTime('When it ended; null: it runs.')),
  evidence: nullable(
    words(['meterStop', 'nextStart', 'lastSample', 'byHand'], 'What says that it has ended; null: it runs.'),
  ),
  sessionsWh,
  totalWh: energyWh('All of it, also in other months.'),
});

const MonthReportRow = named('MonthReportRow', 'A billing month.', {
  month: Type.String({ description: '`2026-11`' }),
  from: isoTime('When it begins.'),
  to: isoTime('When it ends.'),
  ...total,
});

export type MonthsReport = Static<typeof MonthsReport>;
export const MonthsReport = named('MonthsReport', 'What each month came to.', {
  months: Type.Array(MonthReportRow, { description: 'Those that have something, the oldest first.' }),
});

const notAsked = 'null: another view was asked for.';

export type EnergyReport = Static<typeof EnergyReport>;
export const EnergyReport = named('EnergyReport', 'A billing month. Each view has the same total.', {
  month: Type.String({ description: '`2026-11`' }),
  from: isoTime('When it begins.'),
  to: isoTime('When it ends.'),
  by: words(REPORT_VIEWS, 'The view.'),
  total: named('ReportTotal', 'What the month comes to.', total),
  users: nullable(Type.Array(UserReportRow, { description: `By idTag. ${notAsked}` })),
  chargers: nullable(
    Type.Array(ChargerReportRow, { description: `By id; entries are no charger's. ${notAsked}` }),
  ),
  sessions: nullable(
    Type.Array(SessionReportRow, { description: `By the time of their start. ${notAsked}` }),
  ),
});
