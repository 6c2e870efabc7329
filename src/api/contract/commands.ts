// Commands to chargers and what they leave behind, as the API tells them: schemas and types.
import Type, { type Static } from 'typebox';
import { isoTime, named, nullable, page, words } from './schema.ts';

/** Whatever OCPP 1.6 has for the operation: it is checked against the schema of that, not here. */
export const OcppPayload = Type.Record(Type.String(), Type.Unknown(), {
  description: 'A payload as OCPP 1.6 has it for this operation, without its envelope.',
});

const by = Type.String({ description: 'Who asked for it.' });

export type ConfigurationKey = Static<typeof ConfigurationKey>;
const ConfigurationKey = named('ConfigurationKey', 'A configuration key as the charger last told it.', {
  key: Type.String({ description: 'In the charger’s spelling.' }),
  value: Type.String({ description: '*** for a secret.' }),
  isReadonly: Type.Boolean(),
  at: isoTime('When the charger said so, or took it.'),
  isAfterRestart: Type.Boolean({ description: 'It was taken, and holds with the next restart.' }),
});
export const ConfigurationPage = page('Configuration', ConfigurationKey);

export type Reservation = Static<typeof Reservation>;
const Reservation = named('Reservation', 'A reservation that a charger was asked for.', {
  reservationId: Type.Integer(),
  connectorId: Type.Integer({ description: '0: any connector.' }),
  idTag: Type.String(),
  parentIdTag: nullable(Type.String()),
  at: isoTime('When it was asked for.'),
  expiresAt: isoTime('When it ends by itself.'),
  by,
  state: words(
    ['unconfirmed', 'reserved', 'used', 'cancelled', 'expired'],
    'unconfirmed: the charger has not answered, and may hold it.',
  ),
  transactionId: nullable(Type.Integer({ description: 'The session that used it.' })),
});
export const ReservationsPage = page('Reservations', Reservation);

export type Transfer = Static<typeof Transfer>;
const Transfer = named('Transfer', 'A firmware update, or an upload of diagnostics or a log.', {
  requestId: Type.Integer(),
  action: words(['GetDiagnostics', 'GetLog', 'SignedUpdateFirmware', 'UpdateFirmware'], 'The operation.'),
  location: nullable(Type.String({ description: 'Where from or to; null: this server.' })),
  at: isoTime('When it was asked for.'),
  by,
  answer: nullable(Type.String({ description: 'The charger’s answer in a word; null while it is awaited.' })),
  fileName: nullable(Type.String({ description: 'What the charger calls the file.' })),
  uploaded: Type.Array(Type.String(), { description: 'Files in .kwota/uploads of the data folder.' }),
  statuses: Type.Array(
    named('TransferStatus', 'What a status notification said.', {
      status: Type.String(),
      at: isoTime('When it came.'),
    }),
    { description: 'The newest last.' },
  ),
});
export const TransfersPage = page('Transfers', Transfer);

export type LocalListSent = Static<typeof LocalListSent>;
export const LocalListSent = named('LocalListSent', 'What was sent of the users.', {
  listVersion: Type.Integer(),
  entries: Type.Integer({ description: 'Cards in the list.' }),
  messages: Type.Integer({ description: 'Messages that it took.' }),
  tooLong: Type.Integer({ description: 'Cards left out: OCPP 1.6 has room for 20 characters.' }),
});

export type LocalListVersion = Static<typeof LocalListVersion>;
export const LocalListVersion = named('LocalListVersion', 'The list that a charger is known to have.', {
  listVersion: nullable(
    Type.Integer({ description: '0: an empty list; -1: it keeps none; null: not known.' }),
  ),
  at: nullable(isoTime('Since when.')),
});

export type ChargingProfile = Static<typeof ChargingProfile>;
export const ChargingProfile = named('ChargingProfile', 'A charging profile that is kept by its name.', {
  name: Type.String(),
  profile: OcppPayload,
  changedAt: isoTime('When it was put.'),
  by,
});
export const ChargingProfilesPage = page('ChargingProfiles', ChargingProfile);
