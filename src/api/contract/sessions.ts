// Sessions as the API tells them, and what a person asks of one: schemas and types.
import Type, { type Static } from 'typebox';
import { energyWh, isoTime, named, nullable, page, words } from './schema.ts';

const register = (description: string) => nullable(Type.Number({ description: `${description}, in Wh.` }));

const StopRequest = named('StopRequest', 'kwota wants the session to end.', {
  reason: Type.String({
    description: '`operator`: a person asked for it. Else why the quota wants it: `quotaUsedUp`, `blocked` …',
  }),
  since: isoTime('When it was asked for first.'),
  climbed: Type.Integer({ description: 'Rungs of the stop ladder so far.' }),
  by: nullable(Type.String({ description: 'The token of the person.' })),
});

const StopWanted = named('StopWanted', 'Why kwota wanted a session to end before it did.', {
  reason: Type.String({ description: 'As of a stop: `operator`, `quotaUsedUp`, `blocked` …' }),
  by: nullable(Type.String({ description: 'The token of the person who asked for it.' })),
});

const SessionEnd = named('SessionEnd', 'How a session ended.', {
  at: isoTime('When.'),
  evidence: words(
    ['meterStop', 'nextStart', 'lastSample', 'byHand'],
    'What says so: the StopTransaction, the next start on the connector, its last sample, or a person.',
  ),
  meterStopWh: register('The register that closes it'),
  reason: Type.String({ description: 'As the charger spelt it (OCPP 1.6 §7.36), or why kwota ended it.' }),
  by: nullable(Type.String({ description: 'The token of the person who closed it.' })),
  wanted: nullable(StopWanted),
});

export type Session = Static<typeof Session>;
export const Session = named('Session', 'A transaction from its start to its end, and its energy.', {
  transactionId: Type.Integer({ description: 'Unique together with the charger.' }),
  chargerId: Type.String(),
  connectorId: Type.Integer({ description: '0: not known.' }),
  idTag: Type.String(),
  userName: Type.String({ description: 'Empty: not known.' }),
  status: words(['running', 'ended'], 'Whether it has ended.'),
  authorization: Type.String({ description: 'What the start was answered (OCPP 1.6 §7.2).' }),
  startedAt: isoTime('When it started.'),
  meterStartWh: register('The register at its start as the charger said'),
  meterWh: register('The register as its samples showed it last'),
  energyWh: energyWh('What has flowed so far.'),
  powerW: nullable(
    Type.Number({ description: 'At present, as its samples tell; null: it has ended, or they do not tell.' }),
  ),
  connectorStatus: Type.String({
    description:
      'Of its connector, as the charger spelt it (OCPP 1.6 §7.7). Empty: not known, or it has ended.',
  }),
  leftWh: nullable(
    energyWh('What its account has left of the month, at present. null: no limit, or no user.'),
  ),
  flags: Type.Array(Type.String(), { description: 'What was odd about its meter.' }),
  quotaEndsAt: nullable(
    isoTime('When its quota will be used up if it goes on like this; null while nobody can tell.'),
  ),
  stop: nullable(StopRequest),
  end: nullable(SessionEnd),
});

export const SessionsPage = page('Sessions', Session);

export type Rung = Static<typeof Rung>;
const Rung = named('Rung', 'One thing that was done to end the session.', {
  step: Type.String({ description: 'A rung of the stop ladder, `remoteStop` the first.' }),
  at: isoTime('When.'),
  answer: nullable(Type.String({ description: 'The answer of the charger in a word; null while awaited.' })),
});

export type SessionDetails = Static<typeof SessionDetails>;
export const SessionDetails = named('SessionDetails', 'All that is known of a session.', {
  ...Session.properties,
  origin: words(
    ['start', 'takeOver', 'adopted', 'stopOnly'],
    'How it became known: by its start, from the old files, by its samples, by its stop alone.',
  ),
  energyByDay: Type.Record(Type.String(), Type.Integer(), {
    description: 'Wh by day of the time zone of the site: `{"2026-11-30": 18411}`.',
  }),
  rungs: Type.Array(Rung, { description: 'The newest last.' }),
  chargerIds: Type.Array(Type.Integer(), { description: 'Other ids that the charger told it under.' }),
  limit: nullable(
    words(['throttle', 'guard'], 'The charging profile that it runs under by the will of kwota.'),
  ),
  suspectedUnit: nullable(
    words(['Wh', 'kWh'], 'The unit that its samples seem to be in, though they say another.'),
  ),
});

export type StopResult = Static<typeof StopResult>;
export const StopResult = named('StopResult', 'What came of asking for a stop.', {
  outcome: words(
    ['asked', 'offline', 'ended'],
    'asked: the charger was, and goes on to be asked by stronger means. offline: it is asked when it is back.',
  ),
  step: nullable(Type.String({ description: 'The rung of the stop ladder that was climbed last.' })),
  answer: nullable(Type.String({ description: 'What it was answered; null: nothing yet.' })),
  session: SessionDetails,
});

export type CloseRequest = Static<typeof CloseRequest>;
export const CloseRequest = named('CloseRequest', 'How to close a session by hand.', {
  meterStopWh: Type.Optional(
    Type.Number({
      minimum: 0,
      description: 'What the meter shows now, in Wh; without it the last sample closes the session.',
    }),
  ),
});
