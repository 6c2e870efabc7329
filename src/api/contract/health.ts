// Health as the API tells it: schema and type.
import Type, { type Static } from 'typebox';
import { named, words } from './schema.ts';

export type Health = Static<typeof Health>;
export const Health = named('Health', 'How the server is.', {
  status: words(['ok', 'degraded'], 'degraded: something is wrong that kwota works around or waits for.'),
  version: Type.String(),
  uptimeS: Type.Integer({ minimum: 0 }),
  chargersConnected: Type.Integer({ minimum: 0 }),
  sessionsRunning: Type.Integer({ minimum: 0 }),
  problems: Type.Array(Type.String(), {
    description: 'What is wrong at present, in sentences; empty when all is well.',
  }),
});
