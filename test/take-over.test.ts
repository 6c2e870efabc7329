// kwota takes over in the middle of a charge from the files of the old stack: nobody's usage is lost, and nothing counts twice.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readJson, readUsage, whByDay } from './kit/data-folder.ts';
import { killStartWhen } from './kit/interrupted-start.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { startKwota } from './kit/kwota-process.ts';
import { OLD_CHARGER, OLD_FILES, OLD_TRANSACTION, oldFolder } from './kit/old-folder.ts';
import { createSettableClock } from './kit/settable-clock.ts';
import { readDeadStore, readRunningStore } from './kit/stored-truth.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const timeZone = 'Europe/Istanbul';
const STARTED = '2026-11-20T09:00:00Z';
const WRITTEN = '2026-11-20T10:00:00Z';
const NOW = '2026-11-20T10:05:00Z';
const FOLDER = oldFolder({ startedAt: STARTED, writtenAt: WRITTEN });

const activeIn = (dataDir: string) => readJson(dataDir, 'active_transactions.json') ?? {};
const statusIn = (dataDir: string) => readJson(dataDir, 'charger_status.json')?.[OLD_CHARGER] ?? {};
const textIn = (dataDir: string, name: string) => readFileSync(join(dataDir, name), 'utf8');
/** The first content that is kwota's own says how every connector does. */
const untilPublished = (dataDir: string) =>
  until('kwota has published', () => {
    const isOwn = OLD_FILES.every((name) => {
      const text = existsSync(join(dataDir, name)) ? textIn(dataDir, name) : '';
      return text !== FOLDER[name] && text.endsWith('\n');
    });
    return isOwn;
  });

t.test('the transaction under way goes on where the old stack left it, and ends right', async (t) => {
  const dataDir = makeDataDir(t, FOLDER);
  const clock = createSettableClock(NOW);
  const first = await startKwotaInProcess({ dataDir, timeZone, clock });
  t.teardown(() => first.stop());
  t.match(first.log(), /\[DATA\] took over from the old files users=2 sessions=1 chargers=1 readings=1/);
  await untilPublished(dataDir);
  t.same(readUsage(dataDir), { RFID001: 85.512, RFID002: 3, RFID003: 0 }, 'the usage is what it was');
  t.match(activeIn(dataDir), {
    [OLD_TRANSACTION]: {
      id_tag: 'RFID001',
      start_meter: 85.5,
      start_time: STARTED,
      last_meter: 88.2,
      full_name: 'John Doe',
      charger_id: OLD_CHARGER,
    },
  });
  t.match(statusIn(dataDir), { brand: 'LIVOLTEK', status: 'Offline', total_energy_delivered: 1523.5 });
  t.match(readJson(dataDir, 'meter_data_log.json'), [{ ID: 'abc123def456', deliveredEnergy: 88.2 }]);
  for (const name of OLD_FILES)
    t.equal(textIn(dataDir, `${name}.before-kwota`), FOLDER[name], `${name} was kept`);
  t.equal(textIn(dataDir, 'users1.csv'), FOLDER['users1.csv'], 'users1.csv is as it was');

  const charger = await ChargePoint.connect(first.ocppUrl, OLD_CHARGER);
  await charger.boot();
  const sample = (wh: number) =>
    charger.call('MeterValues', {
      connectorId: 1,
      transactionId: OLD_TRANSACTION,
      meterValue: [registerSample(wh, new Date(clock.now()))],
    });
  await sample(88_200);
  await sample(90_000);
  await until('1.8 kWh above last_meter count', () => readUsage(dataDir)['RFID001'] === 87.312);
  await charger.close();
  await first.stop();

  const second = await startKwotaInProcess({ dataDir, timeZone, clock });
  t.teardown(() => second.stop());
  t.notMatch(second.log(), /took over/, 'a second start takes nothing over');
  t.equal(activeIn(dataDir)[OLD_TRANSACTION]?.['last_meter'], 90);
  const again = await ChargePoint.connect(second.ocppUrl, OLD_CHARGER);
  t.teardown(() => again.close());
  clock.set('2026-11-20T10:20:00Z');
  const stop = {
    transactionId: OLD_TRANSACTION,
    idTag: 'RFID001',
    meterStop: 91_000,
    timestamp: '2026-11-20T10:20:00Z',
  };
  t.same(await again.call('StopTransaction', stop), {});
  t.same(await again.call('StopTransaction', stop), {}, 'and a repetition changes nothing');
  await until('it is over', () => Object.keys(activeIn(dataDir)).length === 0);
  await until('2.8 kWh in all', () => readUsage(dataDir)['RFID001'] === 88.312);
  await until('also on the charger', () => statusIn(dataDir)['total_energy_delivered'] === 1526.3);
  const { sessions, entries } = readRunningStore(dataDir);
  t.match(sessions, [{ transactionId: OLD_TRANSACTION, end: { evidence: 'meterStop' } }]);
  t.equal(sessions.length, 1);
  t.same(whByDay(sessions, 'RFID001'), { '2026-11-20': 2_800 });
  t.match(entries, [{ type: 'openingBalance' }, { type: 'openingBalance' }]);
  t.equal(entries.length, 2, 'neither the old file nor our own was taken for an edit');
  for (const name of OLD_FILES) {
    t.equal(textIn(dataDir, `${name}.before-kwota`), FOLDER[name], `the copy of ${name} was not overwritten`);
  }
});

