// What every store promises, tried on each of them: the one in memory and SQLite.
import t from 'tap';
import { systemClock } from '../runtime/clock.ts';
import { silentLog } from '../runtime/log.ts';
import { isAccepted } from './batch.ts';
import { createMemoryStore } from './memory.ts';
import { sampleReading, sampleCharger, sampleTrace } from './sample.fixture.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import { until } from '../../test/kit/until.ts';
import { READINGS_SCANNED, type ReadingQuery } from './store.ts';

const ROOM = { bytesOfCharger: 1_000_000, bytesOfAll: 1_000_000 };
const stored = { node: 'a', epoch: 2, rev: 5 };
const ONE_RULE: readonly [string, Partial<typeof stored>, boolean][] = [
  ['the next version', { rev: 6 }, true],
  ['a much newer version', { rev: 60 }, true],
  ['an older version', { rev: 4 }, false],
  ['the same version from the same node', {}, true],
  ['the same version from another node', { node: 'b' }, false],
  ['a newer version from another node', { rev: 6, node: 'b' }, true],
  ['an early version of a newer epoch', { epoch: 3, rev: 1 }, true],
  ['a late version of an older epoch', { epoch: 1, rev: 99 }, false],
];

for (const [situation, offered, isTaken] of ONE_RULE) {
  await t.test(`the rule: ${situation} is ${isTaken ? 'accepted' : 'refused'}`, (t) => {
    t.equal(isAccepted(stored, { ...stored, ...offered }), isTaken);
    t.end();
  });
}

const STORES = {
  memory: () => createMemoryStore(),
  SQLite: (dataDir: string) => openSqliteStore({ dataDir, clock: systemClock, log: silentLog }),
};

