// Webhooks as the API tells them: schemas and types.
import Type, { type Static } from 'typebox';
import { isoTime, named, nullable, page, words } from './schema.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });

const WebhookError = named('WebhookError', 'Why alarms did not get through.', {
  at: isoTime('When.'),
  reason: Type.String({ description: 'In the words of the receiver, or of the connection.' }),
});

const RefusedNotice = named('RefusedNotice', 'Something about an alarm that the receiver refuses.', {
  id: Type.String({ description: 'The Idempotency-Key that it was sent with.' }),
  event: words(['began', 'changed', 'over', 'test'], 'What was told of the alarm.'),
  at: isoTime('When that was so.'),
  alarm: Type.String({ description: 'The id of the alarm.' }),
  message: Type.String({ description: 'The sentence of the alarm.' }),
  status: Type.Integer({ description: 'The HTTP status that it was refused with.' }),
  reason: Type.String({ description: 'In the words of the receiver.' }),
});

export type Webhook = Static<typeof Webhook>;
const Webhook = named('Webhook', 'A program that is told of alarms.', {
  name: Type.String({ description: 'As in config.yaml.' }),
  url: Type.String({ description: 'Where alarms go, without its query.' }),
  isSigned: Type.Boolean({ description: 'Whether requests have a signature.' }),
  waiting: count('What waits to be told, or is on its way.'),
  oldestAt: nullable(isoTime('When that was so which waits longest.')),
  delivered: count('What was told since kwota runs.'),
  failed: count('Requests since kwota runs that told nothing.'),
  lastDeliveredAt: nullable(isoTime('When.')),
  lastError: nullable(WebhookError),
  nextTryAt: nullable(isoTime('When it is tried again after a failure.')),
  refused: Type.Array(RefusedNotice, { description: 'What waits for a person, the oldest first.' }),
});

export const WebhooksPage = page('Webhooks', Webhook);

export type WebhookCount = Static<typeof WebhookCount>;
export const WebhookCount = named('WebhookCount', 'What became of refused alarms.', {
  count: count('How many it was done to.'),
});

export type WebhookTest = Static<typeof WebhookTest>;
export const WebhookTest = named('WebhookTest', 'What came of a test.', {
  isDelivered: Type.Boolean(),
  reason: nullable(Type.String({ description: 'Why not; null: it was delivered.' })),
});
