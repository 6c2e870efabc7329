// users1.csv is edited by people and programs while chargers charge: a good change holds at once, a bad one changes nothing.
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readJson } from './kit/data-folder.ts';
import { readHealth } from './kit/health.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { startKwota } from './kit/kwota-process.ts';
import { createSettableClock } from './kit/settable-clock.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS =
  'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,One,20,FALSE\nTAG2,Bob,Two,20,FALSE\n';
const NOW = '2026-11-20T10:00:00Z';
/** A change is picked up within 2 s (product contract); the rest is for a busy machine. */
const PICKED_UP_WITHIN_MS = 60_000;

const users = (dataDir: string) => join(dataDir, 'users1.csv');
const startSite = async (t: Test, dataDir: string, yaml = '') => {
  const clock = createSettableClock(NOW);
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'Europe/Istanbul', clock, yaml });
  t.teardown(() => kwota.stop());
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  t.teardown(() => charger.close());
  await charger.boot();
  return { kwota, charger };
};
const problemsOf = async (apiUrl: string) => (await readHealth(apiUrl)).problems.join('\n');
const untilProblem = (apiUrl: string, problem: RegExp) =>
  until(
    `health says ${String(problem)}`,
    async () => problem.test(await problemsOf(apiUrl)),
    PICKED_UP_WITHIN_MS,
  );
const untilWell = (apiUrl: string) =>
  until('health is well', async () => (await problemsOf(apiUrl)) === '', PICKED_UP_WITHIN_MS);
const statusOf = async (charger: ChargePoint, idTag: string) => {
  const { idTagInfo } = await charger.call('Authorize', { idTag });
  return (idTagInfo as { status: string }).status;
};
const untilStatus = (charger: ChargePoint, idTag: string, status: string) =>
  until(
    `${idTag} is ${status}`,
    async () => (await statusOf(charger, idTag)) === status,
    PICKED_UP_WITHIN_MS,
  );
const start = async (charger: ChargePoint, idTag: string) => {
  const timestamp = '2026-11-20T09:00:00Z';
  const { transactionId } = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag,
    meterStart: 0,
    timestamp,
  });
  const sample = (wh: number) =>
    charger.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [registerSample(wh, new Date(NOW))],
    });
  return { transactionId, sample };
};

t.test('a file cut in half while running: an alarm, the users stay, the charge goes on', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.boot();
  const timestamp = new Date(Date.now() - 3_600_000).toISOString();
  const started = { connectorId: 1, idTag: 'TAG2', meterStart: 0, timestamp };
  const { transactionId } = await charger.call('StartTransaction', started);
  const halves = [USERS.slice(0, USERS.length - 9), USERS.slice(0, 60), USERS.slice(0, 20), ''];
  for (const half of halves) {
    writeFileSync(users(dataDir), half);
    await untilProblem(kwota.apiUrl, /users1\.csv.*the users last read stay in force/);
    const taken = () => kwota.log().split('the users last read stay in force').length - 1;
    await until('this half was looked at', () => taken() > halves.indexOf(half), PICKED_UP_WITHIN_MS);
    t.equal(await statusOf(charger, 'TAG1'), 'Accepted', JSON.stringify(half));
    t.equal(await statusOf(charger, 'TAG2'), 'Accepted');
    t.equal(readFileSync(users(dataDir), 'utf8'), half, 'kwota does not touch it');
  }
  const meterValue = [registerSample(5_000, new Date())];
  t.same(await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue }), {});
  t.notOk(charger.hasReceived('RemoteStopTransaction'), 'no stop was sent');
  t.match(await readHealth(kwota.apiUrl), { status: 'degraded', sessionsRunning: 1 });

  await kwota.kill();
  const again = await startKwota({ dataDir });
  t.teardown(() => again.kill());
  await untilProblem(again.apiUrl, /users1\.csv/);
  const back = await ChargePoint.connect(again.ocppUrl, 'CP1');
  t.equal(await statusOf(back, 'TAG1'), 'Accepted', 'a restart knows the last good users');
  t.equal(await statusOf(back, 'TAG9'), 'Invalid');
  writeFileSync(users(dataDir), `${USERS}TAG9,Eve,Nine,5,FALSE\n`);
  await untilStatus(back, 'TAG9', 'Accepted');
  await untilWell(again.apiUrl);
  t.equal(await again.stop(), 0);
});

