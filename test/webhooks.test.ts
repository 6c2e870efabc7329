// Alarms at a program that is slow, down, wrong and back, and kwota killed in between: each is told, once, in order, signed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import { createWebhookClient } from '../src/api/webhook-client.ts';
import { signatureOf } from '../src/forward/webhook/signature.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { runCommand } from './kit/kwota-command.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';
import { startWebhookReceiver, type WebhookReceiver } from './kit/webhook-receiver.ts';

const SECRET = 'the-secret-of-the-webhook';
const HEADER_VALUE = 'Bearer-of-the-receiver';
const GOOD = 'id_tag,name,surname,quota_kwh\nRFID1,Ada,Example,1000\n';
const BAD = `${GOOD}RFID2,Bob,Example,many\n`;
const WITHIN_MS = 60_000;

t.setTimeout(400_000);

type IsFromKwota = (header: string | undefined, body: string, secret: string, nowSeconds?: number) => boolean;

/** The example in the documentation, as a receiver would take it over. */
async function documentedCheck(t: Test): Promise<IsFromKwota> {
  const page = readFileSync(join(import.meta.dirname, '../docs/alarms.md'), 'utf8');
  const code = /```js\n(.*?)```/s.exec(page)?.[1] ?? '';
  const file = join(t.testdir({ 'check.mjs': code }), 'check.mjs');
  return ((await import(pathToFileURL(file).href)) as { isFromKwota: IsFromKwota }).isFromKwota;
}

function site(t: Test, receiver: WebhookReceiver) {
  const yaml = `
site: { name: Car park }
alarms:
  webhooks:
    - { name: on-call, url: '${receiver.url}', secret: '${SECRET}', headers: { X-Access: '${HEADER_VALUE}' } }
`;
  const dataDir = makeDataDir(t, { 'users1.csv': GOOD, 'config.yaml': yaml });
  const start = async () => {
    const kwota = await startKwota({ dataDir });
    t.teardown(() => kwota.kill());
    const token = readFileSync(join(dataDir, '.kwota/admin-token'), 'utf8').trim();
    return { kwota, token, client: createWebhookClient({ url: kwota.apiUrl, token }) };
  };
  const users = (text: string) => writeFileSync(join(dataDir, 'users1.csv'), text);
  return { dataDir, start, users };
}

async function receiving(t: Test): Promise<WebhookReceiver> {
  const receiver = await startWebhookReceiver();
  t.teardown(() => receiver.down());
  return receiver;
}

void t.test('the example of the documentation takes what kwota signs, and nothing else', async (t) => {
  const isFromKwota = await documentedCheck(t);
  const now = 1_796_040_000;
  const header = signatureOf('{"a":1}', SECRET, now * 1000);
  t.equal(isFromKwota(header, '{"a":1}', SECRET, now), true);
  t.equal(isFromKwota(header, '{"a":1}', SECRET, now + 299), true);
  for (const [why, given, body, secret, at] of [
    ['another body', header, '{"a":2}', SECRET, now],
    ['another secret', header, '{"a":1}', `${SECRET}!`, now],
    ['too old', header, '{"a":1}', SECRET, now + 301],
    ['another time', header.replace('t=1796040000', 't=1796040001'), '{"a":1}', SECRET, now],
    ['none', undefined, '{"a":1}', SECRET, now],
    ['half of it', header.slice(0, -1), '{"a":1}', SECRET, now],
  ] as const)
    t.equal(isFromKwota(given, body, secret, at), false, why);
});

void t.test('an alarm that begins and is over is told, signed, and no secret is in the log', async (t) => {
  const receiver = await receiving(t);
  const isFromKwota = await documentedCheck(t);
  const { dataDir, start, users } = site(t, receiver);
  const { kwota } = await start();
  users(BAD);
  await until('it began', () => receiver.taken.length === 1, WITHIN_MS);
  users(GOOD);
  await until('it is over', () => receiver.taken.length === 2, WITHIN_MS);
  t.match(receiver.taken, [
    { event: 'began', site: 'Car park', alarm: { id: 'users-rows', scope: 'server', message: /line 3/ } },
    { event: 'over', alarm: { id: 'users-rows' } },
  ]);
  for (const { body, headers } of receiver.requests) {
    t.ok(isFromKwota(headers['x-kwota-signature'] as string, body, SECRET));
    t.equal(headers['x-access'], HEADER_VALUE);
  }
  await kwota.stop();
  const log = readFileSync(join(dataDir, '.kwota/log/kwota.log'), 'utf8');
  t.match(log, 'alarms are told');
  for (const secret of [SECRET, HEADER_VALUE]) t.notMatch(log, secret);
});

