// /api/logs: the newest lines of the log.
import Type, { type Static } from 'typebox';
import { LOG_LEVELS, LOG_TAGS } from '../../runtime/log.ts';
import { LOG_LINES_KEPT, type KeptLine, type LogLines } from '../../runtime/log-ring.ts';
import { PAGE_LIMIT_DEFAULT } from '../contract.ts';
import { LogLinesPage } from '../contract/logs.ts';
import { pageQuery, words } from '../contract/schema.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { chargerOf, logLineView } from '../log-view.ts';

const logsQuery = Type.Object({
  limit: pageQuery.limit,
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Only lines after this `seq`, the oldest first; without it the newest lines.',
    }),
  ),
  level: Type.Optional(words(LOG_LEVELS, 'Only lines as grave as this, or graver.')),
  tag: Type.Optional(words(LOG_TAGS, 'Only lines about this.')),
  charger: Type.Optional(Type.String({ description: 'Only lines about this charger.' })),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Written then or later.' })),
});

export function logRoutes(log: LogLines): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/logs',
      role: 'viewer',
      group: 'Site',
      summary: 'The newest lines of the log',
      description:
        `The newest ${LOG_LINES_KEPT} lines of this run of the server, of the levels that \`log.level\` lets through. ` +
        'Events of the kind `log` tell the lines to come.',
      query: logsQuery,
      answer: { description: 'Lines in their order, the newest last.', json: LogLinesPage },
      handle({ query }) {
        const { after, limit = PAGE_LIMIT_DEFAULT } = query;
        const all = [...log.kept()].filter((line) => isAskedFor(line, query));
        const found = after === undefined ? all.slice(-limit) : all.slice(0, limit);
        // Without `after` these are the newest: nothing follows.
        const last = after !== undefined && found.length < all.length ? found.at(-1) : undefined;
        return {
          json: { items: found.map(logLineView), next: last === undefined ? null : String(last.seq) },
        };
      },
    }),
  ];
}

function isAskedFor(line: KeptLine, query: Static<typeof logsQuery>): boolean {
  const { after = 0, level = 'debug', tag, charger, from } = query;
  return (
    line.seq > after &&
    LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level) &&
    (tag === undefined || line.tag === tag) &&
    (charger === undefined || chargerOf(line.fields) === charger) &&
    (from === undefined || line.atMs >= Date.parse(from))
  );
}
