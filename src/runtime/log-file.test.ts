// The log file on a real disk: order, beginning anew by size and age, files from before, and every way of not being able to write.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { LogFile, type LogFileOptions } from './log-file.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

const HOUR_MS = 3_600_000;
const NOON_MS = Date.UTC(2026, 10, 30, 12);

interface Rig {
  readonly clock: ManualClock;
  readonly dir: string;
  readonly path: string;
  /** `trouble` and `over N` in their order. */
  readonly told: string[];
  readonly file: (changed?: Partial<LogFileOptions>) => LogFile;
  readonly read: (name?: string) => string;
  readonly names: () => string[];
}

function rig(t: Test): Rig {
  const clock = createManualClock();
  clock.advance(NOON_MS);
  const dir = t.testdir({});
  const path = join(dir, 'log', 'kwota.log');
  const told: string[] = [];
  return {
    ...{ clock, dir, path, told },
    file(changed = {}) {
      const file = new LogFile({ path, maxBytes: 1000, maxAgeMs: 24 * HOUR_MS, keep: 2, clock, ...changed });
      file.onTrouble((trouble, lost) => told.push(trouble ?? `over, ${lost} lost`));
      t.teardown(() => file.close());
      return file;
    },
    read: (name = 'kwota.log') => readFileSync(join(dir, 'log', name), 'utf8'),
    names: () => readdirSync(join(dir, 'log')).sort(),
  };
}