t.test('after a month end the old usage stays in its month, and the energy since is divided', async (t) => {
  const startedAt = '2026-11-30T20:00:00Z';
  const dataDir = makeDataDir(t, oldFolder({ startedAt, writtenAt: '2026-11-30T20:30:00Z' }));
  const clock = createSettableClock('2026-11-30T21:30:00Z');
  const kwota = await startKwotaInProcess({ dataDir, timeZone, clock });
  t.teardown(() => kwota.stop());
  await untilPublished(dataDir);
  t.same(readUsage(dataDir), { RFID001: 0, RFID002: 0, RFID003: 0 }, 'December starts at 0');
  const charger = await ChargePoint.connect(kwota.ocppUrl, OLD_CHARGER);
  t.teardown(() => charger.close());
  const stop = { transactionId: OLD_TRANSACTION, meterStop: 91_200, timestamp: '2026-11-30T21:30:00Z' };
  t.same(await charger.call('StopTransaction', stop), {});
  await until('half of 3 kWh is of December', () => readUsage(dataDir)['RFID001'] === 1.5);
  const { sessions, entries } = readRunningStore(dataDir);
  t.same(whByDay(sessions, 'RFID001'), { '2026-11-30': 1_500, '2026-12-01': 1_500 });
  t.match(entries, [
    { idTag: 'RFID001', month: '2026-11', wh: 85_512 },
    { idTag: 'RFID002', month: '2026-11', wh: 3_000 },
  ]);
  t.equal(entries.length, 2);
});

t.test('the quota counts what the old stack had counted', async (t) => {
  const usage = '{"RFID001": 149.5, "RFID002": 20, "RFID003": 999}';
  const dataDir = makeDataDir(t, { ...FOLDER, 'energy_usage.json': usage });
  const kwota = await startKwotaInProcess({ dataDir, timeZone, clock: createSettableClock(NOW) });
  t.teardown(() => kwota.stop());
  const charger = await ChargePoint.connect(kwota.ocppUrl, OLD_CHARGER);
  t.teardown(() => charger.close());
  await charger.boot();
  t.same(await charger.call('Authorize', { idTag: 'RFID002' }), { idTagInfo: { status: 'Blocked' } });
  t.same(await charger.call('Authorize', { idTag: 'RFID003' }), { idTagInfo: { status: 'Accepted' } });
  const meterValue = [registerSample(88_700, new Date(NOW))];
  await charger.call('MeterValues', { connectorId: 1, transactionId: OLD_TRANSACTION, meterValue });
  t.same(await charger.waitFor('RemoteStopTransaction'), { transactionId: OLD_TRANSACTION }, 'by the old id');
});

t.test('when the old transaction was never stopped, the next start tells what flowed', async (t) => {
  const dataDir = makeDataDir(t, FOLDER);
  const kwota = await startKwotaInProcess({ dataDir, timeZone, clock: createSettableClock(NOW) });
  t.teardown(() => kwota.stop());
  const charger = await ChargePoint.connect(kwota.ocppUrl, OLD_CHARGER);
  t.teardown(() => charger.close());
  const start = { connectorId: 1, idTag: 'RFID002', meterStart: 89_000, timestamp: NOW };
  const { transactionId } = await charger.call('StartTransaction', start);
  t.not(transactionId, OLD_TRANSACTION);
  await until(
    'the new one alone is open',
    () => Object.keys(activeIn(dataDir)).join() === String(transactionId),
  );
  const gapWasBooked = () => readUsage(dataDir)['RFID001'] === 86.312;
  await until('the gap of 0.8 kWh is booked on the one who left it', gapWasBooked);
});

const BROKEN = { 'half a file': '{"RFID001": 85.5', 'no content': '', 'another kind of JSON': '"RFID001"' };

