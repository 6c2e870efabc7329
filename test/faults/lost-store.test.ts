// A store that is damaged, empty or gone: kwota does not start on it, takes nothing over for a second time, and names the backup to put back.
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { makeBackup } from '../../src/backup/backup.ts';
import { backupFolder, backupOfDay } from '../../src/backup/kept-backups.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { beginCharge } from '../kit/begun-charge.ts';
import { ChargePoint } from '../kit/charge-point.ts';
import { makeDataDir } from '../kit/data-dir.ts';
import { DAYTIME_ZONE } from '../kit/daytime-zone.ts';
import { readUsage } from '../kit/data-folder.ts';
import { readHealth } from '../kit/health.ts';
import { runCommand } from '../kit/kwota-command.ts';
import { runKwotaToItsEnd, startKwota } from '../kit/kwota-process.ts';
import { readDeadStore } from '../kit/stored-truth.ts';
import { until } from '../kit/until.ts';

const USERS = 'id_tag,quota_kwh\nTAG1,100\n';
const CHARGED_WH = 4_200;
const PAGE_BYTES = 4_096;

// Each test runs several processes.
t.setTimeout(400_000);

// The clock's timers do not hold the process.
const hold = setInterval(() => undefined, 60_000);
t.teardown(() => clearInterval(hold));

/** A folder that a server has run on: TAG1 has charged, the server was killed, so that the log has everything. */
async function makeUsedFolder(): Promise<string> {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  const tell = await beginCharge(kwota);
  await tell(CHARGED_WH);
  await until('it is shown', () => readUsage(dataDir)['TAG1'] === CHARGED_WH / 1000);
  await kwota.kill();
  return dataDir;
}

const used = makeUsedFolder();

/** A copy of that folder for a test of its own. */
async function usedFolder(t: Test): Promise<string> {
  const dataDir = join(makeDataDir(t, {}), 'data');
  cpSync(await used, dataDir, { recursive: true });
  return dataDir;
}

const storeIn = (dataDir: string) => join(dataDir, '.kwota', 'kwota.sqlite');

async function backUp(dataDir: string, day: string): Promise<string> {
  const file = backupOfDay(dataDir, day);
  mkdirSync(backupFolder(dataDir), { recursive: true });
  const parts = { dataDir, file, configPath: null, isReplacing: false, version: '0.0.0', clock: systemClock };
  await makeBackup(parts);
  return file;
}

const losses: readonly (readonly [string, (store: string) => void, RegExp])[] = [
  ['empty', (store) => truncateSync(store, 0), /kwota\.sqlite is empty, but kwota has run on this folder/],
  ['cut short', (store) => truncateSync(store, 99), /kwota\.sqlite is cut short, but kwota has run on this/],
  ['gone, with its log left', (store) => rmSync(store), /kwota\.sqlite is gone, but kwota has run/],
  [
    'gone, with its log',
    (store) => ['', '-wal', '-shm'].forEach((suffix) => rmSync(`${store}${suffix}`, { force: true })),
    /kwota\.sqlite is gone, but kwota has run/,
  ],
];

for (const [name, lose, message] of losses) {
  void t.test(
    `a store that is ${name} is no first start: nothing is taken over, nothing deleted`,
    async (t) => {
      const dataDir = await usedFolder(t);
      const store = storeIn(dataDir);
      lose(store);
      const usage = readFileSync(join(dataDir, 'energy_usage.json'));
      const log = existsSync(`${store}-wal`) ? statSync(`${store}-wal`).size : null;
      const { code, err } = await runKwotaToItsEnd({ dataDir });
      t.equal(code, 1);
      t.match(err, message);
      t.match(err, /put the file back/);
      t.equal(err.split('\n').filter((line) => line.startsWith('kwota: ')).length, 1, 'one line');
      t.ok(readFileSync(join(dataDir, 'energy_usage.json')).equals(usage), 'the files are as they were');
      t.equal(existsSync(`${store}-wal`) ? statSync(`${store}-wal`).size : null, log, 'and so is the log');
    },
  );
}

const lostStores = [
  ['empty', (store: string) => truncateSync(store, 0)],
  ['cut short', (store: string) => truncateSync(store, 99)],
  ['gone', (store: string) => rmSync(store)],
] as const;

