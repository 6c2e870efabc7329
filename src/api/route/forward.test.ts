// Forwarding over the API: how it stands, what is parked, and what people do about it.
import t from 'tap';
import { createForwardClient } from '../forward-client.ts';
import { madeUpForwarding, parkedOne } from '../forward.test-kit.ts';
import { listening, TOKEN } from '../server.test-kit.ts';

void t.test('how it stands, with its times', async (t) => {
  const url = await listening(t, { forward: madeUpForwarding([]) });
  t.strictSame(await createForwardClient({ url, token: TOKEN }).status(), {
    isOn: true,
    url: 'https://api.example.com/readings',
    pausedBy: null,
    queued: 7,
    oldestAt: '2026-11-30T11:59:00.000Z',
    parked: 0,
    delivered: 42,
    lastDeliveredAt: '2026-11-30T12:00:00.000Z',
    lastError: { at: '2026-11-30T12:00:00.000Z', reason: 'ECONNREFUSED' },
    nextTryAt: '2026-11-30T12:00:01.000Z',
  });
});

void t.test('where it is switched off that is no failure', async (t) => {
  const url = await listening(t, { forward: { url: null, forwarding: null } });
  const client = createForwardClient({ url, token: TOKEN });
  t.match(await client.status(), { isOn: false, url: null, queued: 0, lastError: null });
  t.strictSame(await client.parked(), []);
  await t.rejects(client.pause(), { code: 'forwardOff' });
});

void t.test('what is parked is listed as it was parked, and chosen by id or all at once', async (t) => {
  const forward = madeUpForwarding([parkedOne(1), parkedOne(2), parkedOne(3)]);
  const url = await listening(t, { forward });
  const client = createForwardClient({ url, token: TOKEN });
  t.match(await client.parked(), [
    { id: '000000000001', chargerId: 'CP1', status: 400, reason: '400 unknown charger', isQueued: false },
    { id: '000000000002', isQueued: true },
    { id: '000000000003', parkedAt: '2026-11-30T12:00:03.000Z' },
  ]);
  t.equal(await client.retry({ ids: ['000000000001', '000000000003'] }), 2);
  t.equal(await client.drop({ all: true }), 3);
  await client.pause();
  await client.resume();
  t.strictSame(forward.asked, [
    'retry 000000000001 000000000003 by admin',
    'drop all by admin',
    'pause by admin',
    'resume by admin',
  ]);
});