for (const name of OLD_FILES) {
  for (const [how, text] of [...Object.entries(BROKEN), ['no such file', null] as const]) {
    t.test(`${name}: ${how} is said, and the rest is taken over`, async (t) => {
      const dataDir = makeDataDir(t, FOLDER);
      if (text === null) rmSync(join(dataDir, name));
      else writeFileSync(join(dataDir, name), text);
      const kwota = await startKwotaInProcess({ dataDir, timeZone, clock: createSettableClock(NOW) });
      t.teardown(() => kwota.stop());
      if (text !== null) t.match(kwota.log(), new RegExp(`WARN .*${name}`));
      const has = (other: (typeof OLD_FILES)[number]) => other !== name;
      await untilPublished(dataDir);
      const { sessions, entries } = readRunningStore(dataDir);
      t.equal(entries.length, has('energy_usage.json') ? 2 : 0);
      t.equal(sessions.length, has('active_transactions.json') ? 1 : 0);
      t.equal(readUsage(dataDir)['RFID001'], has('energy_usage.json') ? 85.512 : 0);
      t.equal(statusIn(dataDir)['brand'], has('charger_status.json') ? 'LIVOLTEK' : undefined);
      const log = JSON.parse(textIn(dataDir, 'meter_data_log.json')) as unknown[];
      t.equal(log.length, has('meter_data_log.json') ? 1 : 0);
      if (text !== null) t.equal(textIn(dataDir, `${name}.before-kwota`), text, 'what was there is kept');
    });
  }
}

t.test('rows that make no sense are said and left out, the others count', async (t) => {
  const dataDir = makeDataDir(t, {
    ...FOLDER,
    'energy_usage.json': '{"RFID001": "12.5", "RFID002": -3, "RFID003": null, "": 4, "RFID004": 1e400}',
    'active_transactions.json':
      '{"0": {"id_tag": "RFID001", "charger_id": "A", "start_meter": 1}, "7": {"id_tag": "RFID001"}, "8": null}',
  });
  const kwota = await startKwotaInProcess({ dataDir, timeZone, clock: createSettableClock(NOW) });
  t.teardown(() => kwota.stop());
  await untilPublished(dataDir);
  t.equal(readUsage(dataDir)['RFID001'], 12.5, 'kWh as text are kWh');
  t.equal(readRunningStore(dataDir).entries.length, 1);
  t.equal(readRunningStore(dataDir).sessions.length, 0);
  for (const what of ['RFID002', 'RFID003', 'RFID004', ': 0 is', ': 7 is', ': 8 is']) {
    t.match(kwota.log(), new RegExp(`WARN .*left out of the take-over.*${what}`));
  }
});

t.test('an empty folder gets an empty users file and takes nothing over', async (t) => {
  const dataDir = makeDataDir(t, {});
  const kwota = await startKwotaInProcess({ dataDir, timeZone, clock: createSettableClock(NOW) });
  t.teardown(() => kwota.stop());
  t.equal(textIn(dataDir, 'users1.csv'), 'id_tag,header name,surname,quota_kwh,unlimited\n');
  await untilPublished(dataDir);
  t.same(readUsage(dataDir), {});
  t.notMatch(kwota.log(), /took over|WARN/);
  t.notOk(existsSync(join(dataDir, 'energy_usage.json.before-kwota')));
});

t.test('a server killed at any moment of its first start takes over once', async (t) => {
  const startedAt = new Date(Date.now() - 600_000).toISOString();
  const writtenAt = new Date().toISOString();
  const folder = oldFolder({ startedAt, writtenAt });
  const dataDir = makeDataDir(t, folder);
  const has = (name: string) => existsSync(join(dataDir, name));
  await killStartWhen(dataDir, () => has('.kwota/kwota.sqlite'));
  await killStartWhen(dataDir, () => has('energy_usage.json.before-kwota'));
  await killStartWhen(dataDir, () => has('meter_data_log.json.before-kwota'));
  await killStartWhen(dataDir, () => has('.kwota/admin-token'));
  const first = await startKwota({ dataDir });
  await first.kill();
  const second = await startKwota({ dataDir });
  t.teardown(() => second.kill());
  await until(
    'its own files are there',
    () => textIn(dataDir, 'energy_usage.json') !== folder['energy_usage.json'],
  );
  t.same(readUsage(dataDir), { RFID001: 85.512, RFID002: 3, RFID003: 0 });
  t.equal(activeIn(dataDir)[OLD_TRANSACTION]?.['last_meter'], 88.2);
  t.equal(await second.stop(), 0);
  const { sessions, entries, readings } = readDeadStore(dataDir);
  t.same([sessions.length, entries.length, readings.length], [1, 2, 1]);
  for (const name of OLD_FILES) t.equal(textIn(dataDir, `${name}.before-kwota`), folder[name]);
});
