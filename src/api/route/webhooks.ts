// /api/webhooks: how alarms get to other programs, and what people do when they do not.
import Type from 'typebox';
import { WebhookCount, WebhooksPage, WebhookTest, type Webhook } from '../contract/webhooks.ts';
import { pageQuery } from '../contract/schema.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { pageOf } from '../page.ts';
import type { ToldProgram, WebhookPort, WebhookStanding } from '../ports/webhooks.ts';
import { HttpProblem } from '../problem.ts';
import { iso } from './iso.ts';

export function webhookRoutes(port: WebhookPort): readonly Route[] {
  return [listRoute(port), testRoute(port), choiceRoute(port, 'retry'), choiceRoute(port, 'drop')];
}

const group = 'Webhooks';
const params = Type.Object({ name: Type.String({ description: 'As in config.yaml.' }) });

function listRoute(port: WebhookPort): Route {
  return defineRoute({
    method: 'GET',
    path: '/api/webhooks',
    role: 'viewer',
    group,
    summary: 'Programs that are told of alarms',
    query: Type.Object({ ...pageQuery }),
    answer: { description: 'How alarms get there, by name.', json: WebhooksPage },
    handle({ query }) {
      const all = port.all().toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const { items, next } = pageOf(all, query, ({ name }) => name);
      return { json: { items: items.map((one) => shown(one.status())), next } };
    },
  });
}

function testRoute(port: WebhookPort): Route {
  return defineRoute({
    method: 'POST',
    path: '/api/webhooks/{name}/test',
    role: 'admin',
    group,
    summary: 'Sends something that is no alarm',
    description: 'Once, and at once, also while others wait.',
    params,
    answer: { description: 'What came of it.', json: WebhookTest },
    problems: ['webhookUnknown'],
    async handle({ params: { name } }) {
      const outcome = await known(port, name).test();
      const reason = 'reason' in outcome ? outcome.reason : null;
      return { json: { isDelivered: reason === null, reason } };
    },
  });
}

function choiceRoute(port: WebhookPort, action: 'retry' | 'drop'): Route {
  const summaries = { retry: 'Sends what was refused once more', drop: 'Gives up what was refused' };
  return defineRoute({
    method: 'POST',
    path: `/api/webhooks/{name}/${action}`,
    role: 'admin',
    group,
    summary: summaries[action],
    params,
    answer: { description: 'How many.', json: WebhookCount },
    problems: ['webhookUnknown'],
    handle: ({ params: { name }, caller }) => ({ json: { count: known(port, name)[action](caller.name) } }),
  });
}

function known(port: WebhookPort, name: string): ToldProgram {
  const found = port.all().find((one) => one.name === name);
  if (found) return found;
  const names = port.all().map((one) => one.name);
  const hint =
    names.length === 0
      ? 'alarms.webhooks in config.yaml names none'
      : `alarms.webhooks names ${names.join(', ')}`;
  throw new HttpProblem('webhookUnknown', { hint });
}

function shown(standing: WebhookStanding): Webhook {
  const { name, url, isSigned, waiting, oldestMs, delivered, failed, lastError, parked } = standing;
  return {
    ...{ name, url, isSigned, waiting, delivered, failed },
    oldestAt: isoOrNull(oldestMs),
    lastDeliveredAt: isoOrNull(standing.lastDeliveredMs),
    lastError: lastError === null ? null : { at: iso(lastError.atMs), reason: lastError.reason },
    nextTryAt: isoOrNull(standing.nextTryMs),
    refused: parked.map(({ notice: { id, event, atMs, alarm }, refusal }) => ({
      ...{ id, event, ...refusal, at: iso(atMs) },
      ...{ alarm: alarm.id, message: alarm.message },
    })),
  };
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