void t.test('through failures of every kind each is told once and in order', async (t) => {
  const receiver = await receiving(t);
  const { start, users } = site(t, receiver);
  const { client } = await start();
  const moods = [500, 'drop', 429, 'half', 'slow'] as const;
  let n = 0;
  receiver.mood = () => moods[n++] ?? 'ok';
  users(BAD);
  await until('it began', () => receiver.taken.length === 1, WITHIN_MS);
  await receiver.down();
  users(GOOD);
  await until('it is tried', async () => (await client.list())[0]?.lastError, WITHIN_MS);
  await receiver.up();
  await until('it is over', () => receiver.taken.length === 2, WITHIN_MS);
  t.match(receiver.taken, [{ event: 'began' }, { event: 'over' }]);
  await until('nothing waits', async () => (await client.list())[0]?.waiting === 0);
});

void t.test(
  'killed before anything was told, kwota tells it when it is back, and what goes on not twice',
  async (t) => {
    const receiver = await receiving(t);
    const { start, users } = site(t, receiver);
    await receiver.down();
    const first = await start();
    users(BAD);
    await until('it waits', async () => (await first.client.list())[0]?.waiting === 1, WITHIN_MS);
    await first.kwota.kill();
    await receiver.up();
    const second = await start();
    await until('it is told', () => receiver.taken.length === 1, WITHIN_MS);
    await until('nothing waits', async () => (await second.client.list())[0]?.waiting === 0, WITHIN_MS);
    await second.kwota.kill();
    const third = await start();
    // What the second had delivered may not have been on disk: then it comes once more, under its key.
    await until('nothing waits', async () => (await third.client.list())[0]?.waiting === 0, WITHIN_MS);
    t.equal(receiver.taken.length, 1, 'it goes on, and is known');
    users(GOOD);
    await until('it is over', () => receiver.taken.length === 2, WITHIN_MS);
    t.match(receiver.taken, [{ event: 'began' }, { event: 'over' }]);
  },
);

void t.test(
  'what is refused is seen and sent again by a person, and a test says how it stands',
  async (t) => {
    const receiver = await receiving(t);
    const { dataDir, start, users } = site(t, receiver);
    const { kwota, token, client } = await start();
    const command = (...args: string[]) =>
      runCommand(dataDir, 'webhooks', ...args, '--url', kwota.apiUrl, '--token', token);
    receiver.mood = () => 422;
    users(BAD);
    await until('it is refused', async () => (await client.list())[0]?.refused.length === 1, WITHIN_MS);
    const listed = await command('list');
    t.match(listed.out, /^to +http:\/\/127\.0\.0\.1:\d+\/taken, signed$/m);
    t.match(listed.out, /^users-rows +began .* 422/m);
    t.match(await command('test', 'on-call'), { code: 1, err: /did not take the test: 422/ });
    t.match(await command('test', 'absent'), { code: 1, err: /no such webhook.*on-call/i });
    receiver.mood = () => 'ok';
    t.match(await command('test', 'on-call'), { code: 0, out: 'on-call took the test\n' });
    t.match(await command('retry', 'on-call'), { code: 0, out: '1 refused notice to be sent once more\n' });
    await until('it is there', () => receiver.taken.length === 2);
    await until('kwota knows', async () => (await client.list())[0]?.delivered === 1);
    t.match(receiver.taken, [{ event: 'test' }, { event: 'began' }]);
    t.match(await command('drop', 'on-call', '--json'), { code: 0, out: /"count": 0/ });
    const headers = { authorization: `Bearer ${token}` };
    const metrics = await (await fetch(`${kwota.apiUrl}/metrics`, { headers })).text();
    for (const line of ['waiting', 'oldest_seconds', 'refused'])
      t.match(metrics, `kwota_webhook_${line}{webhook="on-call"} 0\n`);
    t.match(metrics, 'kwota_webhook_delivered_total{webhook="on-call"} 1\n');
    t.match(metrics, 'kwota_webhook_failures_total{webhook="on-call"} 1\n');
  },
);
