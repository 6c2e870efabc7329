// The log as the API tells it: schemas and types.
import Type, { type Static } from 'typebox';
import { LOG_LEVELS, LOG_TAGS } from '../../runtime/log.ts';
import { isoTime, named, nullable, page, words } from './schema.ts';

export type LogLine = Static<typeof LogLine>;
export const LogLine = named('LogLine', 'A line of the log.', {
  seq: Type.Integer({ minimum: 1, description: 'Counts up by one from the start of the server.' }),
  at: isoTime('When it was written.'),
  level: words(LOG_LEVELS, 'How grave it is.'),
  tag: words(LOG_TAGS, 'What it is about.'),
  message: Type.String({ description: 'A sentence, as the log has it; it may hold text from outside.' }),
  charger: nullable(Type.String({ description: 'The charger that it is about.' })),
  fields: Type.Record(Type.String(), Type.String(), { description: 'The others, as texts.' }),
});

export const LogLinesPage = page('LogLines', LogLine);
