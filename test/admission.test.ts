// Who may connect: unknown chargers under each rule, approving them, and forgetting one without losing what it charged.
import t, { type Test } from 'tap';
import { ApiClientError, createApiClient, requestJson } from '../src/api/client.ts';
import { createChargerAdminClient } from '../src/api/charger-admin-client.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { adminTokenOf, readUsage } from './kit/data-folder.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { OLD_CHARGER, oldFolder } from './kit/old-folder.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS = {
  'users1.csv': 'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,100,FALSE\n',
};

async function start(t: Test, dataDir: string, unknown: string, settings = '') {
  const yaml = `chargers: {unknown: ${unknown}, settings: {${settings}}}\n`;
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock: systemClock, yaml });
  t.teardown(() => kwota.stop());
  const access = { url: kwota.apiUrl, token: adminTokenOf(dataDir) };
  return {
    kwota,
    access,
    admin: createChargerAdminClient(access),
    connect: (id: string) => ChargePoint.connect(kwota.ocppUrl, id),
    alarms: async () => {
      const page = (await requestJson(access, 'alarms?limit=1000')) as { items: readonly { id: string }[] };
      return page.items.map(({ id }) => id);
    },
    admissions: async () =>
      Object.fromEntries(
        (await createApiClient(access).chargers()).map(({ id, admission }) => [id, admission]),
      ),
  };
}

/** `refused` by the code that the API gave, or the answer. */
async function codeOf(answer: Promise<void>): Promise<string> {
  return answer.then(
    () => 'done',
    (error: unknown) => (error instanceof ApiClientError ? error.code : String(error)),
  );
}

void t.test('by default whoever connects is let in, and marked as new until it is approved', async (t) => {
  const site = await start(t, makeDataDir(t, USERS), 'accept');
  const charger = await site.connect('CP1');
  t.match(await charger.boot(), { status: 'Accepted', interval: 60 });
  t.strictSame(await site.admissions(), { CP1: 'new' });
  await site.admin.approve('CP1', false);
  t.strictSame(await site.admissions(), { CP1: 'accepted' });
  t.match(site.kwota.log(), /charger approved charger=CP1 by=admin-token/);
});

void t.test(
  'a charger that waits is told so, is not configured, and what it charges is booked',
  async (t) => {
    const dataDir = makeDataDir(t, USERS);
    const site = await start(t, dataDir, 'pending');
    const charger = await site.connect('CP1');
    t.match(await charger.boot(), { status: 'Pending', interval: 60 });
    t.match(site.kwota.log(), /waits for approval charger=CP1 hint="?kwota chargers approve CP1/);
    const begun = await charger.call('StartTransaction', {
      ...{ connectorId: 1, idTag: 'TAG1', meterStart: 1000 },
      timestamp: new Date().toISOString(),
    });
    t.match(begun, { idTagInfo: { status: 'Accepted' } });
    const transactionId = begun['transactionId'];
    const meterValue = [registerSample(4000, new Date())];
    t.strictSame(await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue }), {});
    await until('3 kWh are on record', () => (readUsage(dataDir)['TAG1'] === 3 ? true : null));
    await site.admin.approve('CP1', false);
    t.strictSame(await charger.waitFor('TriggerMessage'), { requestedMessage: 'BootNotification' });
    t.match(await charger.boot(), { status: 'Accepted' });
    t.ok(await charger.waitFor('GetConfiguration'), 'now it is configured');
    t.strictSame(await site.admissions(), { CP1: 'accepted' });
  },
);

