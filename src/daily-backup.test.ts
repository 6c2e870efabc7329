// When a backup is made, how many are kept, and what is said when none can be.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { backupFolder, newestBackup } from './backup/kept-backups.ts';
import { Alarms } from './csms/alarms.ts';
import { backUpDaily, type BackUp } from './daily-backup.ts';
import { createManualClock } from './runtime/manual-clock.ts';
import { silentLog } from './runtime/log.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function site(t: Test, keep: number, backUp: BackUp = writes) {
  const dataDir = t.testdir();
  const clock = createManualClock();
  const alarms = new Alarms(clock, silentLog);
  const today = () => new Date(Date.UTC(2026, 10, 28) + clock.now()).toISOString().slice(0, 10);
  const end = backUpDaily({ dataDir, keep, today, backUp, alarms, clock, log: silentLog });
  t.teardown(end);
  /** Moves the clock, minute by minute, and lets what was due be done. */
  const pass = async (ms: number, stepMs = MINUTE_MS) => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      clock.advance(stepMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const files = () => (existsSync(backupFolder(dataDir)) ? readdirSync(backupFolder(dataDir)).sort() : []);
  return { dataDir, alarms, pass, files, end };
}

const writes: BackUp = (file) => {
  writeFileSync(file, 'backup');
  return Promise.resolve();
};

void t.test('one is made a minute after the start, then one each day, and the newest are kept', async (t) => {
  const { dataDir, pass, files } = site(t, 2);
  await pass(MINUTE_MS - 1_000, 1_000);
  t.same(files(), []);
  await pass(MINUTE_MS);
  t.same(files(), ['kwota-2026-11-28.tar.gz']);
  await pass(DAY_MS, 10 * MINUTE_MS);
  t.same(files(), ['kwota-2026-11-28.tar.gz', 'kwota-2026-11-29.tar.gz']);
  await pass(DAY_MS, 10 * MINUTE_MS);
  t.same(files(), ['kwota-2026-11-29.tar.gz', 'kwota-2026-11-30.tar.gz']);
  t.match(newestBackup(dataDir), /kwota-2026-11-30\.tar\.gz$/);
});

void t.test('what others put there stays, what a killed backup left goes', async (t) => {
  const { dataDir, pass, files } = site(t, 1);
  mkdirSync(`${backupFolder(dataDir)}/.kwota-backup-abc`, { recursive: true });
  for (const name of ['mine.tar.gz', 'kwota-2025-01-01.tar.gz'])
    writeFileSync(`${backupFolder(dataDir)}/${name}`, '');
  await pass(2 * MINUTE_MS);
  t.same(files(), ['kwota-2026-11-28.tar.gz', 'mine.tar.gz']);
});

void t.test('a failure is an alarm until it works, and is tried again', async (t) => {
  let isBroken = true;
  const { alarms, pass, files } = site(t, 2, async (file, abort) => {
    if (isBroken) throw new Error('the disk hums');
    await writes(file, abort);
  });
  await pass(2 * MINUTE_MS);
  t.match(alarms.active(), [
    { id: 'backup', message: /^the disk hums; there is no backup of today, and it is tried again/ },
  ]);
  isBroken = false;
  await pass(10 * MINUTE_MS);
  t.same(alarms.active(), []);
  t.same(files(), ['kwota-2026-11-28.tar.gz']);
});

void t.test('none is made when none is to be kept, and an end aborts one that is under way', async (t) => {
  const none = site(t, 0);
  await none.pass(DAY_MS, 10 * MINUTE_MS);
  t.same(none.files(), []);
  let aborted = false;
  const slow = site(t, 1, (_, abort) => {
    return new Promise((_resolve, reject) => {
      abort.onabort = () => {
        aborted = true;
        reject(new Error('aborted'));
      };
    });
  });
  await slow.pass(2 * MINUTE_MS);
  slow.end();
  await slow.pass(20 * MINUTE_MS);
  t.ok(aborted);
  t.same(slow.alarms.active(), [], 'an end is no failure');
});
