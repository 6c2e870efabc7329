// Group commit against a writer in the test's hand: what goes into which batch, what is repeated, who is told when.
import t from 'tap';
import type { Log } from '../runtime/log.ts';
import { silentLog } from '../runtime/log.ts';
import type { Batch, BatchWriter } from './batch.ts';
import { GroupCommit } from './group-commit.ts';
import { createHandClock, sampleReading, sampleCharger } from './sample.fixture.ts';
import type { Change, StoreHealth } from './store.ts';

function change(...ids: string[]): Change {
  return { records: ids.map((id) => sampleCharger(id)), readings: [] };
}

/** Waits until everything that promises and end-of-turn callbacks have set off is done. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function setUp(options: { lastLseq?: number; maxPendingRows?: number } = {}) {
  const batches: Batch[] = [];
  let current = Promise.withResolvers<readonly number[]>();
  let closedWithin: number | null = null;
  const writer: BatchWriter = {
    write(batch) {
      batches.push(batch);
      current = Promise.withResolvers();
      return current.promise;
    },
    close(withinMs) {
      closedWithin = withinMs;
      return Promise.resolve();
    },
  };
  const lines: string[] = [];
  const log: Log = {
    ...silentLog,
    info: (tag, message) => lines.push(`info ${tag} ${message}`),
    error: (tag, message) => lines.push(`error ${tag} ${message}`),
  };
  const clock = createHandClock();
  const group = new GroupCommit(writer, { clock, log, lastLseq: 0, ...options });
  const healths: StoreHealth[] = [];
  group.onHealth((health) => healths.push(health));
  return {
    group,
    clock,
    batches,
    lines,
    healths,
    closedWithin: () => closedWithin,
    ids: () => batches.map((batch) => batch.records.map((row) => row.id).join()),
    succeed: async (refused: number[] = []) => {
      current.resolve(refused);
      await settled();
    },
    fail: async (reason: string) => {
      current.reject(new Error(reason));
      await settled();
    },
  };
}

await t.test('all messages of one event-loop turn share a batch', async (t) => {
  const { group, ids } = setUp();
  void group.commit(change('a'));
  void group.commit(change('b', 'c'));
  await settled();
  t.strictSame(ids(), ['a,b,c']);
});

await t.test('what arrives while a batch is written is the next batch, posted at once', async (t) => {
  const { group, ids, succeed } = setUp();
  void group.commit(change('a'));
  await settled();
  void group.commit(change('b'));
  await settled();
  void group.commit(change('c'));
  await settled();
  t.strictSame(ids(), ['a']);
  await succeed();
  t.strictSame(ids(), ['a', 'b,c']);
});

await t.test('promises resolve when their batch is durable, in the order of the commits', async (t) => {
  const { group, succeed } = setUp();
  const order: string[] = [];
  const note = (id: string) => group.commit(change(id)).then(() => order.push(id));
  void note('a');
  void note('b');
  await settled();
  void note('c');
  await settled();
  t.strictSame(order, []);
  await succeed();
  t.strictSame(order, ['a', 'b']);
  await succeed();
  t.strictSame(order, ['a', 'b', 'c']);
});

await t.test('a change that changes nothing waits for everything handed over before it', async (t) => {
  const { group, succeed } = setUp();
  const nothing: Change = { records: [], readings: [] };
  await group.commit(nothing);
  let isDurable = false;
  void group.commit(change('a'));
  await settled();
  void group.commit(nothing).then(() => (isDurable = true));
  await settled();
  t.equal(isDurable, false);
  await succeed();
  t.equal(isDurable, true);
});

await t.test('of the versions of one record in a batch only the newest is written', async (t) => {
  const { group, batches, lines } = setUp();
  for (const rev of [1, 3, 2]) void group.commit({ records: [sampleCharger('a', { rev })], readings: [] });
  void group.commit({ records: [sampleCharger('a', { rev: 3, node: 'other' })], readings: [] });
  await settled();
  t.match(batches[0]?.records, [{ id: 'a', rev: 3, node: 'a' }]);
  t.equal(batches[0]?.records.length, 1);
  t.equal(lines.length, 2, 'each version that came too late is reported');
});

await t.test('readings are written in the order in which they came', async (t) => {
  const { group, batches } = setUp();
  void group.commit({ records: [], readings: [sampleReading(1), sampleReading(2)] });
  void group.commit({ records: [], readings: [sampleReading(3)] });
  await settled();
  t.strictSame(
    batches[0]?.readings.map((reading) => reading.seq),
    [1, 2, 3],
  );
});

await t.test('local commit order numbers count on from the stored ones', async (t) => {
  const { group, batches, succeed } = setUp({ lastLseq: 41 });
  void group.commit(change('a', 'b'));
  await settled();
  void group.commit(change('c'));
  await succeed();
  t.strictSame(
    batches.map((batch) => batch.firstLseq),
    [42, 44],
  );
});

await t.test('what is written is the value at the time of the commit', async (t) => {
  const { group, batches } = setUp();
  const value = { energyByDay: { '2026-11-30': 5 } };
  void group.commit({ records: [sampleCharger('a', { value })], readings: [] });
  value.energyByDay['2026-11-30'] = 6;
  await settled();
  t.equal(batches[0]?.records[0]?.json, '{"energyByDay":{"2026-11-30":5}}');
});

await t.test('a change that cannot be written is refused and does not hold up the others', async (t) => {
  const { group, ids } = setUp();
  void group.commit(change('a'));
  await t.rejects(group.commit({ records: [sampleCharger('b', { rev: Number.NaN })], readings: [] }));
  await t.rejects(group.commit({ records: [sampleCharger('b', { value: { n: 1n } })], readings: [] }));
  await t.rejects(group.commit({ records: [], readings: [sampleReading(1, { powerW: Number.NaN })] }));
  await t.rejects(
    group.commit({ records: [sampleCharger('b')], readings: [sampleReading(1, { id: 2 ** 48 })] }),
  );
  await settled();
  t.strictSame(ids(), ['a']);
});

await t.test(
  'a failed batch is repeated as it is until it is durable, and nothing overtakes it',
  async (t) => {
    const { group, clock, batches, ids, fail, succeed } = setUp();
    let isDurable = false;
    void group.commit(change('a')).then(() => (isDurable = true));
    await settled();
    await fail('disk I/O error');
    void group.commit({ records: [sampleCharger('a', { rev: 2 })], readings: [] });
    void group.commit(change('b'));
    await settled();
    for (const delayMs of [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
      const attempts = batches.length;
      clock.advance(delayMs - 1);
      t.equal(batches.length, attempts, `no repetition before ${delayMs} ms`);
      clock.advance(1);
      t.equal(batches.length, attempts + 1, `one repetition after ${delayMs} ms`);
      await fail('disk I/O error');
    }
    t.ok(
      batches.every((batch) => batch === batches[0]),
      'the very same batch each time',
    );
    t.equal(isDurable, false);
    clock.advance(5000);
    await succeed();
    t.equal(isDurable, true);
    t.strictSame(ids().slice(-2), ['a', 'a,b']);
    t.equal(batches.at(-1)?.records[0]?.rev, 2);
  },
);

await t.test('health is degraded, with the reason, from the first failure to the next success', async (t) => {
  const { group, clock, healths, lines, fail, succeed } = setUp();
  t.match(group.health(), { status: 'ok', reason: null, pendingRows: 0, isCongested: false });
  void group.commit(change('a', 'b'));
  await settled();
  await fail('database or disk is full');
  t.match(group.health(), { status: 'degraded', reason: 'database or disk is full', pendingRows: 2 });
  clock.advance(100);
  await fail('disk I/O error');
  t.match(group.health(), { status: 'degraded', reason: 'disk I/O error' });
  clock.advance(200);
  await succeed();
  t.match(group.health(), { status: 'ok', reason: null, pendingRows: 0 });
  t.strictSame(
    healths.map((health) => health.status),
    ['degraded', 'ok'],
    'listeners hear of the turns only',
  );
  t.equal(lines.length, 2, 'one line when it begins, one when it ends');
  t.match(lines, [/^error DATA/, /^info DATA/]);
});

await t.test('a lasting failure is logged once a minute, not at every repetition', async (t) => {
  const { group, clock, lines, fail } = setUp();
  void group.commit(change('a'));
  await settled();
  await fail('disk I/O error');
  for (let second = 0; second < 120; second += 5) {
    clock.advance(5000);
    await fail('disk I/O error');
  }
  t.equal(lines.length, 3);
});

await t.test('congestion is told above the bound, and its end below half of it', async (t) => {
  const { group, healths, succeed } = setUp({ maxPendingRows: 10 });
  void group.commit(change('first'));
  await settled();
  const ids = Array.from({ length: 9 }, (_, index) => `s${index}`);
  void group.commit(change(...ids));
  t.strictSame(healths, [], 'ten rows are within the bound');
  void group.commit({ records: [], readings: [sampleReading(1)] });
  t.match(healths, [{ status: 'ok', isCongested: true, pendingRows: 11 }]);
  await succeed();
  t.equal(group.health().isCongested, true, 'still more than half of it');
  await succeed();
  t.match(healths.slice(1), [{ status: 'ok', isCongested: false, pendingRows: 0 }]);
});

await t.test('a version that the store refuses is reported', async (t) => {
  const { group, lines, succeed } = setUp();
  void group.commit(change('a', 'b'));
  await settled();
  await succeed([1]);
  t.strictSame(lines, ['error DATA a version was not stored: a newer one is']);
});

await t.test('closing writes what was handed over, then closes the writer', async (t) => {
  const { group, closedWithin, ids, succeed } = setUp();
  void group.commit(change('a'));
  const closed = group.close(1000);
  await t.rejects(group.commit(change('b')), { code: 'closed' });
  await settled();
  t.equal(closedWithin(), null, 'not before the batch is durable');
  await succeed();
  await closed;
  t.strictSame(ids(), ['a']);
  t.equal(closedWithin(), 1000);
});

await t.test(
  'closing during a failure tries once more without waiting for the next repetition',
  async (t) => {
    const { group, batches, fail, succeed } = setUp();
    void group.commit(change('a'));
    await settled();
    await fail('disk I/O error');
    const closed = group.close(1000);
    await settled();
    t.equal(batches.length, 2);
    await succeed();
    await closed;
  },
);

await t.test('closing gives up in time and says how many rows were not written', async (t) => {
  const { group, clock, batches, fail } = setUp();
  const unwritten = group.commit(change('a', 'b'));
  await settled();
  const later = group.commit(change('c'));
  const closed = group.close(1000);
  await fail('disk I/O error');
  clock.advance(1000);
  await t.rejects(closed, { code: 'unwritable', message: /^3 rows .*disk I\/O error/ });
  await t.rejects(unwritten, { code: 'closed' });
  await t.rejects(later, { code: 'closed' });
  const attempts = batches.length;
  clock.advance(60_000);
  t.equal(batches.length, attempts, 'nothing is repeated after closing');
});

await t.test(
  'closing does not wait for a writer that hangs, and its late answer changes nothing',
  async (t) => {
    const { group, clock, batches, succeed } = setUp();
    const unwritten = group.commit(change('a'));
    await settled();
    const closed = group.close(1000);
    clock.advance(1000);
    await t.rejects(closed, { code: 'unwritable', message: /^1 rows .*within 1000 ms/ });
    await t.rejects(unwritten, { code: 'closed' });
    await succeed();
    t.equal(batches.length, 1);
  },
);
