// The server's own backup: made by this program in a process of its own, whole, and told when it cannot be.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { backupFolder, backupOfDay } from '../src/backup/kept-backups.ts';
import { unpackBackup } from '../src/backup/unpack.ts';
import { silentLog } from '../src/runtime/log.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { sampleTrace } from '../src/store/sample.fixture.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { backUpInProcess } from './back-up-process.ts';

// ownProgram() starts what this process was started with.
process.argv[1] = fileURLToPath(new URL('kwota.ts', import.meta.url));
const PAGE_BYTES = 4_096;
const never = new AbortController().signal;

void t.test('a backup of a store that is open is whole', async (t) => {
  const folder = t.testdir({ 'data with spaces': { 'users1.csv': 'id_tag,quota_kwh\n' } });
  const dataDir = join(folder, 'data with spaces');
  const store = openSqliteStore({ dataDir, clock: systemClock, log: silentLog });
  t.teardown(() => store.close(1_000));
  const file = join(folder, 'day.tar.gz');
  await backUpInProcess(dataDir, null)(file, never);
  const { files } = await unpackBackup(file, null);
  const names = files.map(({ name }) => name);
  t.ok(names.includes('.kwota/kwota.sqlite') && names.includes('users1.csv'), names.join());
});

for (const name of ['reading', 'trace', 'trace_by_age']) {
  void t.test(`a store whose ${name} is damaged is said, with the way back`, async (t) => {
    const dataDir = t.testdir();
    const store = openSqliteStore({ dataDir, clock: systemClock, log: silentLog });
    await store.saveTrace([sampleTrace(1)], { bytesOfCharger: 1e6, bytesOfAll: 1e6 });
    await store.close(60_000);
    mkdirSync(backupFolder(dataDir));
    const yesterdays = backupOfDay(dataDir, '2026-11-29');
    const backUp = backUpInProcess(dataDir, null);
    await backUp(yesterdays, never);
    const path = join(dataDir, '.kwota', 'kwota.sqlite');
    const db = new DatabaseSync(path);
    const row = db.prepare('SELECT rootpage AS page FROM sqlite_schema WHERE name = ?').get(name);
    db.close();
    const page = Number(row?.['page']);
    writeFileSync(path, readFileSync(path).fill(0xa5, (page - 1) * PAGE_BYTES, page * PAGE_BYTES));
    const said = await backUp(backupOfDay(dataDir, '2026-11-30'), never).then(
      () => 'nothing',
      (error: unknown) => (error as Error).message,
    );
    t.ok(said.startsWith(`${path} is damaged or is not a store of kwota: `), said);
    const remedy = `; stop kwota if it runs; the newest backup is ${yesterdays}: kwota restore "${yesterdays}"`;
    t.ok(said.includes(remedy), said);
  });
}

void t.test('why there is none is said in its own words; an abort ends it', async (t) => {
  const dataDir = t.testdir();
  const backUp = backUpInProcess(dataDir, null);
  await t.rejects(backUp(join(dataDir, 'day.tar.gz'), never), {
    message: /^(?!kwota: ).*has no store of kwota/,
  });
  await t.rejects(backUp(join(dataDir, 'day.tar.gz'), AbortSignal.abort()), { name: 'AbortError' });
});
