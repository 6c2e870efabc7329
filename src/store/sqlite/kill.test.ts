// kill -9 of a process that commits: what it was told is durable is there afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { systemClock } from '../../runtime/clock.ts';
import { silentLog } from '../../runtime/log.ts';
import { sampleReading, sampleCharger } from '../sample.fixture.ts';
import { openSqliteStore } from './sqlite-store.ts';

const CHARGERS = 20;
const KILL_AFTER_LINES = [1, 150, 700, 1200];

function openStore(dataDir: string) {
  return openSqliteStore({ dataDir, clock: systemClock, log: silentLog });
}

/** The victim: each charger commits its next version when the last is durable, and prints `id rev seq` for it. */
async function commitUntilKilled(dataDir: string): Promise<void> {
  const store = openStore(dataDir);
  const { records, readings } = store.load(1);
  let seq = readings[0]?.seq ?? 0;
  const charge = async (id: string) => {
    for (let rev = (records.find((record) => record.id === id)?.rev ?? 0) + 1; ; rev += 1) {
      const mine = (seq += 1);
      const energy = { wh: rev * 10, lastReading: mine };
      const change = {
        records: [sampleCharger(id, { rev, value: energy })],
        readings: [sampleReading(mine)],
      };
      await store.commit(change);
      writeSync(1, `${id} ${rev} ${mine}\n`);
    }
  };
  await Promise.all(Array.from({ length: CHARGERS }, (_, index) => charge(`s${index}`)));
}

async function killAfter(dataDir: string, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'victim', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === lines) child.kill('SIGKILL');
  }
  // The end of its output comes before the end of its locks.
  await ended;
  return acknowledged;
}

if (process.argv[2] === 'victim') {
  await commitUntilKilled(process.argv[3]!);
} else {
  await t.test('everything acknowledged before each of several kills is there, whole', async (t) => {
    const dataDir = t.testdir();
    const revs = new Map<string, number>();
    const seqs = new Set<number>();
    for (const lines of KILL_AFTER_LINES) {
      for (const line of await killAfter(dataDir, lines)) {
        const [id, rev, seq] = line.split(' ');
        // the last line of a killed process may be cut
        if (seq === undefined) continue;
        revs.set(id!, Number(rev));
        seqs.add(Number(seq));
      }
      t.ok(seqs.size >= lines, `${seqs.size} changes acknowledged so far`);
      const store = openStore(dataDir);
      const { records, readings } = store.load(1_000_000);
      const stored = new Map(records.map((record) => [record.id, record]));
      for (const [id, rev] of revs)
        t.ok(stored.get(id)!.rev >= rev, `${id}: version ${rev} or newer is stored`);
      const storedSeqs = new Set(readings.map((reading) => reading.seq));
      t.strictSame(
        [...seqs].filter((seq) => !storedSeqs.has(seq)),
        [],
        'every acknowledged reading is stored',
      );
      for (const { rev, value } of records) {
        const { wh, lastReading } = value as { wh: number; lastReading: number };
        t.equal(wh, rev * 10);
        t.ok(storedSeqs.has(lastReading), 'a record and the reading of the same change are stored together');
      }
      await store.close(5000);
    }
  });
}
