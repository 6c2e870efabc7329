// watchFile on real files, with a clock moved by hand; once with the system's.
import { mkdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { systemClock } from '../runtime/clock.ts';
import { replaceFile } from './atomic-write.ts';
import { identify } from './file-identity.ts';
import { createManualClock } from '../runtime/manual-clock.ts';
import { watchFile, type FileWatch, type WatchOptions } from './watch.ts';

interface Scene {
  readonly path: string;
  readonly watch: FileWatch;
  /** What was reported, in order: the content, or null. */
  readonly seen: (string | null)[];
  readonly problems: string[];
  /** Moves time, looks, and waits until all looks have ended. */
  readonly step: (byMs: number) => Promise<void>;
}

function watched(t: Test, options: Partial<WatchOptions> = {}, onSeen: () => void = () => undefined): Scene {
  const path = join(t.testdir(), 'users1.csv');
  const clock = createManualClock();
  const seen: (string | null)[] = [];
  const problems: string[] = [];
  const onProblem = (problem: Error) =>
    problems.push('code' in problem ? String(problem.code) : problem.message);
  const watch = watchFile(path, { clock, onProblem, ...options }, (content) => {
    onSeen();
    seen.push(content === null ? null : content.toString());
  });
  t.teardown(() => watch.close());
  const step = async (byMs: number) => {
    clock.advance(byMs);
    await watch.checkNow();
  };
  return { path, watch, seen, problems, step };
}

void t.test('a file is reported once, when it has been stable for 300 ms', async (t) => {
  const { path, seen, step } = watched(t);
  writeFileSync(path, 'one');
  await step(0);
  await step(299);
  t.same(seen, []);
  await step(1);
  t.same(seen, ['one']);
  await step(5000);
  t.same(seen, ['one']);
});

void t.test('a file that still grows is not reported', async (t) => {
  const { path, seen, step } = watched(t, { known: null });
  for (let length = 1; length <= 5; length += 1) {
    writeFileSync(path, 'x'.repeat(length));
    await step(200);
    await step(99);
  }
  t.same(seen, []);
  await step(201);
  t.same(seen, ['xxxxx']);
});

void t.test('a file that goes is reported as null, one that is replaced in between is not', async (t) => {
  const { path, seen, step } = watched(t);
  writeFileSync(path, 'one');
  await step(0);
  await step(300);
  rmSync(path);
  await step(200);
  writeFileSync(path, 'two');
  await step(200);
  t.same(seen, ['one']);
  await step(300);
  t.same(seen, ['one', 'two']);
  rmSync(path);
  await step(0);
  await step(300);
  t.same(seen, ['one', 'two', null]);
});

void t.test('an atomic replacement of the same length is seen', async (t) => {
  const { path, seen, step } = watched(t, { stableForMs: 0 });
  await replaceFile(path, 'one');
  await step(0);
  await replaceFile(path, 'two');
  await step(0);
  t.same(seen, ['one', 'two']);
});

void t.test('what the caller knows already, or acknowledges, is no change', async (t) => {
  const { path, seen, step, watch } = watched(t, { known: null, stableForMs: 0 });
  await step(1000);
  t.same(seen, []);
  watch.acknowledge(await replaceFile(path, 'ours'));
  await step(1000);
  t.same(seen, []);
  writeFileSync(path, 'theirs');
  t.not(await identify(path), null);
  await step(1000);
  t.same(seen, ['theirs']);
});

void t.test('a look tells whether something is new', async (t) => {
  const { path, watch, step } = watched(t, { known: null });
  t.equal(await watch.checkNow(), 'unchanged');
  writeFileSync(path, 'one');
  t.equal(await watch.checkNow(), 'pending');
  await step(299);
  t.equal(await watch.checkNow(), 'pending');
});

void t.test('a file that cannot be read is a problem told once, and again after it was well', async (t) => {
  const { path, seen, problems, step } = watched(t, { stableForMs: 0, maxBytes: 4 });
  mkdirSync(path);
  await step(1000);
  await step(1000);
  t.same(problems, ['notAFile']);
  rmdirSync(path);
  writeFileSync(path, 'too much');
  await step(1000);
  t.same(problems, ['notAFile', 'tooLarge']);
  writeFileSync(path, 'well');
  await step(1000);
  writeFileSync(path, 'too much again');
  await step(1000);
  await step(1000);
  t.same(problems, ['notAFile', 'tooLarge', 'tooLarge']);
  t.same(seen, ['well']);
});

void t.test('a change that could not be taken is reported again', async (t) => {
  let failures = 2;
  const { path, seen, problems, step } = watched(t, { stableForMs: 0 }, () => {
    if (failures-- > 0) throw new Error('store closed');
  });
  writeFileSync(path, 'one');
  await step(0);
  t.same([seen, problems], [[], ['store closed']]);
  await step(1000);
  await step(1000);
  t.same([seen, problems], [['one'], ['store closed']]);
});

void t.test('after closing nothing is reported', async (t) => {
  const { path, seen, step, watch } = watched(t, { stableForMs: 0 });
  writeFileSync(path, 'one');
  const look = watch.checkNow();
  watch.close();
  await look;
  await step(5000);
  t.same(seen, []);
});

void t.test('changes come by themselves with the clock of the system', async (t) => {
  const path = join(t.testdir({ 'users1.csv': 'one' }), 'users1.csv');
  const keepAlive = setInterval(() => undefined, 1000);
  t.teardown(() => clearInterval(keepAlive));
  let told: (content: string | undefined) => void = () => undefined;
  const next = () => new Promise<string | undefined>((resolve) => (told = resolve));
  const first = next();
  const options = {
    clock: systemClock,
    pollIntervalMs: 20,
    stableForMs: 30,
    onProblem: (problem: Error) => t.fail(problem.message),
  };
  const watch = watchFile(path, options, (content) => told(content?.toString()));
  t.teardown(() => watch.close());
  t.equal(await first, 'one');
  const second = next();
  writeFileSync(path, 'two');
  t.equal(await second, 'two');
});
