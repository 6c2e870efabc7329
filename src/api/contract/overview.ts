// The site at a glance as the API tells it: schema and type.
import Type, { type Static } from 'typebox';
import { energyWh, isoTime, named, nullable, words } from './schema.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });

const MinutePower = named('MinutePower', 'The power of the site in a minute.', {
  at: isoTime('When the minute began.'),
  powerW: Type.Number({ description: 'The mean of the minute.' }),
});

const DayEnergy = named('DayEnergy', 'What flowed on a day.', {
  day: Type.String({ description: 'In the time zone of the site: `2026-11-30`.' }),
  wh: energyWh('Of all sessions.'),
});

export type Overview = Static<typeof Overview>;
export const Overview = named('Overview', 'The site at a glance.', {
  at: isoTime('When it was so.'),
  siteName: Type.String(),
  timeZone: Type.String({ description: 'IANA name.' }),
  version: Type.String(),
  month: Type.String({ description: 'The billing month, `2026-11`.' }),
  monthEndsAt: isoTime('When quotas begin anew.'),
  role: words(['viewer', 'operator', 'admin'], 'Of the token that asks.'),
  health: named('OverviewHealth', 'How the server is, as `/api/health` has it.', {
    status: words(['ok', 'degraded'], 'degraded: something is wrong that kwota works around or waits for.'),
    problems: Type.Array(Type.String(), { description: 'In sentences.' }),
  }),
  chargers: named('ChargerCounts', 'How many chargers.', {
    total: count('Known.'),
    connected: count('Connected.'),
    faulted: count('With a connector that says Faulted.'),
    pending: count('Waiting until somebody approves them.'),
  }),
  sessions: named('SessionCounts', 'How many sessions.', {
    running: count('That have not ended.'),
    charging: count('Whose connector says Charging.'),
  }),
  powerW: nullable(Type.Number({ description: 'Of all sessions; null: none of those that run tells it.' })),
  powerByMinute: Type.Array(MinutePower, {
    description: 'The last 60 full minutes since the start of the server, the oldest first.',
  }),
  energyByDay: Type.Array(DayEnergy, { description: 'Each day of the month up to today.' }),
  usedWh: energyWh('Of the month, all cards: sessions and entries.'),
  runningWh: energyWh('What sessions that run have drawn of it.'),
  quotaWh: energyWh('Limits and grants of all accounts that have a limit.'),
  quotaUsedWh: energyWh('What these accounts have used of it.'),
  paceWh: nullable(
    energyWh('Used at the end of the month if it goes on like this; null on the first day of the month.'),
  ),
});
