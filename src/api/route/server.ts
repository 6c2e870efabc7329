// /api/server/stop: ends the server in order, as SIGTERM does where there are signals.
import Type from 'typebox';
import { named } from '../contract/schema.ts';
import { defineRoute, type Route } from '../define-route.ts';

const Stopping = named('Stopping', 'The server is about to end.', { stopping: Type.Literal(true) });

/** `stop` lets the answer leave before it closes connections. */
export function serverRoutes(stop: (by: string) => void): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/api/server/stop',
      role: 'admin',
      group: 'Site',
      summary: 'Ends the server',
      description:
        'It finishes what was acknowledged, closes connections and ends, within 5 s. Chargers come back when it starts again.',
      answer: { status: 202, description: 'It ends.', json: Stopping },
      handle({ caller }) {
        stop(caller.name);
        return { json: { stopping: true as const } };
      },
    }),
  ];
}
