// Opening a data folder that is new, old, newer, damaged or somebody else's.
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { systemClock } from '../../runtime/clock.ts';
import { silentLog } from '../../runtime/log.ts';
import { sampleCharger } from '../sample.fixture.ts';
import { openDatabase } from './database.ts';
import { MIGRATIONS, UPSERT_RECORD } from './schema.ts';
import { openSqliteStore } from './sqlite-store.ts';

const LATER = [...MIGRATIONS, { sql: `ALTER TABLE record ADD COLUMN note TEXT NOT NULL DEFAULT 'new'` }];
const NEXT = MIGRATIONS.length + 1;
const COPY = `backup/kwota.sqlite.v${MIGRATIONS.length}-before-v${NEXT}`;

function pathIn(dataDir: string, name = 'kwota.sqlite'): string {
  return join(dataDir, '.kwota', name);
}

/** A data folder whose store has one record, as a clean stop leaves it. */
function withStore(dataDir: string, records = 1): string {
  const { db } = openDatabase({ dataDir });
  const upsert = db.prepare(UPSERT_RECORD);
  for (let rev = 1; rev <= records; rev += 1) {
    upsert.run('charger', `s${rev}`, 'CP1', null, 'a', 1, 1, rev, JSON.stringify({ pad: 'x'.repeat(500) }));
  }
  db.close();
  return dataDir;
}

const opening = (dataDir: string) => () => openDatabase({ dataDir });

await t.test('a migration keeps the records, and a copy of the store as it was before', (t) => {
  const dataDir = withStore(t.testdir(), 3);
  const { db, lastLseq } = openDatabase({ dataDir, migrations: LATER });
  t.equal(lastLseq, 3);
  t.match(db.prepare('SELECT id, note FROM record').all(), [
    { id: 's1', note: 'new' },
    { id: 's2' },
    { id: 's3' },
  ]);
  t.match(db.prepare('PRAGMA user_version').get(), { user_version: NEXT });
  db.close();
  const copy = new DatabaseSync(pathIn(dataDir, COPY), { readOnly: true });
  t.match(copy.prepare('PRAGMA user_version').get(), { user_version: MIGRATIONS.length });
  t.match(copy.prepare('SELECT count(*) AS n FROM record').get(), { n: 3 });
  copy.close();
  t.end();
});

await t.test('a store in the newest format is opened without a copy', (t) => {
  const dataDir = withStore(t.testdir());
  openDatabase({ dataDir }).db.close();
  t.strictSame(readdirSync(join(dataDir, '.kwota')), ['kwota.sqlite']);
  t.end();
});

await t.test('only the copy of the last migration is kept', (t) => {
  const dataDir = withStore(t.testdir());
  openDatabase({ dataDir, migrations: LATER }).db.close();
  openDatabase({ dataDir, migrations: [...LATER, { sql: 'CREATE TABLE more (id INTEGER)' }] }).db.close();
  t.strictSame(readdirSync(pathIn(dataDir, 'backup')), [`kwota.sqlite.v${NEXT}-before-v${NEXT + 1}`]);
  t.end();
});

await t.test('a migration that fails changes nothing, and can be tried again', (t) => {
  const dataDir = withStore(t.testdir());
  const broken = [...MIGRATIONS, { sql: 'ALTER TABLE record ADD COLUMN note TEXT; SELECT * FROM nowhere;' }];
  t.throws(() => openDatabase({ dataDir, migrations: broken }), { code: 'unwritable', message: /nowhere/ });
  const { db } = openDatabase({ dataDir });
  t.match(db.prepare('SELECT * FROM record').all(), [{ id: 's1' }]);
  t.notOk('note' in db.prepare('SELECT * FROM record').get()!);
  db.close();
  openDatabase({ dataDir, migrations: LATER }).db.close();
  t.ok(existsSync(pathIn(dataDir, COPY)));
  t.end();
});

await t.test('a store newer than the program is refused, naming the program to use, and left alone', (t) => {
  const dataDir = withStore(t.testdir());
  const { db } = openDatabase({ dataDir, migrations: LATER });
  db.prepare(`UPDATE format SET program = '9.9.9' WHERE version = ?`).run(NEXT);
  db.close();
  const before = readFileSync(pathIn(dataDir));
  t.throws(opening(dataDir), {
    name: 'StoreError',
    code: 'newer',
    message: new RegExp(`format ${NEXT}`),
    hint: /kwota 9\.9\.9 or newer/,
  });
  t.ok(readFileSync(pathIn(dataDir)).equals(before));
  t.end();
});

