// Forwarding to the external API as the API tells it: schemas and types.
import Type, { type Static } from 'typebox';
import { isoTime, named, nullable, page } from './schema.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });

const ForwardError = named('ForwardError', 'Why readings did not get through.', {
  at: isoTime('When.'),
  reason: Type.String({ description: 'In the words of the external API, or of the connection.' }),
});

export type ForwardStatus = Static<typeof ForwardStatus>;
export const ForwardStatus = named('ForwardStatus', 'Readings on their way to the external API.', {
  isOn: Type.Boolean({ description: 'Whether config.yaml switches it on.' }),
  url: nullable(Type.String({ description: 'Where they go, without its query; null: nowhere.' })),
  pausedBy: nullable(Type.String({ description: 'The token of who paused it.' })),
  queued: count('Readings that wait, or are on their way.'),
  oldestAt: nullable(isoTime('When the one was taken that waits longest.')),
  parked: count('Readings that were refused, and wait for a person.'),
  delivered: count('Since kwota runs.'),
  lastDeliveredAt: nullable(isoTime('When.')),
  lastError: nullable(ForwardError),
  nextTryAt: nullable(isoTime('When it is tried again after a failure.')),
});

export type ParkedReading = Static<typeof ParkedReading>;
const ParkedReading = named('ParkedReading', 'A reading that the external API refuses.', {
  id: Type.String({ description: 'Of the reading, as in meter_data_log.json.' }),
  chargerId: Type.String(),
  takenAt: isoTime('When the charger took it.'),
  status: Type.Integer({ description: 'The HTTP status that it was refused with.' }),
  reason: Type.String({ description: 'In the words of the external API.' }),
  parkedAt: isoTime('When.'),
  isQueued: Type.Boolean({ description: 'Whether it is about to be sent once more.' }),
});

export const ParkedReadingsPage = page('ParkedReadings', ParkedReading);

const MAX_IDS = 1000;

export type ParkedChoice = Static<typeof ParkedChoice>;
export const ParkedChoice = named('ParkedChoice', 'Which parked readings are meant: ids, or all of them.', {
  ids: Type.Optional(
    Type.Array(Type.String(), { minItems: 1, maxItems: MAX_IDS, description: 'Of readings.' }),
  ),
  all: Type.Optional(Type.Literal(true, { description: 'All that are parked.' })),
});

export type ParkedCount = Static<typeof ParkedCount>;
export const ParkedCount = named('ParkedCount', 'What became of parked readings.', {
  count: count('How many it was done to.'),
});
