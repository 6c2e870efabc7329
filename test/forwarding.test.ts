// Readings at an external API that is slow, down, wrong and back: each arrives, once by its id, in the order of its charger.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { requestJson, type ApiAccess } from '../src/api/client.ts';
import { createForwardClient } from '../src/api/forward-client.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readJson } from './kit/data-folder.ts';
import { startExternalApi, type ExternalApi } from './kit/external-api.ts';
import type { Mood } from './kit/moody-server.ts';
import { runCommand } from './kit/kwota-command.ts';
import { runKwotaToItsEnd, startKwota, type KwotaProcess } from './kit/kwota-process.ts';
import { seededRandom } from './kit/seeded-random.ts';
import { until } from './kit/until.ts';

const USERS = 'id_tag,name,surname,quota_kwh\n04A1,Ada,Example,1000\n';
const ARRIVES_WITHIN_MS = 60_000;

t.setTimeout(300_000);

async function receiver(t: Test): Promise<ExternalApi> {
  const api = await startExternalApi();
  t.teardown(() => api.down());
  return api;
}

async function forwardingKwota(
  t: Test,
  dataDir: string,
  api: ExternalApi,
  env: Readonly<Record<string, string>> = {},
): Promise<KwotaProcess> {
  const kwota = await startKwota({
    dataDir,
    env: {
      KWOTA_FORWARD_ENABLED: 'true',
      KWOTA_FORWARD_URL: api.url,
      KWOTA_FORWARD_API_KEY: 'the-key-of-the-api',
      // So that a test has not to wait for a minute.
      KWOTA_FORWARD_RETRY: '1',
      KWOTA_FORWARD_TIMEOUT: '2',
      ...env,
    },
  });
  t.teardown(() => kwota.kill());
  return kwota;
}

function accessTo(kwota: KwotaProcess, dataDir: string): ApiAccess {
  const token = readFileSync(join(dataDir, '.kwota/admin-token'), 'utf8').trim();
  return { url: kwota.apiUrl, token };
}

/** A session that goes on; each sample is a reading, acknowledged when it resolves. */
async function charge(kwota: KwotaProcess, id: string) {
  const charger = await ChargePoint.connect(kwota.ocppUrl, id);
  await charger.boot();
  const beganMs = Date.now() - 3_600_000;
  const start = { connectorId: 1, idTag: '04A1', meterStart: 0, timestamp: new Date(beganMs).toISOString() };
  const { transactionId } = await charger.call('StartTransaction', start);
  return {
    charger,
    sample: (n: number) => {
      const meterValue = [registerSample(100 * n, new Date(beganMs + n * 10_000))];
      return charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
    },
  };
}

async function idsOfReadings(access: ApiAccess): Promise<string[]> {
  const page = (await requestJson(access, 'readings?limit=1000')) as { items: { id: string }[] };
  return page.items.map(({ id }) => id).toSorted();
}

/** Everything that kwota has is there, once, and in order. */
async function allArrived(t: Test, access: ApiAccess, api: ExternalApi, count: number): Promise<void> {
  await until(`${count} readings at the external API`, () => api.taken.length >= count, ARRIVES_WITHIN_MS);
  await until('nothing waits', async () => (await createForwardClient(access).status()).queued === 0);
  t.strictSame(api.taken.map(({ ID }) => ID).toSorted(), await idsOfReadings(access), 'each once');
  for (const charger of new Set(api.taken.map(({ chargerName }) => chargerName))) {
    const energies = api.taken.filter((one) => one.chargerName === charger).map((one) => one.deliveredEnergy);
    t.strictSame(
      energies,
      energies.toSorted((a, b) => Number(a) - Number(b)),
      `${charger} in order`,
    );
  }
}

void t.test('a reading arrives as it stands in meter_data_log.json, with the key of the API', async (t) => {
  const api = await receiver(t);
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await forwardingKwota(t, dataDir, api);
  const { sample } = await charge(kwota, 'GATE_01');
  await sample(1);
  await until('it is there', () => api.taken.length === 1);
  const log = await until('it is shown', () => {
    const entries = readJson(dataDir, 'meter_data_log.json') as unknown as readonly object[] | undefined;
    return entries?.length === 1 && entries;
  });
  t.strictSame(api.taken, log);
  t.match(api.requests[0]?.headers, {
    'x-api-key': 'the-key-of-the-api',
    'idempotency-key': api.taken[0]?.ID,
    'content-type': 'application/json',
  });
  t.notMatch(kwota.log(), 'the-key-of-the-api');
});