for (const [name, lose] of lostStores) {
  void t.test(
    `check and backup leave the log of a store that is ${name}: put back, it is whole`,
    async (t) => {
      const dataDir = await usedFolder(t);
      const store = storeIn(dataDir);
      const whole = readFileSync(store);
      const log = readFileSync(`${store}-wal`);
      lose(store);
      const said = new RegExp(
        `kwota\\.sqlite is ${name}, but kwota has run on this folder before; .*put the file back`,
      );
      t.match(await runCommand(dataDir, 'check', '--data', dataDir), { code: 1, out: said });
      t.ok(readFileSync(`${store}-wal`).equals(log), 'check leaves the log');
      const file = join(dataDir, '..', 'site.tar.gz');
      t.match(await runCommand(dataDir, 'backup', file, '--data', dataDir), { code: 1, out: '', err: said });
      t.ok(readFileSync(`${store}-wal`).equals(log), 'backup leaves the log');
      t.notOk(existsSync(file));
      writeFileSync(store, whole);
      t.match(await runCommand(dataDir, 'check', '--data', dataDir), {
        code: 0,
        out: /1 session, 1 charger/,
      });
      const { sessions } = readDeadStore(dataDir);
      t.match(sessions, [{ idTag: 'TAG1' }]);
    },
  );

  void t.test(
    `a store that is ${name} is kept aside with its log when a backup takes its place`,
    async (t) => {
      const dataDir = await usedFolder(t);
      const backup = await backUp(dataDir, '2026-11-30');
      const log = readFileSync(`${storeIn(dataDir)}-wal`);
      lose(storeIn(dataDir));
      const restored = await runCommand(dataDir, 'restore', backup, '--force', '--data', dataDir);
      t.equal(restored.code, 0, restored.err);
      const aside = readdirSync(dataDir).find((one) => one.startsWith('before-restore-')) ?? '';
      t.ok(readFileSync(`${storeIn(join(dataDir, aside))}-wal`).equals(log));
      t.match(readDeadStore(dataDir).sessions, [{ idTag: 'TAG1' }]);
    },
  );
}

void t.test('.kwota moved away is a new beginning from the data files', async (t) => {
  const dataDir = await usedFolder(t);
  rmSync(join(dataDir, '.kwota'), { recursive: true });
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  t.teardown(() => kwota.kill());
  await until('the usage is as it was', () => readUsage(dataDir)['TAG1'] === CHARGED_WH / 1000);
});