await t.test('a file that is no database is reported and left alone', (t) => {
  const dataDir = t.testdir({ '.kwota': { 'kwota.sqlite': 'energy,kWh\n'.repeat(1000) } });
  t.throws(opening(dataDir), { code: 'corrupt', message: /kwota\.sqlite/, hint: /a copy of \.kwota/ });
  t.equal(readFileSync(pathIn(dataDir), 'utf8'), 'energy,kWh\n'.repeat(1000));
  t.end();
});

await t.test('a database of another program is reported and left alone', (t) => {
  const dataDir = t.testdir({ '.kwota': {} });
  const db = new DatabaseSync(pathIn(dataDir));
  db.exec('CREATE TABLE photo (name TEXT); PRAGMA user_version = 1;');
  db.close();
  t.throws(opening(dataDir), { code: 'corrupt', message: /another program/ });
  t.end();
});

await t.test('a store with damaged pages is reported when it is loaded, at the latest', async (t) => {
  const dataDir = withStore(t.testdir(), 200);
  const bytes = readFileSync(pathIn(dataDir));
  for (let page = 10; page < 20; page += 1) bytes.fill(0xa5, page * 4096, (page + 1) * 4096);
  writeFileSync(pathIn(dataDir), bytes);
  await t.rejects(loadAndClose(dataDir), { code: 'corrupt' });
});

await t.test('a store that was cut short is reported when it is loaded, at the latest', async (t) => {
  const dataDir = withStore(t.testdir(), 200);
  truncateSync(pathIn(dataDir), 20 * 4096);
  await t.rejects(loadAndClose(dataDir), { code: 'corrupt' });
});

await t.test('a value that is not JSON is reported with the record it belongs to', async (t) => {
  const dataDir = withStore(t.testdir());
  const db = new DatabaseSync(pathIn(dataDir));
  db.exec(`UPDATE record SET value = '{"cut' WHERE id = 's1'`);
  db.close();
  await t.rejects(loadAndClose(dataDir), { code: 'corrupt', message: /charger\/s1/ });
});

async function loadAndClose(dataDir: string): Promise<void> {
  const store = openSqliteStore({ dataDir, clock: systemClock, log: silentLog });
  try {
    store.load(500);
  } finally {
    await store.close(5000);
  }
}

await t.test('an empty file, as a crash during the very first start leaves it, becomes a store', (t) => {
  const dataDir = t.testdir({ '.kwota': { 'kwota.sqlite': '' } });
  const { db, lastLseq } = openDatabase({ dataDir });
  t.equal(lastLseq, 0);
  db.close();
  t.end();
});

await t.test('a data folder that cannot be made or written is reported as such', (t) => {
  const dataDir = t.testdir({ file: 'not a folder', taken: { '.kwota': 'not a folder' } });
  t.throws(opening(join(dataDir, 'file')), { code: 'unwritable', hint: /written by this user/ });
  t.throws(opening(join(dataDir, 'taken')), { code: 'unwritable' });
  mkdirSync(pathIn(join(dataDir, 'folder-in-its-place')), { recursive: true });
  t.throws(opening(join(dataDir, 'folder-in-its-place')), { code: 'unwritable' });
  t.end();
});

await t.test('a store that another program has locked is reported as locked', (t) => {
  const dataDir = withStore(t.testdir());
  const other = new DatabaseSync(pathIn(dataDir));
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE;');
  t.throws(opening(dataDir), { code: 'locked', hint: /close/ });
  other.close();
  t.end();
});

await t.test('a commit after a migration goes into the new format', async (t) => {
  const dataDir = withStore(t.testdir());
  const store = openSqliteStore({ dataDir, clock: systemClock, log: silentLog, migrations: LATER });
  await store.commit({ records: [sampleCharger('after')], readings: [] });
  t.match(store.load(0).records, [{ id: 's1' }, { id: 'after' }]);
  await store.close(5000);
});