void t.test(
  'with reject only chargers that are known, configured or approved in advance connect',
  async (t) => {
    const dataDir = makeDataDir(t, USERS);
    const before = await start(t, dataDir, 'accept');
    await (await before.connect('KNOWN')).close();
    await before.kwota.stop();
    const site = await start(t, dataDir, 'reject', 'NAMED: {energyUnit: Wh}, "G*": {energyUnit: Wh}');
    await t.rejects(site.connect('STRANGER'), /404/);
    await t.rejects(site.connect('G1'), /404/, 'a pattern names nobody');
    t.notOk('STRANGER' in (await site.admissions()), 'it leaves nothing behind');
    for (const id of ['KNOWN', 'NAMED', 'named']) await (await site.connect(id)).close();
    const slip = { code: 'chargerUnknown', hint: /--in-advance/ };
    await t.rejects(site.admin.approve('STRANGER', false), slip, 'a slip of the pen is told');
    await site.admin.approve('STRANGER', true);
    t.match(await (await site.connect('STRANGER')).boot(), { status: 'Accepted' });
    t.strictSame(await site.admissions(), { KNOWN: 'new', NAMED: 'accepted', STRANGER: 'accepted' });
  },
);

void t.test('an id that no charger can have is not approved in advance, one on record is', async (t) => {
  const dataDir = makeDataDir(t, USERS);
  const open = await start(t, dataDir, 'accept');
  await (await open.connect('ocpp/ocpp/y')).close();
  await open.kwota.stop();
  const site = await start(t, dataDir, 'reject');
  for (const [id, known] of [
    ['SPACE ', 'SPACE'],
    ['/x/', 'x'],
    ['ocpp/z', 'z'],
    ['A//B', 'A/B'],
  ] as const) {
    const hint = `a charger that connects so is known as ${JSON.stringify(known)}`;
    await t.rejects(site.admin.approve(id, true), { code: 'badParameter', hint }, id);
  }
  for (const id of [' ', '/', 'CP\u0007', 'CP\u202e1']) {
    const hint = 'a charger that connects so is turned away';
    await t.rejects(site.admin.approve(id, true), { code: 'badParameter', hint }, JSON.stringify(id));
  }
  await site.admin.approve('ocpp/y', true);
  for (const id of ['A/B', 'C?1 #2', 'CP%zz']) {
    await site.admin.approve(id, true);
    await (await site.connect(id)).close();
  }
  t.strictSame(await site.admissions(), {
    ...{ 'ocpp/y': 'accepted', 'A/B': 'accepted', 'C?1 #2': 'accepted', 'CP%zz': 'accepted' },
  });
});

void t.test(
  'made-up ids do not fill the records: above chargers.maxKnown only known, named and approved ones connect',
  async (t) => {
    const dataDir = makeDataDir(t, USERS);
    const site = await start(t, dataDir, 'accept, maxKnown: 2', 'NAMED: {energyUnit: Wh}');
    for (const id of ['CP1', 'CP2']) await (await site.connect(id)).close();
    for (const id of ['MADEUP1', 'MADEUP2']) await t.rejects(site.connect(id), /503/);
    await until('the alarm says so', async () => (await site.alarms()).includes('chargers-full') || null);
    t.match(site.kwota.log(), /connection was refused.*chargers\.maxKnown.*approve ID --in-advance/);
    for (const id of ['CP2', 'cp1', 'NAMED']) await (await site.connect(id)).close();
    await site.admin.approve('CP3', true);
    await (await site.connect('CP3')).close();
    t.strictSame(Object.keys(await site.admissions()).sort(), ['CP1', 'CP2', 'CP3', 'NAMED']);
    for (const id of ['CP1', 'CP2', 'CP3']) {
      const gone = async () => ((await codeOf(site.admin.forget(id))) === 'done' ? true : null);
      await until('the server has noticed that it left', gone);
    }
    await (await site.connect('CP4')).close();
    await until('there is room again', async () => 'CP4' in (await site.admissions()) || null);
  },
);

