// How the server ends: in order by every signal that asks for it, with an error when it could not, and not by the wrong things.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

const USERS = 'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,100,FALSE\n';

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  void t.test(`${signal}: the files are brought up to date, then it ends with 0`, async (t) => {
    const dataDir = makeDataDir(t, { 'users1.csv': USERS });
    const kwota = await startKwota({ dataDir });
    const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
    const { transactionId } = await charger.call('StartTransaction', {
      connectorId: 1,
      idTag: 'TAG1',
      meterStart: 0,
      timestamp: new Date(Date.now() - 600_000).toISOString(),
    });
    const meterValue = [registerSample(900, new Date())];
    await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
    t.equal(await kwota.stop(signal), 0);
    const usage = JSON.parse(readFileSync(join(dataDir, 'energy_usage.json'), 'utf8')) as object;
    t.same(usage, { TAG1: 0.9 });
    t.match(kwota.log(), `stopping signal=${signal}`);
    t.match(kwota.log(), '[DATA] stopped');
  });
}

void t.test('a removed .kwota ends the server: nothing that it said could last', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir });
  rmSync(join(dataDir, '.kwota'), { recursive: true });
  t.equal(await kwota.ended(), 1);
  t.match(kwota.log(), /^kwota: .*kwota\.sqlite was removed.*put it back/m);
});

void t.test('a users1.csv that has lost all users is taken, with an alarm', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  await until('the users are read', () => kwota.log().includes('users read users=1'));
  writeFileSync(join(dataDir, 'users1.csv'), 'id_tag,quota_kwh\n');
  await until('the alarm', () => kwota.log().includes('has no users: every card is refused'));
  const health = (await (await fetch(`${kwota.apiUrl}/api/health`)).json()) as { problems: string[] };
  t.match(health.problems.join(), 'users1.csv has no users');
});