for (const [name, open] of Object.entries(STORES)) {
  await t.test(`${name}: a new store is empty`, async (t) => {
    const store = open(t.testdir());
    t.strictSame(store.load(500), { records: [], readings: [], readingIds: [] });
    await store.close(5000);
  });

  await t.test(`${name}: what was committed is loaded as it was`, async (t) => {
    const store = open(t.testdir());
    const session = sampleCharger('CP1/17', {
      value: { note: 'ünïcode \0 "quoted"', list: [1, null, { a: 2.5 }] },
    });
    const site = sampleCharger('site', { kind: 'site', chargePointId: null, account: null, epoch: 0 });
    const bare = { transactionId: null, registerWh: null, powerW: null, frequencyMilliHz: null };
    const readings = [sampleReading(7, { id: 0xffff_ffff_ffff }), sampleReading(8, bare)];
    await store.commit({ records: [session, site], readings });
    const readingIds = readings.map(({ id }) => id);
    t.strictSame(store.load(500), { records: [session, site], readings, readingIds });
    await store.close(5000);
  });

  for (const [situation, offered, isTaken] of ONE_RULE) {
    await t.test(`${name}: ${situation} is ${isTaken ? 'stored' : 'refused'}`, async (t) => {
      const store = open(t.testdir());
      const before = sampleCharger('s', { ...stored, value: { wh: 1 } });
      const after = sampleCharger('s', { ...stored, ...offered, value: { wh: 2 } });
      await store.commit({ records: [before], readings: [] });
      await store.commit({ records: [after], readings: [] });
      t.strictSame(store.load(0).records, [isTaken ? after : before]);
      await store.close(5000);
    });
  }

  await t.test(`${name}: records of different kinds may share an id`, async (t) => {
    const store = open(t.testdir());
    const records = [sampleCharger('x'), sampleCharger('x', { kind: 'entry' })];
    await store.commit({ records, readings: [] });
    t.strictSame(store.load(0).records, records);
    await store.close(5000);
  });

  await t.test(
    `${name}: a repeated reading is there once, and the newest are loaded oldest first`,
    async (t) => {
      const store = open(t.testdir());
      const readings = [1, 2, 3, 4].map((seq) => sampleReading(seq));
      await store.commit({ records: [], readings });
      await store.commit({ records: [], readings: readings.slice(1, 3) });
      t.strictSame(store.load(500).readings, readings);
      t.strictSame(store.load(2).readings, readings.slice(2));
      t.strictSame(
        store.load(0, 3).readingIds,
        readings.slice(1).map(({ id }) => id),
      );
      t.strictSame(store.load(0).readings, []);
      await store.close(5000);
    },
  );

  await t.test(
    `${name}: readings are found from the newest on, by charger, transaction and time`,
    async (t) => {
      const store = open(t.testdir());
      const other = { chargePointId: 'CP2', transactionId: null };
      const readings = [1, 2, 3, 4, 5, 6].map((seq) => sampleReading(seq, seq % 2 === 0 ? other : {}));
      await store.commit({ records: [], readings });
      /** Page after page, to the end of the log. */
      const find = (filter: Partial<ReadingQuery>, limit = 99) => {
        const seqs: number[][] = [];
        for (let beforeSeq: number | null = null; ;) {
          const found = store.findReadings({ ...filter, beforeSeq, limit });
          seqs.push(found.readings.map(({ seq }) => seq));
          if (found.beforeSeq === null) return seqs.flat();
          beforeSeq = found.beforeSeq;
        }
      };
      const all = store.findReadings({ beforeSeq: null, limit: 9 });
      t.strictSame(all, { readings: readings.toReversed(), beforeSeq: null });
      t.strictSame(store.findReadings({ beforeSeq: null, limit: 2 }).readings.length, 2);
      t.strictSame(find({}, 1), [6, 5, 4, 3, 2, 1], 'each once');
      t.strictSame(find({ chargePointId: 'CP2' }, 2), [6, 4, 2]);
      t.strictSame(find({ transactionId: 17 }), [5, 3, 1]);
      t.strictSame(find({ chargePointId: 'CP3' }), []);
      const [fromMs, toMs] = [readings[2]!.at, readings[4]!.at];
      t.strictSame(find({ fromMs, toMs }), [4, 3], 'from its first moment to before its last');
      await store.close(5000);
    },
  );

  await t.test(`${name}: the meter log can be read on from any place`, async (t) => {
    const store = open(t.testdir());
    t.equal(store.lastReadingSeq(), 0);
    const readings = [3, 4, 5, 6].map((seq) => sampleReading(seq));
    await store.commit({ records: [], readings });
    t.equal(store.lastReadingSeq(), 6);
    t.strictSame(store.readingsAfter(0, 2), readings.slice(0, 2));
    t.strictSame(store.readingsAfter(4, 9), readings.slice(2));
    t.strictSame(store.readingsAfter(6, 9), []);
    await store.close(5000);
  });

  await t.test(`${name}: the newest reading stays, however old: its seq is not used again`, async (t) => {
    const store = open(t.testdir());
    await store.commit({ records: [], readings: [1, 2, 3].map((seq) => sampleReading(seq)) });
    store.forgetReadingsBefore(sampleReading(9).at);
    await until('the others are gone', () => store.readingsAfter(0, 9).length === 1);
    t.strictSame(store.readingsAfter(0, 9), [sampleReading(3)]);
    t.equal(store.lastReadingSeq(), 3);
    await store.close(5000);
  });

  await t.test(`${name}: blocks of traces are loaded by charger, from either end`, async (t) => {
    const store = open(t.testdir());
    const blocks = [1, 2, 3, 4].map((n) => sampleTrace(n));
    const others = [sampleTrace(7, { chargePointId: 'CP0' }), sampleTrace(9, { chargePointId: 'CP2' })];
    t.strictSame(store.lastTraceSeqs(), new Map());
    await store.saveTrace([...blocks.slice(0, 3), ...others], ROOM);
    await store.saveTrace(blocks.slice(3), ROOM);
    const load = (...asked: Parameters<typeof store.loadTrace>) =>
      store.loadTrace(...asked).map((block) => ({ ...block, lines: new Uint8Array(block.lines) }));
    t.strictSame(load('CP1', { afterSeq: 0 }, 9), blocks);
    t.strictSame(load('CP1', { afterSeq: 15 }, 2), blocks.slice(1, 3));
    t.strictSame(load('CP1', { afterSeq: 20 }, 9), blocks.slice(2));
    t.strictSame(load('CP1', { beforeSeq: 40 }, 2), [blocks[2], blocks[1]]);
    t.strictSame(load('CP1', { beforeSeq: 10 }, 2), []);
    t.strictSame(load('CP3', { afterSeq: 0 }, 9), []);
    t.strictSame([...store.lastTraceSeqs()].sort(), [
      ['CP0', 70],
      ['CP1', 40],
      ['CP2', 90],
    ]);
    await store.close(5000);
  });

  await t.test(`${name}: above the limits the oldest blocks go, of the charger and of all`, async (t) => {
    const store = open(t.testdir());
    const limits = { bytesOfCharger: 35_000, bytesOfAll: 85_000 };
    const seqsOf = (id: string) => store.loadTrace(id, { afterSeq: 0 }, 99).map((block) => block.lastSeq);
    for (let n = 1; n <= 6; n += 1) await store.saveTrace([sampleTrace(n)], limits);
    const kept = seqsOf('CP1');
    t.strictSame(kept, [40, 50, 60]);
    await store.saveTrace([sampleTrace(6, { chargePointId: 'CP2' })], limits);
    t.strictSame(seqsOf('CP1'), kept, 'another charger has its own');
    for (const n of [7, 8]) {
      const ids = ['CP2', 'CP3', 'CP4', 'CP5'];
      await store.saveTrace(
        ids.map((chargePointId) => sampleTrace(n, { chargePointId })),
        limits,
      );
    }
    t.strictSame(seqsOf('CP1'), [], 'the oldest of all');
    t.strictSame(
      ['CP2', 'CP3', 'CP4', 'CP5'].map((id) => seqsOf(id).at(-1)),
      [80, 80, 80, 80],
    );
    await store.close(5000);
  });

  await t.test(`${name}: after closing nothing is taken`, async (t) => {
    const store = open(t.testdir());
    await store.close(5000);
    await t.rejects(store.commit({ records: [sampleCharger('a')], readings: [] }), { code: 'closed' });
    await t.rejects(store.saveTrace([sampleTrace(1)], ROOM), /closed/);
  });
}

