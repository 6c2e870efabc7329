// The traces of chargers: bounds, what is stored when, reading across memory and disk, a disk that fails or hangs.
import { randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import t from 'tap';
import { isCutText, type TraceBlock, type TraceLine } from '../domain/trace.ts';
import { silentLog } from '../runtime/log.ts';
import { systemClock } from '../runtime/clock.ts';
import { createManualClock } from '../runtime/manual-clock.ts';
import { createMemoryStore } from '../store/memory.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { packBlock, type TraceStore } from './trace-blocks.ts';
import { Traces, type TracesParts } from './traces.ts';

const LIMITS = { bytesOfCharger: 4_000_000, bytesOfAll: 100_000_000 };
const KIB = 1024;
const MIB = 1024 * 1024;
const WAIT_MS = 60_000;

/** Traces over a store whose saves are counted, and can be made to wait, to fail, or to fail after all was written. */
function site(changes: Partial<TracesParts> = {}, stored: TraceStore = createMemoryStore()) {
  const clock = createManualClock();
  const saved: (readonly TraceBlock[])[] = [];
  const said: string[] = [];
  const disk = {
    saved,
    tries: 0,
    /** Called before each save. */
    before: (): void | Promise<void> => undefined,
    after: (): void => undefined,
  };
  const store: TraceStore = {
    async saveTrace(blocks, limits) {
      disk.tries += 1;
      await disk.before();
      await stored.saveTrace(blocks, limits);
      disk.after();
      saved.push(blocks);
    },
    loadTrace: (...range) => stored.loadTrace(...range),
    lastTraceSeqs: () => stored.lastTraceSeqs(),
  };
  const note = (level: string) => (_tag: string, message: string, fields?: object) =>
    void said.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const log = { ...silentLog, info: note('info'), warn: note('warn') };
  const traces = new Traces({ store, limits: LIMITS, isStored: true, clock, log, ...changes });
  return { clock, disk, said, traces, stored };
}

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within ${WAIT_MS} ms`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const seqs = (lines: readonly TraceLine[]) => lines.map((line) => line.seq);
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => first + at);
const addMany = (traces: Traces, id: string, count: number, text = 'x') => {
  for (let n = 0; n < count; n += 1) traces.add(id, 'in', text);
};
const textLength = (lines: readonly TraceLine[]) => lines.reduce((sum, line) => sum + line.text.length, 0);
const full = () => {
  throw new Error('database or disk is full');
};

await t.test('lines are told as they came, each charger with its own numbers', async (t) => {
  const { traces, clock } = site();
  traces.add('CP1', 'connected', '/ocpp/CP1');
  clock.advance(5);
  traces.add('CP1', 'in', '[2,"1","Heartbeat",{}]');
  traces.add('CP2', 'connected', '/CP2');
  traces.add('CP1', 'out', '[3,"1",{}]');
  traces.add('CP1', 'disconnected', 'closed');
  t.strictSame(await traces.read('CP1', {}), [
    { seq: 1, atMs: 0, kind: 'connected', text: '/ocpp/CP1' },
    { seq: 2, atMs: 5, kind: 'in', text: '[2,"1","Heartbeat",{}]' },
    { seq: 3, atMs: 5, kind: 'out', text: '[3,"1",{}]' },
    { seq: 4, atMs: 5, kind: 'disconnected', text: 'closed' },
  ]);
  t.strictSame(seqs(await traces.read('CP2', {})), [1]);
  t.strictSame(await traces.read('CP3', {}), []);
});

await t.test('few lines are stored together after half a minute, not before', async (t) => {
  const { traces, clock, disk } = site();
  addMany(traces, 'CP1', 3);
  clock.advance(20_000);
  addMany(traces, 'CP1', 2);
  addMany(traces, 'CP2', 1);
  clock.advance(11_000);
  await until(() => disk.saved.length > 0);
  t.match(disk.saved, [[{ chargePointId: 'CP1', firstSeq: 1, lastSeq: 5, firstMs: 0, lastMs: 20_000 }]]);
  const [block] = disk.saved[0]!;
  t.match(inflateSync(block!.lines).toString(), /^\{"seq":1,.*\}\n(\{.*\}\n){3}\{"seq":5,.*\}$/);
  clock.advance(20_000);
  await until(() => disk.saved.length > 1);
  t.match(disk.saved[1], [{ chargePointId: 'CP2', firstSeq: 1, lastSeq: 1 }]);
});

await t.test(
  '64 KiB of a charger are stored at the next look, those of several in one transaction',
  async (t) => {
    const { traces, clock, disk } = site();
    for (const id of ['CP1', 'CP2', 'CP3']) addMany(traces, id, 70, 'x'.repeat(KIB));
    addMany(traces, 'quiet', 1);
    clock.advance(1_000);
    await until(() => disk.saved.length > 0);
    t.equal(disk.saved.length, 1);
    t.strictSame(
      disk.saved[0]!.map((block) => block.chargePointId),
      ['CP1', 'CP2', 'CP3'],
    );
    t.ok(
      disk.saved[0]!.every((block) => block.lastSeq < 64),
      'a block is about 64 KiB, the rest waits',
    );
    t.strictSame(seqs(await traces.read('CP2', {})), upTo(70));
  },
);

await t.test('reading: the newest, those after a number, and both across memory and disk', async (t) => {
  const { traces, clock, disk } = site();
  for (let round = 1; round <= 40; round += 1) {
    addMany(traces, 'CP1', 5);
    clock.advance(31_000);
    await until(() => disk.saved.length === round);
  }
  addMany(traces, 'CP1', 5);
  const read = async (range: { afterSeq?: number; limit?: number }) => seqs(await traces.read('CP1', range));
  t.strictSame(await read({}), upTo(205));
  t.strictSame(await read({ limit: 3 }), [203, 204, 205]);
  t.strictSame(await read({ limit: 5 }), upTo(205, 201));
  t.strictSame(await read({ limit: 8 }), upTo(205, 198));
  t.strictSame(await read({ afterSeq: 0 }), upTo(205));
  t.strictSame(await read({ afterSeq: 17, limit: 4 }), [18, 19, 20, 21]);
  t.strictSame(await read({ afterSeq: 198, limit: 5 }), upTo(203, 199));
  t.strictSame(await read({ afterSeq: 200 }), upTo(205, 201));
  t.strictSame(await read({ afterSeq: 203 }), [204, 205]);
  t.strictSame(await read({ afterSeq: 205 }), []);
});

/** A charger with five lines on disk and ten more in memory. */
async function siteWithSomeStored() {
  const made = site();
  addMany(made.traces, 'CP1', 5);
  made.clock.advance(31_000);
  await until(() => made.disk.saved.length === 1);
  addMany(made.traces, 'CP1', 10);
  return made;
}

await t.test('a read before, during and after a save has every line once', async (t) => {
  const { traces, clock, disk } = await siteWithSomeStored();
  const begun = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  disk.before = async () => {
    begun.resolve(undefined);
    await goOn.promise;
  };
  clock.advance(31_000);
  await begun.promise;
  addMany(traces, 'CP1', 2);
  const answers: Promise<TraceLine[]>[] = [];
  const readBoth = () => answers.push(traces.read('CP1', {}), traces.read('CP1', { afterSeq: 3 }));
  readBoth();
  // Written, and still in memory.
  disk.after = () => void readBoth();
  goOn.resolve(undefined);
  await until(() => disk.saved.length === 2);
  readBoth();
  t.strictSame(
    (await Promise.all(answers)).map(seqs),
    [0, 3, 0, 3, 0, 3].map((after) => upTo(17, after + 1)),
  );
});

await t.test('a save that failed after all was written: the lines are told once', async (t) => {
  const { traces, clock, disk, stored } = await siteWithSomeStored();
  const blocks = () => stored.loadTrace('CP1', { afterSeq: 0 }, 9).length;
  disk.after = () => {
    disk.after = () => undefined;
    throw new Error('the writer thread ended');
  };
  clock.advance(31_000);
  await until(() => blocks() === 2);
  addMany(traces, 'CP1', 3);
  t.strictSame(seqs(await traces.read('CP1', {})), upTo(18));
  t.strictSame(seqs(await traces.read('CP1', { afterSeq: 3 })), upTo(18, 4));
  clock.advance(31_000);
  await until(() => disk.saved.length === 2);
  addMany(traces, 'CP1', 2);
  t.equal(blocks(), 3, 'two of them share lines');
  t.strictSame(seqs(await traces.read('CP1', {})), upTo(20));
  t.strictSame(seqs(await traces.read('CP1', { afterSeq: 8 })), upTo(20, 9));
});

await t.test(
  'blocks that share lines, for the oldest were dropped between two saves: told once',
  async (t) => {
    const stored = createMemoryStore();
    const lines = upTo(15).map((seq) => ({ seq, atMs: seq, kind: 'in' as const, text: `${seq}` }));
    for (const [first, last] of [
      [1, 10],
      [4, 12],
      [13, 15],
    ] as const)
      await stored.saveTrace([await packBlock('CP1', lines.slice(first - 1, last))], LIMITS);
    const { traces } = site({}, stored);
    t.strictSame(await traces.read('CP1', {}), lines);
    t.strictSame(await traces.read('CP1', { limit: 13 }), lines.slice(2));
    t.strictSame(await traces.read('CP1', { afterSeq: 5 }), lines.slice(5));
  },
);

await t.test('a restart: numbers go on, and what was in memory at the end is there', async (t) => {
  const dataDir = t.testdir();
  const open = () => openSqliteStore({ dataDir, clock: systemClock, log: silentLog });
  const first = open();
  const before = site({ clock: systemClock }, first).traces;
  addMany(before, 'CP1', 300, 'ünïcode "quoted" \n\u0000 '.repeat(40));
  addMany(before, 'CP2', 2);
  const told = await before.read('CP1', {});
  await before.close();
  await first.close(WAIT_MS);
  const second = open();
  const after = site({ clock: systemClock }, second).traces;
  t.strictSame(await after.read('CP1', {}), told);
  t.strictSame(await after.read('CP1', { limit: 2 }), told.slice(-2));
  after.add('CP1', 'connected', '/CP1');
  t.strictSame(seqs(await after.read('CP1', { afterSeq: 298 })), [299, 300, 301]);
  t.strictSame(seqs(await after.read('CP2', {})), [1, 2]);
  await after.close();
  await second.close(WAIT_MS);
});

await t.test(
  'a disk that is full: bounded, a gap where lines were dropped, said once, and over again',
  async (t) => {
    const { traces, clock, disk, said } = site();
    disk.before = full;
    for (let round = 1; round <= 20; round += 1) {
      addMany(traces, 'CP1', 300, 'x'.repeat(KIB));
      clock.advance(31_000);
      await until(() => disk.tries === round);
    }
    const kept = await traces.read('CP1', {});
    t.ok(textLength(kept) <= 4 * MIB && textLength(kept) > 2 * MIB, 'bounded, and not empty');
    t.strictSame(seqs(kept), upTo(6000, kept[0]!.seq), 'the newest');
    t.strictSame(said, [
      'warn traces cannot be stored; only the newest frames are kept {"reason":"database or disk is full"}',
    ]);
    disk.before = () => undefined;
    clock.advance(31_000);
    await until(() => said.length > 1);
    t.match(said[1], `info traces are stored again {"dropped":${6000 - kept.length}}`);
    t.strictSame(seqs(await traces.read('CP1', {})), seqs(kept));
  },
);

await t.test('after a failure the disk is left alone for a while', async (t) => {
  const { traces, clock, disk, said } = site();
  disk.before = full;
  addMany(traces, 'CP1', 1);
  clock.advance(31_000);
  await until(() => said.length === 1);
  clock.advance(29_000);
  // as long as another try would need
  for (let n = 0; n < 5; n += 1) await packBlock('CP1', await traces.read('CP1', {}));
  t.equal(disk.tries, 1);
  clock.advance(1_000);
  await until(() => disk.tries === 2);
});

await t.test('a disk that hangs: nobody waits, memory stays bounded, and closing gives up', async (t) => {
  const { traces, clock, disk } = site();
  disk.before = () => new Promise<void>(() => undefined);
  addMany(traces, 'CP1', 3000, 'x'.repeat(KIB));
  clock.advance(31_000);
  addMany(traces, 'CP1', 3000, 'x'.repeat(KIB));
  const kept = await traces.read('CP1', {});
  t.ok(textLength(kept) <= 4 * MIB);
  t.equal(kept.at(-1)?.seq, 6000);
  const closed = traces.close();
  clock.advance(2_000);
  await closed;
});

await t.test('many chargers together are bounded, and each keeps its newest lines', async (t) => {
  const { traces, disk } = site();
  disk.before = full;
  const ids = Array.from({ length: 100 }, (_, n) => `CP${n}`);
  for (let round = 0; round < 100; round += 1) for (const id of ids) addMany(traces, id, 8, 'x'.repeat(KIB));
  const kept = await Promise.all(ids.map((id) => traces.read(id, {})));
  const length = kept.reduce((sum, lines) => sum + textLength(lines), 0);
  t.ok(length <= 32 * MIB && length > 8 * MIB, `${length} of 80 MiB`);
  t.ok(kept.every((lines) => lines.at(-1)?.seq === 800 && lines.length > 50));
});

await t.test('lines of no text are bounded too', async (t) => {
  const { traces } = site();
  addMany(traces, 'CP1', 100_000, '');
  const kept = await traces.read('CP1', {});
  t.ok(kept.length > 20_000 && kept.length <= 40_000, `${kept.length}`);
});

await t.test(
  'a lot in memory is stored, due or not, a part at each look, and each charger has its turn',
  async (t) => {
    const { traces, clock, disk } = site();
    for (let n = 0; n < 400; n += 1) addMany(traces, `CP${n}`, 45, 'x'.repeat(KIB));
    const stored = new Set<string>();
    let looks = 0;
    for (; stored.size < 60; looks += 1) {
      const before = disk.saved.length;
      clock.advance(1_000);
      await until(() => disk.saved.length > before);
      const blocks = disk.saved.slice(before).flat();
      t.ok(blocks.length <= 32, 'about 1 MiB a look');
      for (const { chargePointId } of blocks) {
        t.notOk(stored.has(chargePointId), 'none before all others');
        stored.add(chargePointId);
      }
    }
    t.ok(looks >= 3, `${looks} looks`);
  },
);

await t.test('a frame is kept whole up to 1 MiB; a longer one is cut, and says so', async (t) => {
  const { traces, clock, disk } = site();
  const whole = randomBytes(MIB / 2).toString('hex');
  traces.add('CP1', 'in', whole);
  traces.add('CP1', 'in', `${whole}]`);
  clock.advance(31_000);
  await until(() => disk.saved.length > 0);
  const [first, second] = await traces.read('CP1', {});
  t.ok(first!.text === whole && !isCutText(first!.text));
  t.ok(second!.text.startsWith(whole) && isCutText(second!.text));
  t.match(second!.text.slice(-30), '… (1 more characters)');
});

await t.test('a read of very long lines ends early, and goes on after its last line', async (t) => {
  const { traces, clock, disk } = site();
  for (let round = 1; round <= 40; round += 1) {
    traces.add('CP1', 'in', 'x'.repeat(MIB));
    clock.advance(31_000);
    await until(() => disk.saved.length === round);
  }
  const first = await traces.read('CP1', { afterSeq: 0 });
  const second = await traces.read('CP1', { afterSeq: first.at(-1)!.seq });
  t.ok(first.length < 40);
  t.strictSame(seqs([...first, ...second]), upTo(40));
  t.strictSame(seqs(await traces.read('CP1', {})), upTo(40, 40 - first.length + 1), 'the newest');
});

await t.test('when nothing is to be stored, nothing is, and the newest stay in memory', async (t) => {
  const { traces, clock, disk } = site({ isStored: false });
  addMany(traces, 'CP1', 100, 'x'.repeat(KIB));
  clock.advance(3_600_000);
  await traces.close();
  t.equal(clock.pending(), 0);
  t.strictSame(disk.saved, []);
  t.equal((await traces.read('CP1', {})).length, 100);
});