void t.test(
  'a forgotten charger is gone over a restart, its energy stays, and it comes back as new',
  async (t) => {
    const dataDir = makeDataDir(t, USERS);
    const first = await start(t, dataDir, 'accept');
    const charger = await first.connect('CP1');
    await charger.boot();
    const timestamp = new Date().toISOString();
    const { transactionId } = await charger.call('StartTransaction', {
      ...{ connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp },
    });
    t.equal(await codeOf(first.admin.forget('CP1')), 'chargerConnected');
    await charger.close();
    const forget = async () => {
      const code = await codeOf(first.admin.forget('CP1'));
      return code === 'chargerConnected' ? null : code;
    };
    t.equal(await until('the server has noticed', forget), 'chargerCharging');
    const again = await first.connect('CP1');
    await again.call('StopTransaction', {
      transactionId,
      meterStop: 5000,
      timestamp: new Date().toISOString(),
    });
    await again.close();
    t.equal(await until('the server has noticed', forget), 'done');
    t.equal(await codeOf(first.admin.forget('CP1')), 'chargerUnknown', 'only once');
    t.strictSame(await first.admissions(), {});
    await first.kwota.stop();
    const second = await start(t, dataDir, 'accept');
    t.strictSame(await second.admissions(), {});
    t.equal(readUsage(dataDir)['TAG1'], 5);
    await (await second.connect('cp1')).boot();
    t.strictSame(Object.keys(await second.admissions()), ['cp1'], 'in the spelling that it has now');
  },
);

void t.test(
  'a charger on record stays that charger when it is approved or named in another case: its charge goes on',
  async (t) => {
    const dataDir = makeDataDir(t, USERS);
    const before = await start(t, dataDir, 'accept');
    const charger = await before.connect('garage');
    const at = () => new Date().toISOString();
    const { transactionId } = await charger.call('StartTransaction', {
      ...{ connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp: at() },
    });
    const told = (charger: ChargePoint, wh: number) =>
      charger.call('MeterValues', {
        ...{ connectorId: 1, transactionId, meterValue: [registerSample(wh, new Date())] },
      });
    await told(charger, 1000);
    t.match(await before.admin.approve('GARAGE', true), { id: 'garage' }, 'told as it is on record');
    await charger.close();
    const approved = await before.connect('garage');
    await told(approved, 2000);
    await approved.close();
    await before.kwota.stop();
    const site = await start(t, dataDir, 'accept', 'Garage: {energyUnit: Wh, maxPowerKw: 22}');
    const named = await site.connect('GARAGE');
    await told(named, 2500);
    await named.call('StopTransaction', { transactionId, meterStop: 3000, timestamp: at() });
    t.strictSame(await site.admissions(), { garage: 'accepted' });
    await until('all of it is on record', () => (readUsage(dataDir)['TAG1'] === 3 ? true : null));
    t.strictSame(readUsage(dataDir), { TAG1: 3 });
  },
);

void t.test('the password of a charger stays when it is approved or named in another case', async (t) => {
  const dataDir = makeDataDir(t, USERS);
  const before = await start(t, dataDir, 'accept');
  const charger = await before.connect('garage');
  await charger.boot();
  await charger.close();
  await requestJson(before.access, 'chargers/garage/password', {
    method: 'PUT',
    body: { password: 'correct-horse-battery' },
  });
  await before.admin.approve('Garage', true);
  await t.rejects(before.connect('garage'), /401/);
  await before.kwota.stop();
  const site = await start(t, dataDir, 'accept', 'GARAGE: {energyUnit: Wh}');
  for (const id of ['garage', 'GARAGE', 'Garage']) await t.rejects(site.connect(id), /401/, id);
});

void t.test('a charger in mid-charge that was taken over connects, however many are on record', async (t) => {
  const now = new Date().toISOString();
  const files = { ...oldFolder({ startedAt: now, writtenAt: now }), 'charger_status.json': '{}' };
  const site = await start(t, makeDataDir(t, files), 'accept, maxKnown: 1');
  await (await site.connect('FIRST')).close();
  await t.rejects(site.connect('SECOND'), /503/);
  t.match(await (await site.connect(OLD_CHARGER)).boot(), { status: 'Accepted' });
});
