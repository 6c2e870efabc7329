// A data folder that may only be read, as after a file system error or on a locked card: kwota says so and does not start; shared files
// that cannot be replaced are an alarm, and charging goes on. Linux only, where the machine lets a test mount.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { ChargePoint, registerSample } from '../kit/charge-point.ts';
import { COMPILE_CACHE } from '../kit/compile-cache.ts';
import { makeDataDir } from '../kit/data-dir.ts';
import { DAYTIME_ZONE } from '../kit/daytime-zone.ts';
import { readJson, readUsage } from '../kit/data-folder.ts';
import { readHealth } from '../kit/health.ts';
import { startKwota } from '../kit/kwota-process.ts';
import { until } from '../kit/until.ts';

const ENTRY = fileURLToPath(new URL('../../bin/kwota.ts', import.meta.url));
const USERS = 'id_tag,quota_kwh\nTAG1,1000\n';
const FLAGS = ['--ocpp-host', '127.0.0.1', '--ocpp-port', '0', '--api-port', '0'];
const READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"';
const canMount = spawnSync('unshare', ['-m', 'true']).status === 0;

if (canMount) {
  void t.test(
    'a folder with a store that may only be read is said at the start, and left as it is',
    async (t) => {
      const dataDir = makeDataDir(t, { 'users1.csv': USERS });
      const kwota = await startKwota({ dataDir });
      t.equal(await kwota.stop(), 0);
      const serve = [process.execPath, ENTRY, 'serve', '--data', dataDir, ...FLAGS];
      const { status, stderr } = spawnSync(
        'unshare',
        ['-m', 'sh', '-c', READ_ONLY, 'sh', dataDir, ...serve],
        {
          cwd: '/',
          env: { TZ: 'UTC', PATH: process.env['PATH'], ...COMPILE_CACHE },
          encoding: 'utf8',
          timeout: 60_000,
        },
      );
      t.equal(status, 1);
      const said = stderr.split('\n').filter((line) => line.startsWith('kwota: '));
      t.match(said, [/cannot be used: EROFS: .*; check that the data folder may be written/]);
      t.equal(said.length, 1, stderr);
      const again = await startKwota({ dataDir });
      t.equal(await again.stop(), 0, 'writable again, it starts');
    },
  );
}

void t.test('a shared file that cannot be replaced is an alarm until it can; charging goes on', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  t.teardown(() => kwota.kill());
  const path = join(dataDir, 'charger_status.json');
  await until('it is written', () => readJson(dataDir, 'charger_status.json') !== undefined);
  rmSync(path);
  mkdirSync(path);
  writeFileSync(join(path, 'in-the-way'), '');
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.boot();
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp: new Date().toISOString() };
  const { transactionId } = await charger.call('StartTransaction', start);
  const meterValue = [registerSample(300, new Date())];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  await until('the other files go on', () => readUsage(dataDir)['TAG1'] === 0.3);
  await until('health says so', async () => (await readHealth(kwota.apiUrl)).status === 'degraded');
  t.match((await readHealth(kwota.apiUrl)).problems, [/^charger_status\.json: /]);
  await until('the log as well', () => kwota.log().includes('alarm=shared-files'));
  rmSync(join(path, 'in-the-way'));
  rmdirSync(path);
  await until('health is well again', async () => (await readHealth(kwota.apiUrl)).status === 'ok');
  await until('it is there', () => readJson(dataDir, 'charger_status.json')?.['CP1'] !== undefined);
  t.equal(await kwota.stop(), 0);
});
