// The publisher with real files and a clock moved by hand.
import { mkdirSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { silentLog } from '../runtime/log.ts';
import { createManualClock, type ManualClock } from '../runtime/manual-clock.ts';
import { identify, sameFile, type FileIdentity } from './file-identity.ts';
import { createPublisher, type Publisher, type PublisherOptions } from './publisher.ts';

const WAIT_BOUND_MS = 60_000;

interface Scene {
  readonly path: string;
  readonly clock: ManualClock;
  readonly publisher: Publisher;
  readonly log: string[];
  /** What render returns. */
  text: string | null;
  renders: number;
}

function published(t: Test, options: Partial<PublisherOptions> = {}): Scene {
  const clock = createManualClock();
  const path = join(t.testdir(), 'energy_usage.json');
  const log: string[] = [];
  const note = (level: string) => (_tag: string, message: string) => void log.push(`${level} ${message}`);
  const scene = { path, clock, log, text: 'one' as string | null, renders: 0 };
  const publisher = createPublisher({
    path,
    clock,
    intervalMs: 500,
    render: () => {
      scene.renders += 1;
      return scene.text;
    },
    log: { ...silentLog, warn: note('warn'), info: note('info') },
    ...options,
  });
  t.teardown(() => publisher.close());
  return Object.assign(scene, { publisher });
}

/** Waits for what happens in the background. */
async function until(condition: () => boolean): Promise<void> {
  const startedMs = performance.now();
  while (!condition()) {
    if (performance.now() - startedMs > WAIT_BOUND_MS) throw new Error(`never true: ${String(condition)}`);
    await new Promise(setImmediate);
  }
}

function contentOf(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path, 'utf8') : null;
}

void t.test('the first touch publishes at once, later ones at most every interval', async (t) => {
  const scene = published(t);
  const { path, clock, publisher } = scene;
  publisher.touch();
  publisher.touch();
  clock.advance(0);
  await until(() => contentOf(path) === 'one');
  scene.text = 'two';
  publisher.touch();
  await publisher.verify();
  clock.advance(499);
  await new Promise(setImmediate);
  t.equal(scene.renders, 1);
  clock.advance(1);
  await until(() => contentOf(path) === 'two');
  t.equal(scene.renders, 2);
});

void t.test('what is the same already is not written again', async (t) => {
  const { path, publisher } = published(t);
  await publisher.flush();
  const before = statSync(path, { bigint: true });
  await publisher.flush();
  t.equal(statSync(path, { bigint: true }).ino, before.ino);
  t.equal(statSync(path, { bigint: true }).mtimeNs, before.mtimeNs);
});

void t.test(
  'a file that somebody changed or deleted is replaced although the state is the same',
  async (t) => {
    const { path, clock, publisher } = published(t);
    t.equal(await publisher.verify(), 'missing');
    clock.advance(0);
    await until(() => contentOf(path) === 'one');
    await until(() => clock.pending() === 0);
    t.equal(await publisher.verify(), 'ours');
    t.equal(clock.pending(), 0, 'nothing to do');
    writeFileSync(path, 'stale');
    t.equal(await publisher.verify(), 'foreign');
    clock.advance(500);
    await until(() => contentOf(path) === 'one');
    rmSync(path);
    await publisher.flush();
    t.equal(contentOf(path), 'one');
  },
);

void t.test('while there is nothing to say nothing is written', async (t) => {
  const scene = published(t);
  scene.text = null;
  await scene.publisher.flush();
  t.equal(contentOf(scene.path), null);
});

void t.test('afterReplace hears what lies there after each replacement, and of nothing else', async (t) => {
  const told: FileIdentity[] = [];
  const scene = published(t, { afterReplace: (identity) => told.push(identity) });
  await scene.publisher.flush();
  await scene.publisher.flush();
  t.equal(told.length, 1, 'the same content is no replacement');
  scene.text = 'two';
  await scene.publisher.flush();
  t.equal(told.length, 2);
  t.ok(sameFile(await identify(scene.path), told.at(-1) ?? null));
});

