// The meter log as the API tells it: schema and type.
import Type, { type Static } from 'typebox';
import { isoTime, named, nullable, page } from './schema.ts';

export type Reading = Static<typeof Reading>;
export const Reading = named('Reading', 'What a charger said that its meter showed.', {
  id: Type.String({ description: '12 hexadecimal digits; a repeated message is the same reading.' }),
  at: isoTime('When it was taken.'),
  chargerId: Type.String(),
  connectorId: Type.Integer(),
  transactionId: nullable(Type.Integer()),
  userName: Type.String({ description: 'Empty: nobody’s.' }),
  registerWh: nullable(Type.Number({ description: 'The energy register as the charger shows it.' })),
  powerW: nullable(Type.Number()),
  frequencyHz: nullable(Type.Number()),
});

export const ReadingsPage = page('Readings', Reading);
