// A backup made while cars charge, put back: the same numbers, nothing counted twice, no transaction id for a second time.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { MANIFEST_FILE, manifestOf, STORE_FILE } from '../src/backup/archive.ts';
import { makeBackup } from '../src/backup/backup.ts';
import { restoreBackup } from '../src/backup/restore.ts';
import { lockFolder } from '../src/files/folder-lock.ts';
import { writeTar } from '../src/files/tar.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readUsage } from './kit/data-folder.ts';
import { startKwota, type KwotaProcess } from './kit/kwota-process.ts';
import { readDeadStore } from './kit/stored-truth.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS = 'id_tag,quota_kwh,unlimited\nTAG1,100,FALSE\nTAG2,100,FALSE\n';
const VERSION = '0.0.0-test';
const clock = systemClock;

// The clock's timers do not hold the process.
const hold = setInterval(() => undefined, 60_000);
t.teardown(() => clearInterval(hold));

interface Folders {
  /** With users; the server runs here. */
  readonly dataDir: string;
  /** Empty. */
  readonly out: string;
  /** Where the backup goes, in a folder of its own. */
  readonly file: string;
}

function makeFolders(t: Test): Folders {
  const folder = makeDataDir(t, { data: { 'users1.csv': USERS }, backups: {}, out: {} });
  const file = join(folder, 'backups', 'site.tar.gz');
  return { dataDir: join(folder, 'data'), out: join(folder, 'out'), file };
}

async function start(t: Test, dataDir: string): Promise<KwotaProcess> {
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  return kwota;
}

async function connect(t: Test, kwota: KwotaProcess): Promise<ChargePoint> {
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  t.teardown(() => charger.close());
  await charger.boot();
  return charger;
}

async function begin(charger: ChargePoint, connectorId: number, meterStart: number): Promise<number> {
  const timestamp = new Date().toISOString();
  const answer = await charger.call('StartTransaction', {
    connectorId,
    idTag: 'TAG1',
    meterStart,
    timestamp,
  });
  return answer['transactionId'] as number;
}

async function sample(charger: ChargePoint, connectorId: number, transactionId: number, wh: number) {
  const meterValue = [registerSample(wh, new Date())];
  await charger.call('MeterValues', { connectorId, transactionId, meterValue });
}

async function end(charger: ChargePoint, transactionId: number, meterStop: number) {
  const timestamp = new Date().toISOString();
  await charger.call('StopTransaction', { transactionId, meterStop, timestamp, idTag: 'TAG1' });
}

const untilUsed = (dataDir: string, kWh: number) =>
  until(`TAG1 has used ${kWh} kWh`, () => readUsage(dataDir)['TAG1'] === kWh);

const backUp = (dataDir: string, file: string) =>
  makeBackup({ dataDir, configPath: null, file, isReplacing: false, version: VERSION, clock });

const restore = (file: string, dataDir: string, isReplacing = false) =>
  restoreBackup({ file, dataDir, configPath: join(dataDir, '..', 'config.yaml'), isReplacing, clock });

/** A server has run there, and ended. */
const ranOnce = makeFolders(t);
const firstRun = await start(t, ranOnce.dataDir);
await untilUsed(ranOnce.dataDir, 0);
await firstRun.stop();
await backUp(ranOnce.dataDir, ranOnce.file);

/** A folder with a store, without a server, and a backup of it. */
function quietSite(t: Test): Folders {
  const folders = makeFolders(t);
  cpSync(ranOnce.dataDir, folders.dataDir, { recursive: true });
  cpSync(ranOnce.file, folders.file);
  return folders;
}

void t.test('a backup keeps no server from starting: one may have been killed meanwhile', async (t) => {
  const { dataDir, out } = quietSite(t);
  const making = backUp(dataDir, join(out, 'meanwhile.tar.gz'));
  // As a server that starts does first.
  lockFolder(dataDir).release();
  t.match(await making, { sessions: 0 });
});