void t.test('whatever the external API does, every reading arrives, once and in order', async (t) => {
  const api = await receiver(t);
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await forwardingKwota(t, dataDir, api);
  const chargers = await Promise.all(['A', 'B', 'C'].map((id) => charge(kwota, id)));
  const random = seededRandom(7);
  const moods: Mood[] = ['slow', 500, 429, 'drop', 'half', 'ok', 'ok'];
  let badRequests = 12;
  api.mood = () => {
    badRequests -= 1;
    return badRequests < 0 ? 'ok' : (moods[random.below(moods.length)] ?? 'ok');
  };
  for (let n = 1; n <= 15; n += 1) {
    if (n === 6) await api.down();
    await Promise.all(chargers.map(({ sample }) => sample(n)));
    if (n !== 10) continue;
    t.ok(api.taken.length <= 15, 'no charger waits for it: 15 more are acknowledged while nobody is there');
    await api.up();
  }
  await allArrived(t, accessTo(kwota, dataDir), api, 45);
});

void t.test(
  'kwota is killed in the middle, twice, and every reading arrives, once and in order',
  async (t) => {
    const api = await receiver(t);
    const dataDir = makeDataDir(t, { 'users1.csv': USERS });
    api.mood = () => 'slow';
    let sent = 0;
    for (const [round, batch] of ['1', '4', '4'].entries()) {
      const kwota = await forwardingKwota(t, dataDir, api, { KWOTA_FORWARD_BATCH: batch });
      const before = api.taken.length;
      const chargers = await Promise.all([`A${round}`, `B${round}`].map((id) => charge(kwota, id)));
      for (let n = 1; n <= 10; n += 1) await Promise.all(chargers.map(({ sample }) => sample(n)));
      sent += 20;
      const isLast = round === 2;
      if (isLast) await allArrived(t, accessTo(kwota, dataDir), api, sent);
      else await until('some are on their way', () => api.taken.length > before + 2);
      await kwota.kill();
      for (const { charger } of chargers) await charger.close();
    }
  },
);

void t.test('what is refused for good is parked, seen, and sent once more by a person', async (t) => {
  const api = await receiver(t);
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await forwardingKwota(t, dataDir, api);
  const access = accessTo(kwota, dataDir);
  const client = createForwardClient(access);
  api.mood = ([first]) => (first?.deliveredEnergy === 0.2 ? 400 : 'ok');
  const { sample } = await charge(kwota, 'GATE_01');
  for (const n of [1, 2, 3]) await sample(n);
  await until('the others are there', () => api.taken.length === 2);
  const [parked] = await until('it is parked', async () => {
    const all = await client.parked();
    return all.length === 1 && all;
  });
  t.match(parked, { chargerId: 'GATE_01', status: 400, reason: /mood 400/ });
  // What was taken is delivered only when kwota has heard of it: its request may have timed out meanwhile.
  await until('nothing waits', async () => (await client.status()).queued === 0);
  const health = (await (await fetch(`${kwota.apiUrl}/api/health`)).json()) as { problems: string[] };
  t.match(health.problems.join(), 'refused by the external API');

  const command = (...args: string[]) =>
    runCommand(dataDir, 'forward', ...args, '--url', access.url, '--token', access.token);
  const listed = await command('list');
  t.match(listed.out, /^to +http:\/\/127\.0\.0\.1:\d+\/taken$/m);
  t.match(listed.out, /^state +readings get through$/m);
  t.match(listed.out, new RegExp(`${parked?.id ?? ''} +GATE_01 .* parked +400`));
  t.match(await command('drop'), { code: 2, err: /--all/ });
  t.match(await command('retry', 'absent'), { code: 1, err: /no such reading is parked/i });
  api.mood = () => 'ok';
  t.match(await command('retry', parked?.id ?? ''), { code: 0, out: '1 reading to be sent once more\n' });
  await until('it is there', () => api.taken.length === 3);
  await until('it is parked no more', async () => (await client.status()).parked === 0);
  t.match(await command('pause'), { code: 0, out: /paused by/ });
  await sample(4);
  t.match(await client.status(), { pausedBy: 'admin-token', queued: 1, parked: 0 });
  t.match(await command('resume', '--json'), { code: 0 });
  await until('the last is there', () => api.taken.length === 4);
});

void t.test('switched off nothing is sent, and switched on not what was before', async (t) => {
  const api = await receiver(t);
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const off = await startKwota({ dataDir });
  t.teardown(() => off.kill());
  const before = await charge(off, 'GATE_01');
  await before.sample(1);
  t.match(await createForwardClient(accessTo(off, dataDir)).status(), { isOn: false, queued: 0 });
  await off.stop();
  const on = await forwardingKwota(t, dataDir, api);
  const after = await charge(on, 'GATE_02');
  await after.sample(2);
  await until('the new one is there', () => api.taken.length === 1);
  t.match(api.taken, [{ chargerName: 'GATE_02' }]);
});

void t.test('switched on without an address it does not start, and says what is missing', async (t) => {
  const { code, err } = await runKwotaToItsEnd({
    dataDir: makeDataDir(t, {}),
    env: { KWOTA_FORWARD_ENABLED: 'true' },
  });
  t.equal(code, 1);
  t.match(err, /^kwota: .*forward\.enabled needs forward\.url; .*KWOTA_FORWARD_URL/m);
});