t.test('a bad row is named with its line and skipped; the rest holds', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  // By the samples alone: at this speed a forecast would stop it before.
  const { kwota, charger } = await startSite(t, dataDir, 'quota: {predictive: false}\n');
  const { transactionId, sample } = await start(charger, 'TAG2');
  await sample(1_000);
  writeFileSync(
    users(dataDir),
    USERS.replace('TAG2,Bob,Two,20', 'TAG2,Bob,Two,a lot') + 'TAG3,Cy,Three,1,FALSE\n',
  );
  await untilProblem(kwota.apiUrl, /users1\.csv: 1 row skipped, in line 3/);
  t.match(kwota.log(), /WARN .*users1\.csv:3: /);
  t.equal(await statusOf(charger, 'TAG3'), 'Accepted', 'the new row holds');
  t.equal(await statusOf(charger, 'TAG2'), 'Invalid', 'who is not known may not start');
  await sample(19_999);
  t.notOk(charger.hasReceived('RemoteStopTransaction'), 'but the charge goes on');
  await sample(20_000);
  t.same(await charger.waitFor('RemoteStopTransaction'), { transactionId }, 'up to the quota last known');
  writeFileSync(users(dataDir), USERS);
  await untilWell(kwota.apiUrl);
});

t.test('a changed quota holds within seconds, for who starts and for who charges', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const { charger } = await startSite(t, dataDir);
  const { transactionId, sample } = await start(charger, 'TAG1');
  await sample(3_000);
  writeFileSync(users(dataDir), USERS.replace('Ada,One,20', 'Ada,One,3'));
  t.same(await charger.waitFor('RemoteStopTransaction', PICKED_UP_WITHIN_MS), { transactionId });
  t.equal(await statusOf(charger, 'TAG1'), 'Blocked');
  // As most editors do it: a new file in the place of the old one.
  writeFileSync(`${users(dataDir)}.new`, USERS.replace('Ada,One,20', 'Ada,Uno,3.001'));
  renameSync(`${users(dataDir)}.new`, users(dataDir));
  await untilStatus(charger, 'TAG1', 'Accepted');
  const shown = () => readJson(dataDir, 'active_transactions.json')?.[String(transactionId)]?.['full_name'];
  await until('the new name is shown', () => shown() === 'Ada Uno');
});

t.test('a file that is gone or a folder is an alarm that ends when the same file is back', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const { kwota, charger } = await startSite(t, dataDir);
  rmSync(users(dataDir));
  await untilProblem(kwota.apiUrl, /users1\.csv is gone/);
  t.equal(await statusOf(charger, 'TAG1'), 'Accepted');
  writeFileSync(users(dataDir), USERS);
  await untilWell(kwota.apiUrl);
  renameSync(users(dataDir), `${users(dataDir)}.aside`);
  mkdirSync(users(dataDir));
  await untilProblem(kwota.apiUrl, /users1\.csv: .*not a file/);
  t.equal(await statusOf(charger, 'TAG1'), 'Accepted');
  rmdirSync(users(dataDir));
  renameSync(`${users(dataDir)}.aside`, users(dataDir));
  await untilWell(kwota.apiUrl);
});

t.test('when the copy of the last good users cannot be written, that is an alarm until it can', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const { kwota, charger } = await startSite(t, dataDir);
  const copy = join(dataDir, '.kwota', 'users1.last-good.csv');
  t.equal(readFileSync(copy, 'utf8'), USERS);
  rmSync(copy);
  mkdirSync(copy);
  const changed = `${USERS}TAG3,Cy,Three,1,FALSE\n`;
  writeFileSync(users(dataDir), changed);
  await untilStatus(charger, 'TAG3', 'Accepted');
  await untilProblem(kwota.apiUrl, /users1\.csv: .*last-good/);
  rmdirSync(copy);
  await untilWell(kwota.apiUrl);
  t.equal(readFileSync(copy, 'utf8'), changed);
});

t.test('a first start with a file that cannot be taken runs, knows nobody and says why', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': 'name,quota_kwh\nAda,20\n' });
  const { kwota, charger } = await startSite(t, dataDir);
  await untilProblem(kwota.apiUrl, /users1\.csv:1: .*id_tag/);
  t.equal(await statusOf(charger, 'TAG1'), 'Invalid');
  writeFileSync(users(dataDir), USERS);
  await untilStatus(charger, 'TAG1', 'Accepted');
  await untilWell(kwota.apiUrl);
});
