// A whole charge over a real socket: booted, authorised, charged past the quota, stopped, with the five files live all along.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readJson, readUsage } from './kit/data-folder.ts';
import { FAR_RESET_DAY } from './kit/far-reset-day.ts';
import { pollFiles } from './kit/file-poller.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS =
  'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,2,FALSE\nTAG2,Bob,Example,0,FALSE\n';

type Json = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

t.test('a charge is booked live and stopped when the quota is used up', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir, env: { KWOTA_QUOTA_RESET_DAY: `${FAR_RESET_DAY}` } });
  t.teardown(() => kwota.kill());
  const stopPolling = pollFiles(dataDir);
  // A server that has begun to listen may not have written them yet.
  const read = (name: string): Json => readJson(dataDir, name) ?? {};
  const fileSays = (what: string, check: () => boolean) => until(what, check);

  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP 1');
  const boot = await charger.boot();
  t.match(boot, { status: 'Accepted', interval: 60, currentTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ });
  await charger.call('StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError' });
  await fileSays(
    'the charger is there',
    () => read('charger_status.json')['CP 1']?.['status'] === 'Available',
  );
  t.match(read('charger_status.json')['CP 1'], {
    name: 'CP 1',
    brand: 'Kit',
    connector_id: 1,
    total_energy_delivered: 0,
  });

  t.same(await charger.call('Authorize', { idTag: 'TAG1' }), { idTagInfo: { status: 'Accepted' } });
  t.same(
    await charger.call('Authorize', { idTag: 'TAG2' }),
    { idTagInfo: { status: 'Blocked' } },
    'nothing left',
  );
  t.same(
    await charger.call('Authorize', { idTag: 'tag1' }),
    { idTagInfo: { status: 'Invalid' } },
    'to the letter',
  );

  const startedAt = new Date(Date.now() - 120_000);
  const started = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: 'TAG1',
    meterStart: 100_000,
    timestamp: startedAt.toISOString(),
  });
  const transactionId = started['transactionId'] as number;
  t.ok(Number.isInteger(transactionId) && transactionId > 0 && transactionId < 2 ** 31, 'a positive int32');
  t.same(started['idTagInfo'], { status: 'Accepted' });
  await fileSays('the session is shown', () => transactionId in read('active_transactions.json'));
  t.match(read('active_transactions.json')[transactionId], {
    id_tag: 'TAG1',
    start_meter: 100,
    last_meter: 100,
    full_name: 'Ada Example',
    charger_id: 'CP 1',
  });

  const sample = (wh: number, secondsAgo: number) =>
    charger.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [registerSample(wh, new Date(Date.now() - secondsAgo * 1000))],
    });
  t.same(await sample(101_500, 60), {});
  await fileSays('1.5 kWh are shown', () => readUsage(dataDir)['TAG1'] === 1.5);
  t.notOk(charger.hasReceived('RemoteStopTransaction'), 'it was not told to stop yet');

  await sample(102_100, 30);
  t.same(await charger.waitFor('RemoteStopTransaction'), { transactionId }, 'stopped by its id');
  t.same(await charger.call('Authorize', { idTag: 'TAG1' }), { idTagInfo: { status: 'Blocked' } });
  const stopped = await charger.call('StopTransaction', {
    transactionId,
    idTag: 'TAG1',
    meterStop: 102_130,
    timestamp: new Date().toISOString(),
    reason: 'Remote',
  });
  t.same(stopped, {});
  await fileSays('the session is over', () => !(transactionId in read('active_transactions.json')));
  await fileSays('2.13 kWh are shown', () => readUsage(dataDir)['TAG1'] === 2.13);
  await fileSays(
    'and on the charger',
    () => read('charger_status.json')['CP 1']?.['total_energy_delivered'] === 2.13,
  );
  const log = () => (readJson(dataDir, 'meter_data_log.json') ?? []) as unknown as readonly object[];
  await fileSays('both readings are in the log', () => log().length === 2);
  t.match(log(), [
    {
      userName: 'Ada Example',
      chargerName: 'CP 1',
      deliveredEnergy: 101.5,
      totalPower: null,
      frequency: null,
    },
    { ID: /^[0-9a-f]{12}$/, timestamp: /Z$/, deliveredEnergy: 102.1 },
  ]);

  await charger.close();
  await fileSays(
    'the charger is offline',
    () => read('charger_status.json')['CP 1']?.['status'] === 'Offline',
  );
  t.equal(await kwota.stop(), 0, 'SIGTERM ends it in order');
  const report = await stopPolling();
  t.same(report.broken, [], 'never half a file');
  t.equal(Object.keys(report.reads).length, 5, 'all five were read');
  t.equal(readFileSync(join(dataDir, 'users1.csv'), 'utf8'), USERS, 'users1.csv is as it was');
});

t.test('a raised quota takes the stop back, a blocked user is stopped', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir, env: { KWOTA_QUOTA_RESET_DAY: `${FAR_RESET_DAY}` } });
  t.teardown(() => kwota.kill());
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.boot();
  const started = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: 'TAG1',
    meterStart: 0,
    timestamp: new Date(Date.now() - 3_600_000).toISOString(),
  });
  const { transactionId } = started;
  await charger.call('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [registerSample(2000, new Date())],
  });
  await charger.waitFor('RemoteStopTransaction');
  writeFileSync(join(dataDir, 'users1.csv'), USERS.replace('Example,2,', 'Example,20,'));
  await until('the stop is taken back', () => kwota.log().includes('may go on'));
  t.same(await charger.call('Authorize', { idTag: 'TAG1' }), { idTagInfo: { status: 'Accepted' } });
  writeFileSync(join(dataDir, 'users1.csv'), 'id_tag,quota_kwh,blocked\nTAG1,20,TRUE\n');
  t.same(await charger.waitFor('RemoteStopTransaction'), { transactionId });
  t.equal(await kwota.stop(), 0);
});