async function until(isSo: () => boolean): Promise<void> {
  const endMs = Date.now() + 60_000;
  while (!isSo()) {
    if (Date.now() > endMs) throw new Error('it did not come about');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A file that begins anew is not there for a moment. */
function holds(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes(text);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Ten characters. */
const line = (number: number) => `line ${String(number).padStart(4, '0')}\n`;

void t.test('lines wait until it is opened, and stand in their order', async (t) => {
  const { file, dir, read, path } = rig(t);
  const log = file();
  log.write(line(1));
  log.write(line(2));
  await new Promise((resolve) => setImmediate(resolve));
  t.notOk(existsSync(join(dir, 'log')), 'nothing of it is on the disk');
  log.open();
  log.write(line(3));
  await until(() => holds(path, line(3)));
  log.write(line(4));
  await log.close();
  t.equal(read(), line(1) + line(2) + line(3) + line(4));
  t.equal(statSync(path).mode & 0o007, 0, 'others may not read it');
});

void t.test('one that was never opened leaves nothing behind', async (t) => {
  const { file, dir } = rig(t);
  const log = file();
  log.write(line(1));
  await log.close();
  t.same(readdirSync(dir), []);
});

void t.test('it goes on where the run before has ended', async (t) => {
  const { file, read } = rig(t);
  for (const number of [1, 2]) {
    const log = file();
    log.open();
    log.write(line(number));
    await log.close();
  }
  t.equal(read(), line(1) + line(2));
});

void t.test('before it is too large it begins anew, between two lines; the oldest file goes', async (t) => {
  const { file, path, read, names } = rig(t);
  const log = file({ maxBytes: 25, keep: 2 });
  log.open();
  for (let number = 1; number <= 9; number++) {
    log.write(line(number));
    await until(() => holds(path, line(number)));
  }
  await log.close();
  t.same(names(), ['kwota.log', 'kwota.log.1', 'kwota.log.2']);
  t.equal(read(), line(9));
  t.equal(read('kwota.log.1'), line(7) + line(8));
  t.equal(read('kwota.log.2'), line(5) + line(6));
});

void t.test('a line that is larger than a file may be is written all the same', async (t) => {
  const { file, read, names } = rig(t);
  const log = file({ maxBytes: 5 });
  log.open();
  log.write(line(1));
  await log.close();
  t.equal(read(), line(1));
  t.same(names(), ['kwota.log']);
});

void t.test('with no file to keep, what was written goes', async (t) => {
  const { file, path, names, read } = rig(t);
  const log = file({ maxBytes: 10, keep: 0 });
  log.open();
  log.write(line(1));
  await until(() => holds(path, line(1)));
  log.write(line(2));
  await log.close();
  t.same(names(), ['kwota.log']);
  t.equal(read(), line(2));
});

void t.test('it begins anew when its first line is too old, also one of a run before', async (t) => {
  const { file, clock, path, read, names } = rig(t);
  const first = file();
  first.open();
  first.write(`${new Date(clock.now()).toISOString()} INFO  [DATA] started\n`);
  await first.close();
  clock.advance(23 * HOUR_MS);
  const second = file();
  second.open();
  second.write(line(1));
  await until(() => holds(path, line(1)));
  t.same(names(), ['kwota.log'], 'a day has not passed');
  clock.advance(HOUR_MS);
  second.write(line(2));
  await second.close();
  t.equal(read(), line(2));
  t.match(read('kwota.log.1'), /started\nline 0001\n$/);
});

void t.test('files from before beyond those to keep are removed, and no others', async (t) => {
  const { dir, file, names } = rig(t);
  mkdirSync(join(dir, 'log'));
  for (const name of ['kwota.log.1', 'kwota.log.7', 'kwota.log.old', 'other.log.9'])
    appendFileSync(join(dir, 'log', name), 'x\n');
  const log = file({ keep: 1 });
  log.open();
  log.write(line(1));
  await log.close();
  t.same(names(), ['kwota.log', 'kwota.log.1', 'kwota.log.old', 'other.log.9']);
});

void t.test('when somebody moves or removes it, the next line is in a new one', async (t) => {
  const { file, clock, path, read } = rig(t);
  const log = file();
  log.open();
  log.write(line(1));
  await until(() => holds(path, line(1)));
  renameSync(path, `${path}.moved`);
  clock.advance(1000);
  log.write(line(2));
  await until(() => holds(path, line(2)));
  rmSync(path);
  clock.advance(1000);
  log.write(line(3));
  await log.close();
  t.equal(read(), line(3));
  t.equal(read('kwota.log.moved'), line(1));
});

void t.test('what cannot be written is told once, tried again, and counted', async (t) => {
  const { dir, file, clock, path, told, read } = rig(t);
  appendFileSync(join(dir, 'log'), 'a file in the place of its folder');
  const log = file();
  log.open();
  log.write(line(1));
  await until(() => told.length === 1);
  t.match(told[0], /cannot be written: E(NOTDIR|EXIST)/);
  log.write(line(2));
  clock.advance(10_000);
  await until(() => clock.pending() === 1);
  log.write(line(3));
  rmSync(join(dir, 'log'));
  t.equal(told.length, 1, 'it is the same trouble');
  clock.advance(10_000);
  await until(() => told.length === 2);
  t.equal(told[1], 'over, 2 lost');
  t.equal(read(), line(3));
  await until(() => holds(path, line(3)));
});

void t.test('who asks late is told of the trouble as well', async (t) => {
  const { dir, path, clock } = rig(t);
  appendFileSync(join(dir, 'log'), '');
  const log = new LogFile({ path, maxBytes: 1000, maxAgeMs: HOUR_MS, keep: 1, clock });
  log.open();
  log.write(line(1));
  await until(() => clock.pending() === 1);
  const told: (string | null)[] = [];
  log.onTrouble((trouble) => told.push(trouble));
  t.match(told, [/cannot be written/]);
  await log.close();
});

void t.test('a full line of waiting text drops what comes after it, and says how many', async (t) => {
  const { file, told, read } = rig(t);
  const log = file({ maxBytes: 10_000_000 });
  log.write(`${'x'.repeat(1024 * 1024 - 1)}\n`);
  log.write(line(1));
  log.write(line(2));
  log.open();
  await until(() => told.length === 1);
  t.equal(told[0], 'over, 2 lost');
  await log.close();
  t.equal(read().length, 1024 * 1024);
});

void t.test('one that cannot begin anew grows on, which is told until it can', async (t) => {
  const { dir, file, path, clock, told, read } = rig(t);
  mkdirSync(join(dir, 'log', 'kwota.log.1', 'in the way'), { recursive: true });
  const log = file({ maxBytes: 15, keep: 1 });
  log.open();
  for (const number of [1, 2, 3]) {
    log.write(line(number));
    await until(() => holds(path, line(number)));
  }
  t.match(told, [/cannot begin anew: E/]);
  rmSync(join(dir, 'log', 'kwota.log.1'), { recursive: true });
  clock.advance(60_000);
  log.write(line(4));
  await log.close();
  t.equal(read(), line(4));
  t.equal(read('kwota.log.1'), line(1) + line(2) + line(3));
  t.equal(told[1], 'over, 0 lost');
});