void t.test('a charge goes on across a backup and its restore, and its energy counts once', async (t) => {
  const { dataDir, out, file } = makeFolders(t);
  const kwota = await start(t, dataDir);
  const charger = await connect(t, kwota);
  const transactionId = await begin(charger, 1, 1000);
  await sample(charger, 1, transactionId, 3500);
  await untilUsed(dataDir, 2.5);
  t.match(await backUp(dataDir, file), { sessions: 1, chargers: 1 });
  await sample(charger, 1, transactionId, 4000);
  await untilUsed(dataDir, 3);
  await kwota.kill();

  const restored = join(out, 'data');
  t.match(await restore(file, restored), { sessions: 1, aside: null, configPath: null });
  t.strictSame(readUsage(restored), { TAG1: 2.5, TAG2: 0 }, 'as it was at the backup');
  const again = await start(t, restored);
  await untilUsed(restored, 2.5);
  const back = await connect(t, again);
  await sample(back, 1, transactionId, 4000);
  await end(back, transactionId, 6000);
  await untilUsed(restored, 5);
  await again.stop();
  const { sessions, entries } = readDeadStore(restored);
  t.strictSame(entries, [], 'nothing was taken for an edit of the usage file');
  t.match(sessions, [{ transactionId, end: { evidence: 'meterStop' } }]);
});

void t.test('no transaction id that was given out after the backup is given out again', async (t) => {
  const { dataDir, file } = makeFolders(t);
  const kwota = await start(t, dataDir);
  const charger = await connect(t, kwota);
  const before = await begin(charger, 1, 0);
  await end(charger, before, 0);
  await backUp(dataDir, file);
  const lost: number[] = [];
  for (let wh = 0; wh < 5; wh += 1) {
    lost.push(await begin(charger, 1, wh));
    await end(charger, lost.at(-1) ?? 0, wh);
  }
  await kwota.stop();
  await restore(file, dataDir, true);
  const fresh = await begin(await connect(t, await start(t, dataDir)), 1, 10);
  t.ok(fresh > Math.max(before, ...lost), `${fresh} is beyond ${lost.join()}`);
});

void t.test(
  'an edit of energy_usage.json that kwota has not seen yet is in the backup, and counts once',
  async (t) => {
    const { dataDir, out, file } = makeFolders(t);
    const kwota = await start(t, dataDir);
    await untilUsed(dataDir, 0);
    await kwota.stop();
    writeFileSync(join(dataDir, 'energy_usage.json'), '{"TAG1": 7.5, "TAG2": 0}');
    await backUp(dataDir, file);
    const restored = join(out, 'data');
    await restore(file, restored);
    for (const round of ['at the first start', 'and not again at the second']) {
      const again = await start(t, restored);
      await untilUsed(restored, 7.5);
      await again.stop();
      t.match(readDeadStore(restored).entries, [{ idTag: 'TAG1', wh: 7500 }], round);
    }
  },
);

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

void t.test('a folder with a store is replaced only when told, and what was there is kept', async (t) => {
  const { dataDir, file } = quietSite(t);
  writeFileSync(join(dataDir, 'users1.csv'), `${USERS}TAG3,5,FALSE\n`);
  await t.rejects(restore(file, dataDir), { code: 'exists', hint: /--force/ });
  t.match(readFileSync(join(dataDir, 'users1.csv'), 'utf8'), 'TAG3');
  const { aside } = await restore(file, dataDir, true);
  t.equal(readFileSync(join(dataDir, 'users1.csv'), 'utf8'), USERS);
  t.match(readFileSync(join(aside ?? '', 'users1.csv'), 'utf8'), 'TAG3');
  t.ok(filesIn(aside ?? '').includes(join('.kwota', 'kwota.sqlite')));
  t.strictSame(
    filesIn(join(dataDir, '.kwota')).filter((name) => name.startsWith('restoring')),
    [],
    'nothing is left over',
  );
});

void t.test('while a server runs on the folder nothing is restored', async (t) => {
  const { dataDir, file } = quietSite(t);
  await start(t, dataDir);
  await t.rejects(restore(file, dataDir, true), { name: 'FolderLockError', code: 'locked' });
});

