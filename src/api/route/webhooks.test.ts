// Webhooks over the API: how alarms get there, and what people do about it.
import t from 'tap';
import { listening, TOKEN } from '../server.test-kit.ts';
import { createWebhookClient } from '../webhook-client.ts';
import { madeUpWebhook } from '../webhooks.test-kit.ts';

void t.test('how alarms get there, with what was refused and its times', async (t) => {
  const url = await listening(t, { webhooks: madeUpWebhook('on-call') });
  t.strictSame(await createWebhookClient({ url, token: TOKEN }).list(), [
    {
      ...{ name: 'on-call', url: 'https://hooks.example.com/kwota', isSigned: true, waiting: 2 },
      ...{ delivered: 7, failed: 3, oldestAt: '2026-11-30T12:00:00.000Z' },
      lastDeliveredAt: '2026-11-30T12:00:00.000Z',
      lastError: { at: '2026-11-30T12:00:00.000Z', reason: 'ECONNREFUSED' },
      nextTryAt: '2026-11-30T12:00:01.000Z',
      refused: [
        {
          ...{ id: 'the-key', event: 'began', status: 400, reason: '400 no' },
          at: '2026-11-30T12:00:00.000Z',
          ...{ alarm: 'offline/CP1', message: 'CP1 is not connected' },
        },
      ],
    },
  ]);
});

void t.test('a test says what the receiver said', async (t) => {
  const good = await listening(t, { webhooks: madeUpWebhook('on call/1') });
  const client = createWebhookClient({ url: good, token: TOKEN });
  t.strictSame(await client.test('on call/1'), { isDelivered: true, reason: null });
  const bad = await listening(t, { webhooks: madeUpWebhook('on-call', '500 no') });
  const other = createWebhookClient({ url: bad, token: TOKEN });
  t.strictSame(await other.test('on-call'), { isDelivered: false, reason: '500 no' });
});

void t.test('what was refused is sent again or given up, in the name of who asks', async (t) => {
  const webhooks = madeUpWebhook('on-call');
  const client = createWebhookClient({ url: await listening(t, { webhooks }), token: TOKEN });
  t.equal(await client.retry('on-call'), 1);
  t.equal(await client.drop('on-call'), 1);
  t.strictSame(webhooks.asked, ['retry by admin', 'drop by admin']);
  await t.rejects(client.drop('absent'), { code: 'webhookUnknown', hint: 'alarms.webhooks names on-call' });
});
