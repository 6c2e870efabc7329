// Traces in the SQLite store in trouble and over time: a full disk, a writer thread that dies, a commit beside a save, retention.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import t from 'tap';
import { systemClock } from '../../runtime/clock.ts';
import { silentLog } from '../../runtime/log.ts';
import { sampleReading, sampleCharger, sampleTrace } from '../sample.fixture.ts';
import { openDatabase } from './database.ts';
import { MIGRATIONS } from './schema.ts';
import { openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
import { startWriterThread } from './worker-writer.ts';

const ROOM = { bytesOfCharger: 100_000_000, bytesOfAll: 100_000_000 };
const WAIT_MS = 60_000;

function open(dataDir: string, options: Partial<SqliteStoreOptions> = {}) {
  const workers: Worker[] = [];
  const store = openSqliteStore({
    dataDir,
    clock: systemClock,
    log: silentLog,
    startWorker(data) {
      const worker = startWriterThread(data);
      workers.push(worker);
      return worker;
    },
    ...options,
  });
  const seqsOf = (id: string) => store.loadTrace(id, { afterSeq: 0 }, 9_999).map((block) => block.lastSeq);
  return { store, workers, seqsOf };
}

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within ${WAIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

await t.test('a store of the format without traces is migrated, and takes them', async (t) => {
  const dataDir = t.testdir();
  openDatabase({ dataDir, migrations: MIGRATIONS.slice(0, 1) }).db.close();
  const { store, seqsOf } = open(dataDir);
  await store.saveTrace([sampleTrace(1)], ROOM);
  t.strictSame(seqsOf('CP1'), [10]);
  await store.close(WAIT_MS);
});

await t.test(
  'a full disk: a save is refused, the next may be taken, and health says nothing of it',
  async (t) => {
    const { store, seqsOf } = open(t.testdir(), { maxPages: 40 });
    const told: string[] = [];
    store.onHealth((health) => told.push(health.status));
    const large = new Uint8Array(400_000);
    await t.rejects(
      store.saveTrace([sampleTrace(1), sampleTrace(2, { lines: large })], ROOM),
      /database or disk is full/,
    );
    t.strictSame(seqsOf('CP1'), [], 'all of it or nothing');
    await store.commit({ records: [sampleCharger('a')], readings: [] });
    await store.saveTrace([sampleTrace(1)], ROOM);
    t.strictSame(seqsOf('CP1'), [10]);
    t.equal(store.load(0).records.length, 1);
    t.strictSame([told, store.health().status], [[], 'ok']);
    await store.close(WAIT_MS);
  },
);

await t.test(
  'a commit beside saves is durable, also when its thread dies; the save is not repeated',
  async (t) => {
    const { store, workers, seqsOf } = open(t.testdir(), {
      clock: {
        ...systemClock,
        after: (delayMs, fire) => {
          const timer = setTimeout(fire, delayMs);
          return () => clearTimeout(timer);
        },
      },
    });
    await store.saveTrace([sampleTrace(1)], ROOM);
    const ended = workers[0]!.terminate();
    const refused = t.rejects(store.saveTrace([sampleTrace(2)], ROOM), /writer thread ended/);
    const committed = store.commit({ records: [sampleCharger('a')], readings: [] });
    await Promise.all([ended, refused, committed]);
    await store.saveTrace([sampleTrace(3)], ROOM);
    t.strictSame(seqsOf('CP1'), [10, 30]);
    t.equal(store.load(0).records.length, 1);
    await store.close(WAIT_MS);
  },
);

await t.test('the same end again adds nothing: the block that is stored has all its lines', async (t) => {
  const { store } = open(t.testdir());
  await store.saveTrace([sampleTrace(2)], ROOM);
  await store.saveTrace([sampleTrace(2, { firstSeq: 15 }), sampleTrace(3, { firstSeq: 15 })], ROOM);
  t.match(store.loadTrace('CP1', { afterSeq: 0 }, 9), [
    { firstSeq: 11, lastSeq: 20 },
    { firstSeq: 15, lastSeq: 30 },
  ]);
  await store.close(WAIT_MS);
});

await t.test('limits that shrank are kept to, step by step and across a restart', async (t) => {
  const dataDir = t.testdir();
  const first = open(dataDir);
  const lines = new Uint8Array(1_000);
  const blocks = Array.from({ length: 500 }, (_, index) => sampleTrace(index + 1, { lines }));
  await first.store.saveTrace(blocks, ROOM);
  await first.store.close(WAIT_MS);
  const { store, seqsOf } = open(dataDir);
  const small = { ...ROOM, bytesOfCharger: 20_000 };
  const counts: number[] = [];
  for (let n = 501; n <= 505; n += 1) {
    await store.saveTrace([sampleTrace(n, { lines })], small);
    counts.push(seqsOf('CP1').length);
  }
  t.ok(counts[0]! > 300 && counts[0]! < 500, `not all in one transaction: ${counts.join()}`);
  t.ok(counts.at(-1)! > 10 && counts.at(-1)! <= 20, counts.join());
  t.equal(seqsOf('CP1').at(-1), 5050);
  await store.close(WAIT_MS);
});

await t.test('old blocks are forgotten, those of every charger, and nothing else', async (t) => {
  const dataDir = t.testdir();
  const { store, seqsOf } = open(dataDir);
  const lines = new Uint8Array(100);
  const ids = ['CP1', 'CP2', 'CP3'];
  const blocks = ids.flatMap((chargePointId) =>
    Array.from({ length: 200 }, (_, index) => sampleTrace(index + 1, { chargePointId, lines })),
  );
  await store.saveTrace(blocks, ROOM);
  await store.commit({ records: [sampleCharger('a')], readings: [sampleReading(1)] });
  store.forgetTracesBefore(sampleTrace(198).lastMs);
  await until(() => ids.every((id) => seqsOf(id).length === 3));
  t.strictSame(
    ids.map(seqsOf),
    ids.map(() => [1980, 1990, 2000]),
  );
  t.match(store.load(9), { records: { length: 1 }, readings: { length: 1 } });
  store.forgetTracesBefore(Date.UTC(2100, 0));
  await until(() => store.lastTraceSeqs().size === 0);
  await store.close(WAIT_MS);
  const db = new DatabaseSync(join(dataDir, '.kwota', 'kwota.sqlite'));
  t.match(db.prepare('SELECT count(*) AS n FROM trace').get(), { n: 0 });
  db.close();
});