void t.test('beforeReplace hears of each replacement first, and may put it off', async (t) => {
  const asked: string[] = [];
  let answer: 'write' | 'skip' = 'skip';
  const scene = published(t, {
    beforeReplace: (text, disk) => {
      asked.push(`${text} ${disk}`);
      return Promise.resolve(answer);
    },
  });
  const { path, clock, publisher } = scene;
  await publisher.flush();
  t.equal(contentOf(path), null);
  answer = 'write';
  clock.advance(500);
  await until(() => contentOf(path) === 'one');
  await publisher.flush();
  t.same(asked, ['one missing', 'one missing'], 'not asked when there is nothing to replace');
  scene.text = 'two';
  await publisher.flush();
  writeFileSync(path, 'theirs');
  await publisher.flush();
  t.same(asked.slice(2), ['two ours', 'two foreign']);
});

void t.test(
  'a disk that takes longer than the interval: what is due meanwhile is one publishing more',
  async (t) => {
    let release: () => void = () => undefined;
    let asked = 0;
    const scene = published(t, {
      beforeReplace: () => {
        asked += 1;
        return new Promise((resolve) => {
          release = () => resolve('write');
        });
      },
    });
    const { path, clock, publisher } = scene;
    publisher.touch();
    clock.advance(0);
    await until(() => asked === 1);
    for (let touch = 0; touch < 20; touch += 1) {
      scene.text = `later ${touch}`;
      publisher.touch();
      clock.advance(500);
    }
    const { renders } = scene;
    release();
    await until(() => contentOf(path) === 'one');
    await until(() => {
      clock.advance(0);
      return asked === 2;
    });
    release();
    await until(() => contentOf(path) === 'later 19');
    clock.advance(5_000);
    await publisher.flush();
    t.ok(scene.renders - renders <= 2, `${scene.renders - renders} more times`);
  },
);

void t.test('an edit that comes while beforeReplace works is not overwritten unseen', async (t) => {
  const asked: string[] = [];
  const scene = published(t, {
    beforeReplace: (_, disk) => {
      asked.push(disk);
      if (asked.length === 2) writeFileSync(scene.path, 'an edit');
      return Promise.resolve('write');
    },
  });
  const { path, clock, publisher, log } = scene;
  await publisher.flush();
  scene.text = 'two';
  await publisher.flush();
  t.equal(contentOf(path), 'an edit');
  t.equal(publisher.health().status, 'ok');
  clock.advance(500);
  await until(() => contentOf(path) === 'two');
  t.same(asked, ['missing', 'ours', 'foreign']);
  t.same(log, []);
});

void t.test(
  'a failing disk is told once, tried again every interval, and told when it is over',
  async (t) => {
    const scene = published(t);
    const { path, clock, publisher, log } = scene;
    mkdirSync(path);
    await publisher.flush();
    t.match(publisher.health(), { status: 'failing', reason: /energy_usage\.json/ });
    for (let attempt = 2; attempt <= 4; attempt += 1) {
      await until(() => clock.pending() === 1);
      clock.advance(500);
      await until(() => scene.renders === attempt);
    }
    await until(() => clock.pending() === 1);
    t.same(log, ['warn a file cannot be written, trying again']);
    rmdirSync(path);
    clock.advance(500);
    await until(() => contentOf(path) === 'one');
    await until(() => log.length === 2);
    t.same(publisher.health(), { status: 'ok', reason: null });
  },
);

void t.test(
  'a store that fails in beforeReplace keeps the file unwritten, and it is tried again',
  async (t) => {
    let failures = 1;
    const { path, clock, publisher } = published(t, {
      beforeReplace: () =>
        failures-- > 0 ? Promise.reject(new Error('store closed')) : Promise.resolve('write'),
    });
    await publisher.flush();
    t.same(publisher.health(), { status: 'failing', reason: 'store closed' });
    t.equal(contentOf(path), null);
    clock.advance(500);
    await until(() => contentOf(path) === 'one');
  },
);

void t.test('one write at a time, and a flush has the newest state', async (t) => {
  let running = 0;
  let most = 0;
  const scene = published(t, {
    beforeReplace: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return 'write';
    },
  });
  const flushes = ['a', 'b', 'c'].map((text) => {
    scene.text = text;
    scene.publisher.touch();
    return scene.publisher.flush();
  });
  await Promise.all(flushes);
  t.equal(most, 1);
  t.equal(contentOf(scene.path), 'c');
});

void t.test('after closing only a flush writes', async (t) => {
  const scene = published(t);
  scene.publisher.touch();
  scene.publisher.close();
  scene.publisher.touch();
  t.equal(scene.clock.pending(), 0);
  await scene.publisher.flush();
  t.equal(contentOf(scene.path), 'one');
});