/** Overwrites a page of the file with noise: the first one of a table or an index. */
function damage(store: string, name: string): void {
  // A server that runs is at work there now and then.
  const db = new DatabaseSync(store, { timeout: 30_000 });
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const { page } = db.prepare('SELECT rootpage AS page FROM sqlite_schema WHERE name = ?').get(name) as {
    page: number;
  };
  db.close();
  const file = openSync(store, 'r+');
  writeSync(file, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
  closeSync(file);
}

/** A reading that is in the log alone: a connection that may only read is the last to close. */
function addToLog(store: string): void {
  const db = new DatabaseSync(store);
  db.exec(`PRAGMA wal_autocheckpoint = 0;
    INSERT INTO reading (seq, id, at, charge_point_id, connector_id, user_name) VALUES (1000, 1, 0, 'CP1', 1, '')`);
  const reader = new DatabaseSync(store, { readOnly: true });
  reader.prepare('SELECT count(*) FROM reading').get();
  db.close();
  reader.close();
}

void t.test('a damaged store that kwota does not start on is left as it is, with its log', async (t) => {
  const dataDir = await usedFolder(t);
  const store = storeIn(dataDir);
  damage(store, 'sqlite_autoindex_record_1');
  addToLog(store);
  const files = [store, `${store}-wal`];
  const before = files.map((file) => readFileSync(file));
  t.ok((before[1]?.length ?? 0) > 0);
  t.match(await runKwotaToItsEnd({ dataDir }), { code: 1, err: /kwota\.sqlite is damaged/ });
  t.match(await runCommand(dataDir, 'check', '--data', dataDir), { code: 1 });
  for (const [index, file] of files.entries())
    t.ok(readFileSync(file).equals(before[index] ?? Buffer.of()), file);
});

void t.test('check and backup change no file of a store whose first page is damaged', async (t) => {
  const dataDir = await usedFolder(t);
  const store = storeIn(dataDir);
  const db = new DatabaseSync(store);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  addToLog(store);
  const damaged = readFileSync(store).fill(0xa5, 0, 16);
  writeFileSync(store, damaged);
  const log = readFileSync(`${store}-wal`);
  t.ok(log.length > 0);
  const file = join(dataDir, '..', 'site.tar.gz');
  for (const [command, ...names] of [['check'], ['backup', file]] as const) {
    const { code, out, err } = await runCommand(dataDir, command, ...names, '--data', dataDir);
    t.equal(code, 1);
    t.match(out + err, /kwota\.sqlite is damaged or is not a store of kwota/);
    t.ok(readFileSync(store).equals(damaged), command);
    t.ok(existsSync(`${store}-wal`) && readFileSync(`${store}-wal`).equals(log), `${command}: the log`);
  }
});

for (const name of ['record', 'sqlite_autoindex_record_1', 'reading']) {
  void t.test(`a store whose ${name} is damaged is found at the start`, async (t) => {
    const dataDir = await usedFolder(t);
    const backup = await backUp(dataDir, '2026-11-30');
    damage(storeIn(dataDir), name);
    const { code, err } = await runKwotaToItsEnd({ dataDir });
    t.equal(code, 1);
    t.match(err, /kwota\.sqlite is damaged or is not a store of kwota/);
    t.ok(err.includes(`kwota restore "${backup}" --force --data "${dataDir}" puts it back`), err);
    const checked = await runCommand(dataDir, 'check', '--data', dataDir);
    t.equal(checked.code, 1);
    t.match(
      checked.out,
      /kwota\.sqlite is damaged or is not a store of kwota: [^*\\]+; keep a copy of .*\n1 problem\n$/,
    );
  });
}

void t.test(
  'a store that is damaged while it runs is an alarm with the way back; nothing is acknowledged',
  async (t) => {
    const dataDir = await usedFolder(t);
    const backup = await backUp(dataDir, '2026-11-30');
    const kwota = await startKwota({ dataDir });
    t.teardown(() => kwota.kill());
    damage(storeIn(dataDir), 'sqlite_autoindex_record_1');
    const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP2');
    t.teardown(() => charger.close());
    let isAnswered = false;
    const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp: new Date().toISOString() };
    charger.call('StartTransaction', start).then(
      () => (isAnswered = true),
      () => undefined,
    );
    const problem = await until('the alarm', async () => {
      const { problems } = await readHealth(kwota.apiUrl);
      return problems.find((one) => one.startsWith('nothing can be stored')) ?? null;
    });
    t.match(
      problem,
      /kwota\.sqlite is damaged or is not a store of kwota: .*; stop kwota; the newest backup is/,
    );
    t.ok(problem.includes(`kwota restore "${backup}" --force --data "${dataDir}" puts it back`), problem);
    t.notOk(isAnswered);
  },
);

void t.test('a damaged store is told with the newest backup, whose command puts it back', async (t) => {
  const dataDir = await usedFolder(t);
  await backUp(dataDir, '2026-11-29');
  const newest = await backUp(dataDir, '2026-11-30');
  // The log alone would mend the file: it has the newest version of each page.
  rmSync(`${storeIn(dataDir)}-wal`);
  writeFileSync(storeIn(dataDir), Buffer.alloc(statSync(storeIn(dataDir)).size, 0xa5));
  const { code, err } = await runKwotaToItsEnd({ dataDir });
  t.equal(code, 1);
  t.match(err, /kwota\.sqlite is damaged or is not a store of kwota/);
  const said = /kwota (restore "(.+)" --force --data "(.+)") puts it back/.exec(err);
  t.same(said?.slice(2), [newest, dataDir]);
  const restored = await runCommand(dataDir, 'restore', newest, '--force', '--data', dataDir);
  t.equal(restored.code, 0, restored.err);
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  t.teardown(() => kwota.kill());
  await until('the usage is that of the backup', () => readUsage(dataDir)['TAG1'] === CHARGED_WH / 1000);
});
