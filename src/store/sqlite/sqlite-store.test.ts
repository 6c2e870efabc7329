// The SQLite store in trouble and over time: a writer thread that dies, a full disk, retention, the log's size, reopening.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import t from 'tap';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import { silentLog } from '../../runtime/log.ts';
import { sampleReading, sampleCharger } from '../sample.fixture.ts';
import type { Store, StoreHealth } from '../store.ts';
import { openDatabase } from './database.ts';
import { openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
import { startWriterThread } from './worker-writer.ts';

/** The system's clock with timers that keep the test alive while its only worker is dead. */
const clock: Clock = {
  ...systemClock,
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

const WAIT_MS = 60_000;
const INTERRUPTIONS = 3;
const MOST_BATCHES = 30;

/** Waits for a condition outside this process, as often as the event loop turns. */
async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within ${WAIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function open(dataDir: string, options: Partial<SqliteStoreOptions> = {}) {
  const workers: Worker[] = [];
  const store = openSqliteStore({
    dataDir,
    clock,
    log: silentLog,
    startWorker(data) {
      const worker = startWriterThread(data);
      workers.push(worker);
      return worker;
    },
    ...options,
  });
  return { store, workers };
}

function query(dataDir: string, sql: string): unknown[] {
  const db = new DatabaseSync(join(dataDir, '.kwota', 'kwota.sqlite'));
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

function nextHealth(store: Store, status: StoreHealth['status']): Promise<StoreHealth> {
  return new Promise((resolve) => store.onHealth((health) => health.status === status && resolve(health)));
}

const walStat = (dataDir: string) =>
  statSync(join(dataDir, '.kwota', 'kwota.sqlite-wal'), { throwIfNoEntry: false, bigint: true });
const walSize = (dataDir: string) => Number(walStat(dataDir)?.size ?? 0);
const walWrittenAt = (dataDir: string) => walStat(dataDir)?.mtimeNs;

await t.test('a writer thread that dies in the middle of a batch: nothing is lost or doubled', async (t) => {
  const dataDir = t.testdir();
  const { store, workers } = open(dataDir);
  const statuses: string[] = [];
  store.onHealth((health) => statuses.push(health.status));
  const pad = 'x'.repeat(1000);
  let rev = 0;
  // Where this thread was stopped meanwhile, the batch was durable before its writer died: that was no interruption.
  while (statuses.length < 2 * INTERRUPTIONS && rev < MOST_BATCHES) {
    rev += 1;
    const records = Array.from({ length: 8_000 }, (_, index) =>
      sampleCharger(`s${index}`, { rev, value: { rev, pad } }),
    );
    const readings = Array.from({ length: 100 }, (_, index) => sampleReading(rev * 100 + index));
    const before = walWrittenAt(dataDir);
    const durable = store.commit({ records, readings });
    // SQLite's cache is smaller than this batch: it spills into the log before the commit
    await until(() => walWrittenAt(dataDir) !== before);
    await workers.at(-1)!.terminate();
    await durable;
  }
  t.strictSame(
    statuses,
    ['degraded', 'ok', 'degraded', 'ok', 'degraded', 'ok'],
    'three batches were interrupted',
  );
  await store.close(WAIT_MS);
  t.match(query(dataDir, 'SELECT count(*) AS n, min(rev) AS rev, max(lseq) AS lseq FROM record'), [
    { n: 8_000, rev, lseq: 8_000 * rev },
  ]);
  t.match(query(dataDir, 'SELECT count(*) AS n FROM reading'), [{ n: 100 * rev }]);
});

await t.test('a writer thread that dies while idle is started anew by the next commit', async (t) => {
  const { store, workers } = open(t.testdir());
  await store.commit({ records: [sampleCharger('a')], readings: [] });
  await workers[0]!.terminate();
  await store.commit({ records: [sampleCharger('b')], readings: [] });
  t.equal(workers.length, 2);
  t.match(store.load(0).records, [{ id: 'a' }, { id: 'b' }]);
  await store.close(WAIT_MS);
});

await t.test(
  'a full disk: degraded and unacknowledged until there is room, then everything is stored',
  async (t) => {
    const dataDir = t.testdir();
    openDatabase({ dataDir }).db.close();
    query(dataDir, 'CREATE TABLE filler AS SELECT zeroblob(400000) AS bytes');
    const { store } = open(dataDir, { maxPages: 120 });
    const degraded = nextHealth(store, 'degraded');
    const acknowledged: number[] = [];
    const pad = 'x'.repeat(2000);
    const commits = Array.from({ length: 40 }, async (_, index) => {
      await store.commit({ records: [sampleCharger(`s${index}`, { value: { pad } })], readings: [] });
      acknowledged.push(index);
    });
    t.match(await degraded, { reason: 'database or disk is full', pendingRows: 40 });
    t.strictSame(acknowledged, []);
    const ok = nextHealth(store, 'ok');
    query(dataDir, 'DELETE FROM filler');
    await ok;
    await Promise.all(commits);
    t.equal(store.load(0).records.length, 40);
    await store.close(WAIT_MS);
  },
);

await t.test('a disk that stays full: closing gives up in time and says so', async (t) => {
  const { store } = open(t.testdir(), { maxPages: 10 });
  const degraded = nextHealth(store, 'degraded');
  const pad = 'x'.repeat(100_000);
  const unwritten = store.commit({ records: [sampleCharger('a', { value: { pad } })], readings: [] });
  const refused = t.rejects(unwritten, { code: 'closed' });
  await degraded;
  await t.rejects(store.close(300), { code: 'unwritable', message: /^1 rows were not written.*full/ });
  await refused;
});

await t.test('a store that is opened again has everything, and counts its commits on', async (t) => {
  const dataDir = t.testdir();
  const first = open(dataDir).store;
  const sessions = Array.from({ length: 30 }, (_, index) => sampleCharger(`s${index}`));
  const readings = [sampleReading(1), sampleReading(2)];
  await first.commit({ records: sessions, readings });
  await first.close(WAIT_MS);
  t.equal(walSize(dataDir), 0, 'a clean stop leaves no log behind');
  const second = open(dataDir).store;
  t.strictSame(second.load(10), { records: sessions, readings, readingIds: readings.map(({ id }) => id) });
  await second.commit({ records: [sampleCharger('s3', { rev: 2 })], readings: [] });
  await second.close(WAIT_MS);
  t.match(query(dataDir, `SELECT lseq FROM record WHERE id = 's3'`), [{ lseq: 31 }]);
});

await t.test('a version that is older than the stored one is refused and reported', async (t) => {
  const lines: unknown[] = [];
  const log = { ...silentLog, error: (...line: unknown[]) => lines.push(line) };
  const { store } = open(t.testdir(), { log });
  await store.commit({ records: [sampleCharger('a', { rev: 2 })], readings: [] });
  await store.commit({ records: [sampleCharger('b'), sampleCharger('a', { rev: 1 })], readings: [] });
  t.match(lines, [['DATA', /not stored/, { kind: 'charger', id: 'a', rev: 1 }]]);
  t.equal(lines.length, 1);
  await store.close(WAIT_MS);
});

await t.test(
  'old readings are forgotten, also behind those of a charger whose clock is in the future',
  async (t) => {
    const dataDir = t.testdir();
    const { store } = open(dataDir, { clock: { ...clock, now: () => sampleReading(20_000).at } });
    const future = Array.from({ length: 2500 }, (_, index) =>
      sampleReading(index, { at: Date.UTC(2039, 0) }),
    );
    const usual = Array.from({ length: 6000 }, (_, index) => sampleReading(2500 + index));
    await store.commit({ records: [sampleCharger('a')], readings: [...future, ...usual] });
    store.forgetReadingsBefore(sampleReading(5000).at);
    const count = 'SELECT count(*) AS n, min(seq) FILTER (WHERE at < 2e12) AS first FROM reading';
    await until(() => (query(dataDir, count)[0] as { n: number }).n === 6000);
    t.match(query(dataDir, count), [{ n: 6000, first: 5000 }]);
    t.equal(store.load(0).records.length, 1);
    await store.close(WAIT_MS);
  },
);

await t.test(
  'the write-ahead log is moved into the file when the writer is idle, and so stays bounded',
  async (t) => {
    const dataDir = t.testdir();
    const { store } = open(dataDir);
    const pad = 'x'.repeat(1000);
    const file = join(dataDir, '.kwota', 'kwota.sqlite');
    const sizeBefore = statSync(file).size;
    let largestLog = 0;
    for (let round = 1; round <= 5; round += 1) {
      const records = Array.from({ length: 5_000 }, (_, id) =>
        sampleCharger(`s${id}`, { rev: round, value: { pad } }),
      );
      await store.commit({ records, readings: [] });
      // what is in the file has been moved there: it holds the records of this round
      await until(() => statSync(file).size > sizeBefore + 5_000_000);
      await until(() => backlog(dataDir) === 0);
      largestLog = Math.max(largestLog, walSize(dataDir));
    }
    t.ok(largestLog < 20_000_000, `one round is 6 MB, five are 30: ${largestLog}`);
    await store.close(WAIT_MS);
  },
);

function backlog(dataDir: string): number {
  const [row] = query(dataDir, 'PRAGMA wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[];
  return row!.log - row!.checkpointed;
}

await t.test('the folder and the file are for their owner alone', async (t) => {
  const dataDir = t.testdir();
  const { store } = open(dataDir);
  await store.commit({ records: [sampleCharger('a')], readings: [] });
  const folder = join(dataDir, '.kwota');
  t.equal(statSync(folder).mode & 0o777, 0o700);
  for (const name of ['kwota.sqlite', 'kwota.sqlite-wal']) {
    t.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
  }
  await store.close(WAIT_MS);
});
