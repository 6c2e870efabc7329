// /api/alarms: what needs a person now.
import Type from 'typebox';
import { AlarmsPage } from '../contract/alarms.ts';
import { pageQuery } from '../contract/schema.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { byText, pageOf } from '../page.ts';
import type { AlarmPort } from '../ports/alarms.ts';
import { iso } from './iso.ts';

export function alarmRoutes(port: AlarmPort): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/alarms',
      role: 'viewer',
      group: 'Site',
      summary: 'What needs a person now',
      description: 'Events of the kind `alarm` tell what becomes one, and what is over.',
      query: Type.Object({ ...pageQuery }),
      answer: { description: 'Active alarms, by their id.', json: AlarmsPage },
      handle({ query }) {
        const active = port.active().toSorted((a, b) => byText(a.id, b.id));
        const { items, next } = pageOf(active, query, ({ id }) => id);
        return {
          json: {
            items: items.map(({ id, message, sinceMs }) => ({ id, message, since: iso(sinceMs) })),
            next,
          },
        };
      },
    }),
  ];
}
