// What a power failure may do to the store's files within SQLite's guarantees: the end of the log that was not yet synced is cut,
// zeros, or garbage. What is left is every commit up to some point, each whole, and the store goes on from there.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { sampleReading, sampleCharger } from '../../src/store/sample.fixture.ts';
import type { Loaded, Store } from '../../src/store/store.ts';

const COMMITS = 60;
const CUTS = 12;
/** For a busy disk. */
const CLOSE_WITHIN_MS = 60_000;

t.setTimeout(300_000);

// The clock's timers do not hold the process.
const hold = setInterval(() => undefined, 60_000);
t.teardown(() => clearInterval(hold));

const open = (dataDir: string): Store => openSqliteStore({ dataDir, clock: systemClock, log: silentLog });
const filesIn = (dataDir: string) =>
  ['', '-wal'].map((suffix) => join(dataDir, '.kwota', `kwota.sqlite${suffix}`));

/** Commit `n` changes two sessions and adds a reading: what would show if it were there in part. */
async function commitNumber(store: Store, n: number): Promise<void> {
  const value = { n };
  const records = [
    sampleCharger('left', { rev: n, value }),
    sampleCharger('right', { rev: n, value }),
    sampleCharger(`own-${n}`, { value }),
  ];
  await store.commit({ records, readings: [sampleReading(n)] });
}

/** The number of the last commit that is there; fails when one is there in part, or one before it is missing. */
function lastCommit(t: Test, { records, readings }: Loaded, what: string): number {
  const last = readings.at(-1)?.seq ?? 0;
  const numberOf = (id: string) => (records.find((record) => record.id === id)?.value as { n: number }).n;
  t.same(
    readings.map(({ seq }) => seq),
    Array.from({ length: last }, (_, index) => index + 1),
    `${what}: all readings up to ${last}`,
  );
  t.equal(records.filter(({ id }) => id.startsWith('own-')).length, last, `${what}: all records of them`);
  if (last > 0) t.same([numberOf('left'), numberOf('right')], [last, last], `${what}: nothing by halves`);
  return last;
}

/** The files as a power failure at the end would leave them, had everything reached the disk. */
async function filesAfterCommits(dataDir: string): Promise<readonly Buffer[]> {
  const store = open(dataDir);
  for (let n = 1; n <= COMMITS; n += 1) await commitNumber(store, n);
  const files = filesIn(dataDir).map((path) => readFileSync(path));
  await store.close(CLOSE_WITHIN_MS);
  return files;
}

const tails: Readonly<Record<string, (log: Buffer, from: number) => Buffer>> = {
  cut: (log, from) => log.subarray(0, from),
  zeros: (log, from) => Buffer.concat([log.subarray(0, from), Buffer.alloc(log.length - from)]),
  garbage: (log, from) => Buffer.concat([log.subarray(0, from), Buffer.alloc(log.length - from, 0x5a)]),
  'one sector lost': (log, from) => {
    const torn = Buffer.from(log);
    torn.fill(0, from, Math.min(torn.length, from + 512));
    return torn;
  },
};

void t.test('with whole files everything is there', async (t) => {
  const [main = Buffer.alloc(0), log = Buffer.alloc(0)] = await filesAfterCommits(t.testdir());
  const dataDir = join(t.testdir({}), 'copy');
  mkdirSync(join(dataDir, '.kwota'), { recursive: true });
  const [mainPath = '', logPath = ''] = filesIn(dataDir);
  writeFileSync(mainPath, main);
  writeFileSync(logPath, log);
  const store = open(dataDir);
  t.equal(lastCommit(t, store.load(1_000), 'whole'), COMMITS);
  await store.close(CLOSE_WITHIN_MS);
});

for (const [name, damage] of Object.entries(tails)) {
  void t.test(`a log whose end is ${name}: all commits up to a point, and it goes on`, async (t) => {
    const folder = t.testdir({});
    const whole = join(folder, 'whole');
    const [main = Buffer.alloc(0), log = Buffer.alloc(0)] = await filesAfterCommits(whole);
    const seen = new Set<number>();
    for (let cut = 0; cut < CUTS; cut += 1) {
      const from = Math.floor((log.length * (cut + 0.5)) / CUTS);
      const dataDir = join(folder, `${cut}`);
      cpSync(whole, dataDir, { recursive: true });
      const [mainPath = '', logPath = ''] = filesIn(dataDir);
      writeFileSync(mainPath, main);
      writeFileSync(logPath, damage(log, from));
      const store = open(dataDir);
      const last = lastCommit(t, store.load(1_000), `${from} bytes`);
      seen.add(last);
      await commitNumber(store, last + 1);
      await store.close(CLOSE_WITHIN_MS);
      const again = open(dataDir);
      t.equal(lastCommit(t, again.load(1_000), `${from} bytes, gone on`), last + 1);
      await again.close(CLOSE_WITHIN_MS);
    }
    t.ok(seen.size > CUTS / 4, `different points: ${[...seen].join()}`);
  });
}