await t.test(
  'memory: paused commits become durable in order when released, or are lost in a crash',
  async (t) => {
    const store = createMemoryStore();
    const order: number[] = [];
    const note = (rev: number) =>
      store.commit({ records: [sampleCharger('s', { rev })], readings: [] }).then(() => order.push(rev));
    await note(1);
    store.pause();
    void note(2);
    void note(3);
    t.match(store.health(), { status: 'degraded', pendingRows: 2 });
    t.match(store.load(0).records, [{ rev: 1 }]);
    store.release();
    await note(4);
    t.strictSame(order, [1, 2, 3, 4]);
    store.pause();
    void note(5);
    store.crash();
    t.match(store.load(0).records, [{ rev: 4 }]);
    t.equal(store.health().status, 'ok');
  },
);

await t.test(
  'SQLite: one look into a long log is bounded, and the next goes on where it ended',
  async (t) => {
    const store = STORES.SQLite(t.testdir());
    const ofCharger = (chargePointId: string, ...seqs: readonly number[]) =>
      seqs.map((seq) => sampleReading(seq, { chargePointId }));
    const newest = READINGS_SCANNED * 3;
    await store.commit({ records: [], readings: [...ofCharger('CP1', 1), ...ofCharger('CP2', 9, newest)] });
    const first = store.findReadings({ chargePointId: 'CP1', beforeSeq: null, limit: 5 });
    t.strictSame(first, { readings: [], beforeSeq: 10 }, 'over what is not there it does not look');
    t.match(store.findReadings({ chargePointId: 'CP1', beforeSeq: 10, limit: 5 }), {
      readings: [{ seq: 1 }],
      beforeSeq: null,
    });
    await store.close(5000);
  },
);