void t.test('a backup that was damaged anywhere changes nothing', async (t) => {
  const { file, out } = quietSite(t);
  const good = readFileSync(file);
  const tar = gunzipSync(good);
  const bad = join(out, 'bad.tar.gz');
  const target = join(out, 'data');
  const tryOut = async (content: Buffer, what: string) => {
    writeFileSync(bad, content);
    await t.rejects(restore(bad, target), { name: 'BackupError', hint: /./ }, what);
    t.notOk(existsSync(target), `${what}: no folder where there was none`);
  };
  await tryOut(Buffer.alloc(0), 'empty');
  await tryOut(Buffer.from(USERS), 'no archive');
  await tryOut(gzipSync(USERS.repeat(100)), 'compressed, and no archive');
  for (const length of [1, 20, good.length >> 1, good.length - 1]) {
    await tryOut(good.subarray(0, length), `cut after ${length} bytes`);
  }
  for (let at = 5; at < tar.length - 1024; at += Math.ceil(tar.length / 40)) {
    const flipped = Buffer.from(tar);
    // Padding behind a file is nobody's.
    if (flipped[at] === 0) continue;
    flipped[at] = (flipped[at] ?? 0) ^ 0x01;
    await tryOut(gzipSync(flipped), `byte ${at}`);
  }
  mkdirSync(join(out, 'mine'));
  await t.rejects(restore(bad, join(out, 'mine', 'new', 'data')), { name: 'BackupError' });
  t.strictSame(
    readdirSync(join(out, 'mine')),
    [],
    'what led to the folder is gone as well, and nothing else',
  );
  mkdirSync(target);
  await t.rejects(restore(bad, target), { name: 'BackupError' });
  t.strictSame(filesIn(target), [join('.kwota', 'lock')], 'a folder that was there stays');
});

/** A backup whose manifest is right, with this for its store. */
async function writeBackupOf(store: Buffer, file: string): Promise<void> {
  const sha256 = createHash('sha256').update(store).digest('hex');
  const told = { name: STORE_FILE, bytes: store.length, sha256 };
  const manifest = Buffer.from(JSON.stringify(manifestOf(VERSION, '2026-11-30T00:00:00Z', [told])));
  const tar = writeTar(
    [
      { name: MANIFEST_FILE, size: manifest.length, content: [manifest] },
      { name: STORE_FILE, size: store.length, content: [store] },
    ],
    0,
  );
  writeFileSync(file, gzipSync(await buffer(tar)));
}

void t.test('a backup whose store is bad is blamed itself, and another one asked for', async (t) => {
  const { dataDir, out } = quietSite(t);
  const sound = readFileSync(join(dataDir, STORE_FILE));
  const noise = (from: number, to: number) => Buffer.from(sound).fill(0xa5, from, to);
  const stores: readonly (readonly [string, Buffer])[] = [
    ['empty', Buffer.alloc(0)],
    ['shorter than a header', sound.subarray(0, 99)],
    ['no database', Buffer.from(USERS.repeat(100))],
    ['without its header', noise(0, 100)],
    ['of a format that SQLite does not have', noise(44, 48)],
    ['without its tables', noise(100, 4096)],
    ['without its records', noise(4096, 8192)],
    ['cut', sound.subarray(0, sound.length - 4096)],
  ];
  const file = join(out, 'bad.tar.gz');
  for (const [name, store] of stores) {
    await writeBackupOf(store, file);
    const blamed = { name: 'BackupError', code: 'damaged', hint: /use another backup; nothing was changed/ };
    const error = await restore(file, join(out, 'data')).catch((failure: unknown) => failure);
    t.match(error, blamed, name);
    const said = `${file} is damaged, or no backup of kwota: its store is damaged or is not one of kwota`;
    t.equal((error as Error).message, said, name);
    t.notOk(existsSync(join(out, 'data')), `${name}: no folder where there was none`);
  }
  await writeBackupOf(sound, file);
  t.match(await restore(file, join(out, 'data')), { sessions: 0 }, 'a sound one is put back');
});

