// config.yaml changes while the server runs: what may count at once does, what is wrong is an alarm, and nothing stops.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { requestJson } from '../src/api/client.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readHealth } from './kit/health.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

void t.test('a change of config.yaml is taken over, or told to be none', async (t) => {
  const folder = makeDataDir(t, { 'users1.csv': 'id_tag,quota_kwh\n04A1,100\n' });
  const path = join(folder, 'site.yaml');
  const write = (text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  write('log: {level: info}\n');
  const kwota = await startKwota({ dataDir: folder, args: ['--config', path] });
  t.teardown(() => kwota.kill());
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.boot();
  const statusOf = async (idTag: string) =>
    ((await charger.call('Authorize', { idTag })) as { idTagInfo: { status: string } }).idTagInfo.status;
  t.equal(await statusOf('STRANGER'), 'Invalid');
  t.notMatch(kwota.log(), /taken over from the configuration/, 'the first reading is no change');

  write('log: {level: debug}\nquota: {unknownTags: accept}\nocpp: {heartbeatInterval: 10}\n');
  await until('it is taken over', () => kwota.log().includes('taken over from the configuration'));
  t.match(kwota.log(), /INFO +\[DATA\] taken over .* keys="quota.unknownTags, log.level"/);
  t.match(kwota.log(), /WARN +\[DATA\] waits for the next start keys=ocpp.heartbeatInterval/);
  t.equal(await statusOf('STRANGER'), 'Accepted');
  await until('debug is on', async () => {
    await charger.call('Heartbeat');
    return kwota.log().includes('DEBUG');
  });

  write('log: {level: debug}\nquota: {unknownTags: maybe}\n');
  const problems = async () => (await readHealth(kwota.apiUrl)).problems.join('\n');
  await until('health says it', async () => (await problems()).includes('site.yaml:2:22: quota.unknownTags'));
  t.equal(await statusOf('STRANGER'), 'Accepted', 'as it was');
  rmSync(path);
  await until('it is gone', async () => (await problems()).includes('site.yaml is gone'));
  t.equal(await statusOf('STRANGER'), 'Accepted', 'as it was');

  write('log: {level: info}\nchargers: {settings: {CP1: {energyUnit: kWh}}}\n');
  await until('health is well again', async () => (await problems()) === '');
  t.equal(await statusOf('STRANGER'), 'Invalid');
  const startedMs = Date.now() - 600_000;
  const start = {
    connectorId: 1,
    idTag: '04A1',
    meterStart: 0,
    timestamp: new Date(startedMs).toISOString(),
  };
  const { transactionId } = await charger.call('StartTransaction', start);
  const unlabelled = registerSample(2, new Date());
  const sampledValue = [{ value: '2', measurand: 'Energy.Active.Import.Register' }];
  const meterValue = [{ ...unlabelled, sampledValue }];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  const readings = async () => {
    const token = readFileSync(join(folder, '.kwota/admin-token'), 'utf8').trim();
    const page = await requestJson({ url: kwota.apiUrl, token }, 'readings');
    return (page as { items: { registerWh: number }[] }).items.at(0)?.registerWh;
  };
  t.equal(await readings(), 2000, 'a setting of the charger counts from its next message on');
  t.equal(await kwota.stop(), 0);
});
