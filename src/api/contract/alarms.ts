// Alarms as the API tells them: schema and type.
import Type, { type Static } from 'typebox';
import { isoTime, named, page } from './schema.ts';

export type Alarm = Static<typeof Alarm>;
export const Alarm = named('Alarm', 'What needs a person, and is so now.', {
  id: Type.String({ description: 'A stable name of what is wrong, `users-file`.' }),
  message: Type.String({ description: 'A sentence.' }),
  since: isoTime('Since when.'),
});

export const AlarmsPage = page('Alarms', Alarm);