void t.test('a backup of a newer program names the version to use', async (t) => {
  const { file, out } = quietSite(t);
  const text = gunzipSync(readFileSync(file)).toString('latin1');
  const newer = join(out, 'newer.tar.gz');
  writeFileSync(newer, gzipSync(Buffer.from(text.replace('"format": 1', '"format": 9'), 'latin1')));
  await t.rejects(restore(newer, join(out, 'data')), {
    code: 'newer',
    message: new RegExp(VERSION),
  });
});

void t.test('the configuration goes along; one that is there stays', async (t) => {
  const { dataDir, out } = quietSite(t);
  const file = join(out, 'with-configuration.tar.gz');
  const configPath = join(out, 'config.yaml');
  writeFileSync(configPath, 'site: {name: One}\n');
  writeFileSync(join(out, 'mine.yaml'), 'site: {name: Mine}\n');
  await makeBackup({ dataDir, configPath, file, isReplacing: false, version: VERSION, clock });
  const put = (name: string) =>
    restoreBackup({
      ...{ file, isReplacing: true, clock },
      dataDir: join(out, 'data'),
      configPath: join(out, name),
    });
  t.match(await put('new.yaml'), { configPath: join(out, 'new.yaml') });
  t.equal(readFileSync(join(out, 'new.yaml'), 'utf8'), 'site: {name: One}\n');
  t.match(await put('config.yaml'), { configPath: null }, 'the same');
  t.match(await put('mine.yaml'), { configPath: join(out, 'mine.yaml.from-backup') });
  t.equal(readFileSync(join(out, 'mine.yaml'), 'utf8'), 'site: {name: Mine}\n');
});

void t.test(
  'a store that is damaged is not backed up as if it were sound, and can be replaced',
  async (t) => {
    const { dataDir, file } = quietSite(t);
    const store = join(dataDir, '.kwota', 'kwota.sqlite');
    const bytes = readFileSync(store);
    bytes.fill(0xa5, 4096, bytes.length);
    writeFileSync(store, bytes);
    await t.rejects(backUp(dataDir, `${file}.2`), { name: 'StoreError', code: 'corrupt' });
    t.strictSame(readdirSync(dirname(file)), ['site.tar.gz'], 'nothing half made is left');
    await restore(file, dataDir, true);
    const kwota = await start(t, dataDir);
    await untilUsed(dataDir, 0);
    t.equal(await kwota.stop(), 0);
  },
);

void t.test('a store whose index lies is not backed up, and is what the message names', async (t) => {
  const { dataDir, file } = quietSite(t);
  const store = join(dataDir, STORE_FILE);
  const bytes = readFileSync(store);
  const db = new DatabaseSync(store);
  const sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_record_1'";
  const page = Number(db.prepare(sql).get()?.['rootpage']);
  db.close();
  // A copy is made of it as it is: only who compares the index with its table finds that.
  bytes.write('sity', bytes.indexOf('site', (page - 1) * 4096));
  writeFileSync(store, bytes);
  const error: unknown = await backUp(dataDir, `${file}.2`).catch((failure: unknown) => failure);
  t.match(error, { name: 'StoreError', code: 'corrupt', hint: /^stop kwota if it runs; / });
  t.ok((error as Error).message.startsWith(`${store} is damaged`), (error as Error).message);
});

void t.test('a backup is for the owner alone, and takes the place of another only when told', async (t) => {
  const { dataDir, out, file } = quietSite(t);
  if (process.platform !== 'win32') t.equal(statSync(file).mode & 0o777, 0o600);
  await t.rejects(backUp(dataDir, file), { code: 'exists' });
  await makeBackup({ dataDir, configPath: null, file, isReplacing: true, version: VERSION, clock });
  await t.rejects(backUp(out, `${file}.3`), { code: 'nothing' });
  await t.rejects(backUp(dataDir, join(dirname(file), 'nowhere', 'x')), {
    code: 'unwritable',
    hint: /exists/,
  });
});
