// A charger's password over its life: set by a person, changed by kwota, refused by the charger, lost on the way, kept over restarts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { ApiClientError, createApiClient } from '../src/api/client.ts';
import { createChargerAdminClient } from '../src/api/charger-admin-client.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { ChargePoint } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { adminTokenOf } from './kit/data-folder.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

async function start(t: Test, dataDir: string, yaml: string) {
  // Nothing is configured: the only keys that are written are those of the test.
  const settings = `configure: {}\n${yaml}`;
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock: systemClock, yaml: settings });
  t.teardown(() => kwota.stop());
  const access = { url: kwota.apiUrl, token: adminTokenOf(dataDir) };
  return {
    ...{ kwota, dataDir },
    admin: createChargerAdminClient(access),
    passwordState: async () => (await createApiClient(access).charger('CP1')).password,
    security: async () => (await createApiClient(access).charger('CP1')).security,
    trace: async () => (await createApiClient(access).trace('CP1')).map(({ text }) => text).join('\n'),
    connect: (password: string | Buffer | null) => connect(kwota.ocppUrl, password),
  };
}

/** Null: it was refused. */
async function connect(ocppUrl: string, password: string | Buffer | null): Promise<ChargePoint | null> {
  const bytes = Buffer.concat([Buffer.from('CP1:'), Buffer.from((password ?? '') as string)]);
  const headers = password === null ? {} : { authorization: `Basic ${bytes.toString('base64')}` };
  const socket = new WebSocket(`${ocppUrl}/CP1`, 'ocpp1.6', { headers });
  return new Promise((resolve) => {
    socket.once('open', () => resolve(ChargePoint.on('CP1', socket)));
    socket.once('error', () => resolve(null));
  });
}

/** The key that the charger was given; it answers with `status`. */
async function givenKey(charger: ChargePoint, rotating: Promise<unknown>, status: string): Promise<string> {
  charger.answer = () => ({ status });
  const [payload] = await Promise.all([charger.waitFor('ChangeConfiguration'), rotating]);
  t.equal(payload['key'], 'AuthorizationKey');
  return String(payload['value']);
}

void t.test(
  'a password that a person sets counts at once, is kept as a hash, and can be taken back',
  async (t) => {
    const dataDir = makeDataDir(t, {});
    const site = await start(t, dataDir, 'chargers: {settings: {CP1: {password: from-the-config}}}\n');
    await (await site.connect('from-the-config'))?.boot();
    await site.admin.setPassword('CP1', 'set-by-hand');
    t.equal(await site.connect('from-the-config'), null);
    await (await site.connect('set-by-hand'))?.boot();
    t.equal(await site.passwordState(), 'kept');
    t.strictSame(await site.security(), { isEncrypted: false, authenticatedBy: 'password' });
    await site.kwota.stop();
    const again = await start(t, dataDir, 'chargers: {settings: {CP1: {password: from-the-config}}}\n');
    t.equal(await again.connect('from-the-config'), null, 'over a restart');
    t.ok(await again.connect('set-by-hand'));
    const store = readFileSync(join(dataDir, '.kwota', 'kwota.sqlite'), 'latin1');
    const journal = readFileSync(join(dataDir, '.kwota', 'kwota.sqlite-wal'), 'latin1');
    t.notMatch(store + journal, 'set-by-hand', 'nowhere on disk');
    t.match(store + journal, /"kind":"scrypt"/);
    await again.admin.clearPassword('CP1');
    t.ok(await again.connect('from-the-config'));
    t.equal(await again.connect('set-by-hand'), null);
  },
);

void t.test('a new key counts beside the old one until the charger has come with it', async (t) => {
  const dataDir = makeDataDir(t, {});
  const site = await start(t, dataDir, 'chargers: {settings: {CP1: {password: from-the-config}}}\n');
  const charger = await site.connect('from-the-config');
  if (charger === null) throw new Error('it was refused');
  await charger.boot();
  const key = await givenKey(charger, site.admin.rotatePassword('CP1'), 'Accepted');
  t.match(key, /^[0-9a-f]{40}$/);
  t.equal(await site.passwordState(), 'changing');
  t.ok(await site.connect('from-the-config'), 'it may not use it yet');
  await (await site.connect(Buffer.from(key, 'hex')))?.boot();
  t.equal(await site.passwordState(), 'kept');
  t.equal(await site.connect('from-the-config'), null, 'the old one is over');
  t.ok(await site.connect(key.toUpperCase()), 'in any form');
  t.notMatch(await site.trace(), new RegExp(key, 'i'), 'the trace does not tell it');
  t.match(await site.trace(), '"AuthorizationKey","value":"***"');
  t.notMatch(site.kwota.log(), new RegExp(key, 'i'), 'nor does the log');
});

void t.test('a key that the charger refuses is never one', async (t) => {
  const site = await start(
    t,
    makeDataDir(t, {}),
    'chargers: {settings: {CP1: {password: from-the-config}}}\n',
  );
  const charger = await site.connect('from-the-config');
  if (charger === null) throw new Error('it was refused');
  await charger.boot();
  const key = await givenKey(charger, site.admin.rotatePassword('CP1'), 'NotSupported');
  t.equal(await site.passwordState(), 'none');
  t.equal(await site.connect(key), null);
});

void t.test('a charger that hangs up on a new key gets in with either, also over a restart', async (t) => {
  const dataDir = makeDataDir(t, {});
  const yaml = 'chargers: {settings: {CP1: {password: from-the-config}}}\n';
  const site = await start(t, dataDir, yaml);
  const charger = await site.connect('from-the-config');
  if (charger === null) throw new Error('it was refused');
  await charger.boot();
  let key = '';
  charger.answer = ({ action, payload }) => {
    if (action !== 'ChangeConfiguration' || payload['key'] !== 'AuthorizationKey')
      return { status: 'Accepted' };
    key = String(payload['value']);
    charger.hangUp();
    return {};
  };
  const refused = await site.admin.rotatePassword('CP1').catch((error: unknown) => error);
  t.match(refused, { constructor: ApiClientError, code: 'chargerOffline' });
  await site.kwota.stop();
  const again = await start(t, dataDir, yaml);
  await (await again.connect('from-the-config'))?.close();
  await (await again.connect(key))?.close();
  t.equal(await again.connect('from-the-config'), null, 'it has come with the new one');
});

void t.test('whoever sends a new key by hand does not lock the charger out', async (t) => {
  const site = await start(
    t,
    makeDataDir(t, {}),
    'ocpp: {auth: basic}\nchargers: {settings: {CP1: {password: from-the-config}}}\n',
  );
  const charger = await site.connect('from-the-config');
  if (charger === null) throw new Error('it was refused');
  await charger.boot();
  const sending = fetch(`${site.kwota.apiUrl}/api/chargers/CP1/commands/ChangeConfiguration`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminTokenOf(site.dataDir)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ key: 'AuthorizationKey', value: 'typed-by-hand' }),
  });
  t.equal(await givenKey(charger, sending, 'Accepted'), 'typed-by-hand');
  t.ok(await until('it is let in', () => site.connect('typed-by-hand')));
});
