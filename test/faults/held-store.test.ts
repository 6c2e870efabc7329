// A store that takes nothing for a while, since another program holds it or its disk does: nothing is acknowledged meanwhile,
// what needs no disk is answered at once, everybody is told, and it ends by itself.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { ChargePoint, registerSample } from '../kit/charge-point.ts';
import { makeDataDir } from '../kit/data-dir.ts';
import { readUsage } from '../kit/data-folder.ts';
import { DAYTIME_ZONE } from '../kit/daytime-zone.ts';
import { readHealth } from '../kit/health.ts';
import { startKwota } from '../kit/kwota-process.ts';
import { readRunningStore } from '../kit/stored-truth.ts';
import { until } from '../kit/until.ts';

/** No heartbeat waits for the disk; the bound is for a busy machine, the hold lasts until it is released. */
const AT_ONCE_MS = 15_000;

async function charging(t: Test) {
  const dataDir = makeDataDir(t, { 'users1.csv': 'id_tag,quota_kwh\nTAG1,1000\nTAG2,1000\n' });
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  t.teardown(() => kwota.kill());
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.boot();
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp: new Date().toISOString() };
  const { transactionId } = await charger.call('StartTransaction', start);
  const sample = (wh: number) => {
    const meterValue = [registerSample(wh, new Date())];
    return charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  };
  return { dataDir, kwota, sample };
}

/** Writers of other programs are kept out, as by a copy tool that locks; the server's readers are not. */
function hold(dataDir: string): () => void {
  const db = new DatabaseSync(join(dataDir, '.kwota', 'kwota.sqlite'), { timeout: 30_000 });
  db.exec('BEGIN IMMEDIATE');
  return () => {
    db.exec('ROLLBACK');
    db.close();
  };
}

void t.test(
  'a store that is held up: nothing is acknowledged, others do not wait, and it ends by itself',
  async (t) => {
    const { dataDir, kwota, sample } = await charging(t);
    const release = hold(dataDir);
    let isAcknowledged = false;
    const answered = sample(500).then(() => (isAcknowledged = true));
    const other = await ChargePoint.connect(kwota.ocppUrl, 'CP2');
    const askedMs = performance.now();
    await other.call('Heartbeat');
    await other.call('Authorize', { idTag: 'TAG2' });
    t.ok(performance.now() - askedMs < AT_ONCE_MS, 'others are answered');
    await until('health says so', async () => (await readHealth(kwota.apiUrl)).status === 'degraded');
    t.match((await readHealth(kwota.apiUrl)).problems, [/^nothing can be stored: database is locked/]);
    const alarm = /WARN .*nothing can be stored: database is locked.* alarm=store/;
    await until('the alarm in the log', () => alarm.test(kwota.log()));
    t.equal(isAcknowledged, false);
    t.not(readUsage(dataDir)['TAG1'], 0.5, 'nothing is shown that is not on disk');
    release();
    await answered;
    await until('health is well again', async () => (await readHealth(kwota.apiUrl)).status === 'ok');
    await until('its end in the log', () => kwota.log().includes('alarm is over alarm=store'));
    t.match(readRunningStore(dataDir).readings.at(-1), { registerWh: 500 });
    await until('and it is shown', () => readUsage(dataDir)['TAG1'] === 0.5);
    t.equal(await kwota.stop(), 0);
  },
);

void t.test('stopped meanwhile, it ends in time and says what it could not store', async (t) => {
  const { dataDir, kwota, sample } = await charging(t);
  const release = hold(dataDir);
  t.teardown(release);
  const answered = sample(500);
  const outcome = answered.then(
    () => 'acknowledged',
    () => 'not acknowledged',
  );
  await until('health says so', async () => (await readHealth(kwota.apiUrl)).status === 'degraded');
  t.equal(await kwota.stop(), 1);
  t.equal(await outcome, 'not acknowledged');
  t.match(kwota.log(), /not written before the store was closed|not everything could be closed in time/);
});
