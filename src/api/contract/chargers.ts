// Chargers, their quirks, gaps and traces as the API tells them: schemas and types. Texts that a charger never told are empty.
import Type, { type Static } from 'typebox';
import { admission, passwordState, security } from './charger-access.ts';
import { energyWh, isoTime, named, nullable, page, words } from './schema.ts';

const connectorId = Type.Integer({ description: '0 is the charge point as a whole.' });

export type Connector = Static<typeof Connector>;
const Connector = named('Connector', 'A connector as its last StatusNotification had it.', {
  connectorId,
  status: Type.String({ description: 'ChargePointStatus as the charger spelt it (OCPP 1.6 §7.7).' }),
  errorCode: Type.String({ description: 'ChargePointErrorCode as the charger spelt it (OCPP 1.6 §7.6).' }),
  since: isoTime('When it became so.'),
});

export type RunningSession = Static<typeof RunningSession>;
const RunningSession = named('RunningSession', 'A session that has not ended.', {
  transactionId: Type.Integer(),
  connectorId,
  idTag: Type.String(),
  startedAt: isoTime('When it started.'),
  energyWh: energyWh('What has flowed so far.'),
  quotaEndsAt: nullable(
    isoTime('When its quota will be used up if it goes on like this; null while nobody can tell.'),
  ),
});

export type Charger = Static<typeof Charger>;
export const Charger = named('Charger', 'A charge point and what it is doing.', {
  id: Type.String(),
  vendor: Type.String(),
  model: Type.String(),
  serialNumber: Type.String(),
  firmwareVersion: Type.String(),
  admission,
  isConnected: Type.Boolean(),
  connectedSince: nullable(isoTime('Since when it is connected without a break; null: it is not.')),
  bootedAt: nullable(isoTime('When its last BootNotification came.')),
  security,
  lastHeardAt: nullable(isoTime('When its last message of any kind came.')),
  powerW: nullable(
    Type.Number({
      description: 'What its sessions draw at present, 0 where none runs; null: they do not tell.',
    }),
  ),
  connectors: Type.Array(Connector, { description: 'By connector id.' }),
  sessions: Type.Array(RunningSession),
});

export type ChargersPage = Static<typeof ChargersPage>;
export const ChargersPage = page('Chargers', Charger);

export type ChargerQuirk = Static<typeof ChargerQuirk>;
const ChargerQuirk = named('ChargerQuirk', 'What a charger was seen doing that OCPP does not say.', {
  quirk: Type.String({ description: 'Its name.' }),
  count: Type.Integer({ minimum: 1 }),
  firstSeenAt: isoTime('When it was seen first.'),
  lastSeenAt: isoTime('When it was seen last.'),
  what: Type.String({ description: 'What the charger does.' }),
  handling: Type.String({ description: 'What kwota makes of it.' }),
});

export type RegisterGap = Static<typeof RegisterGap>;
const RegisterGap = named(
  'RegisterGap',
  'A register gained so much between two sessions: charged past kwota, or drawn idle.',
  {
    connectorId,
    from: isoTime('End of the session before.'),
    to: isoTime('Start of the session after.'),
    energyWh: energyWh('What the register gained; billed to nobody.'),
  },
);

export type ChargerDetails = Static<typeof ChargerDetails>;
export const ChargerDetails = named('ChargerDetails', 'All that is known of a charger.', {
  ...Charger.properties,
  password: passwordState,
  quirks: Type.Array(ChargerQuirk),
  gaps: Type.Array(RegisterGap, {
    description:
      'What its registers gained outside of all sessions, for audit: the newest 100, the newest last.',
  }),
});

export type TracedLine = Static<typeof TracedLine>;
export const TracedLine = named(
  'TracedLine',
  'A raw frame as it stood on the wire, or that the connection came or went.',
  {
    seq: Type.Integer({
      description: 'Counts up by one for each charger, also over restarts: a gap is what was dropped.',
    }),
    at: isoTime('When it came or went.'),
    kind: words(['in', 'out', 'connected', 'disconnected'], 'in: from the charger.'),
    text: Type.String(),
  },
);

export type TracePage = Static<typeof TracePage>;
export const TracePage = page('Trace', TracedLine);
