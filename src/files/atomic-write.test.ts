// replaceFile with real files, a reading process and a full disk.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { removeStaleTemporaries, replaceFile, whileBusy } from './atomic-write.ts';
import { FileError } from './file-error.ts';
import { identify, sameFile } from './file-identity.ts';
import { createManualClock } from '../runtime/manual-clock.ts';

const REPLACEMENTS = 200;
/** Of the file, by the process that reads it meanwhile. */
const VERSIONS_SEEN = 5;
const isPosix = platform() !== 'win32';

/** Reads the file as fast as it can until its stdin ends, and counts what is no whole file. */
const READER = `
  const fs = require('node:fs');
  let reads = 0, bad = 0, versions = new Set();
  const turn = () => {
    for (let i = 0; i < 20; i++) {
      try {
        const { version, filler } = JSON.parse(fs.readFileSync(process.argv[1], 'utf8'));
        if (filler.length !== 20000) bad++;
        if (!versions.has(version) && versions.add(version).size === ${VERSIONS_SEEN}) console.log('seen enough');
      } catch { bad++; }
      if (++reads === 1) console.log('reading');
    }
    setImmediate(turn);
  };
  process.stdin.resume().on('end', () => {
    console.log(JSON.stringify({ reads, bad, versions: versions.size }));
    process.exit(0);
  });
  turn();
`;

void t.test('a process that reads in a tight loop never sees half a file', async (t) => {
  const path = join(t.testdir(), 'energy_usage.json');
  const content = (version: number) => JSON.stringify({ version, filler: 'x'.repeat(20_000) });
  await replaceFile(path, content(0));
  const reader = spawn(process.execPath, ['-e', READER, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => reader.kill());
  const lines = createInterface(reader.stdout)[Symbol.asyncIterator]();
  t.equal((await lines.next()).value, 'reading');
  let hasSeenEnough = false;
  const seen = lines.next().then(({ value }) => {
    hasSeenEnough = true;
    return String(value);
  });
  let version = 0;
  // A reader that gets no time to read proves nothing: it goes on until it had some.
  while (version < REPLACEMENTS || !hasSeenEnough) {
    version += 1;
    await replaceFile(path, content(version));
  }
  t.equal(await seen, 'seen enough', 'it read while the file was being replaced');
  reader.stdin.end();
  const report = JSON.parse(String((await lines.next()).value)) as {
    reads: number;
    bad: number;
    versions: number;
  };
  t.equal(report.bad, 0);
  t.ok(report.versions >= VERSIONS_SEEN);
  t.equal(readFileSync(path, 'utf8'), content(version));
});

void t.test('two replacements at once leave one of them whole and no temporary file', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'a.json');
  await Promise.all(['one', 'two', 'three'].map((text) => replaceFile(path, text)));
  t.ok(['one', 'two', 'three'].includes(readFileSync(path, 'utf8')));
  t.same(readdirSync(folder), ['a.json']);
});

void t.test('what is returned identifies the file until somebody touches it', async (t) => {
  const path = join(t.testdir(), 'a.json');
  const written = await replaceFile(path, 'ours');
  t.ok(sameFile(written, await identify(path)));
  writeFileSync(path, 'theirs');
  t.notOk(sameFile(written, await identify(path)));
});

void t.test(
  'permissions of the replaced file are kept, and a mode given counts',
  { skip: !isPosix },
  async (t) => {
    const path = join(t.testdir({ 'a.csv': 'x' }), 'a.csv');
    chmodSync(path, 0o664);
    await replaceFile(path, 'y');
    t.equal(statSync(path).mode & 0o777, 0o664);
    await replaceFile(path, 'z', { mode: 0o600 });
    t.equal(statSync(path).mode & 0o777, 0o600);
  },
);

void t.test('a symbolic link stays one, and its target is replaced', { skip: !isPosix }, async (t) => {
  const folder = t.testdir({ real: { 'a.csv': 'x' } });
  symlinkSync(join(folder, 'real', 'a.csv'), join(folder, 'a.csv'));
  await replaceFile(join(folder, 'a.csv'), 'y');
  t.ok((await lstat(join(folder, 'a.csv'))).isSymbolicLink());
  t.equal(readFileSync(join(folder, 'real', 'a.csv'), 'utf8'), 'y');
});

void t.test('a file that is not the expected one any more is left alone', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'a.json');
  const expected = await replaceFile(path, 'ours');
  writeFileSync(path, 'an edit');
  await t.rejects(replaceFile(path, 'newer', { expected }), { code: 'changed' });
  t.equal(readFileSync(path, 'utf8'), 'an edit');
  await t.rejects(replaceFile(path, 'newer', { expected: null }), { code: 'changed' });
  await replaceFile(path, 'newer', { expected: await identify(path) });
  t.equal(readFileSync(path, 'utf8'), 'newer');
  t.same(readdirSync(folder), ['a.json']);
});

void t.test('a path that cannot be written gives a typed error and leaves no temporary file', async (t) => {
  const folder = t.testdir({ 'a.json': {} });
  const failure: unknown = await replaceFile(join(folder, 'a.json'), 'x').catch((error: unknown) => error);
  t.ok(failure instanceof FileError);
  t.match(failure, { code: 'notAFile', path: join(folder, 'a.json') });
  t.ok((failure as FileError).cause instanceof Error);
  t.same(readdirSync(folder), ['a.json']);
  await t.rejects(replaceFile(join(folder, 'no', 'such', 'a.json'), 'x'), { code: 'missing' });
});

void t.test('on a full disk the old content stays, and the temporary file goes', async (t) => {
  const folder = t.testdir({ disk: {} });
  const script = join(folder, 'fill.ts');
  const module = fileURLToPath(new URL('atomic-write.ts', import.meta.url));
  writeFileSync(
    script,
    `import { readdirSync, readFileSync } from 'node:fs';
     import { replaceFile } from ${JSON.stringify(module)};
     const path = process.argv[2] + '/a.json';
     await replaceFile(path, 'old');
     const code = await replaceFile(path, 'x'.repeat(1e6)).then(() => 'written', (error) => error.code);
     console.log(JSON.stringify({ code, names: readdirSync(process.argv[2]), content: readFileSync(path, 'utf8') }));`,
  );
  const disk = join(folder, 'disk');
  const mounted = `mount -t tmpfs -o size=64k none "$1" && exec "$2" "$3" "$1"`;
  const command = `unshare -rm sh -c '${mounted}' sh "$@"`;
  const child = spawn('sh', ['-c', command, 'sh', disk, process.execPath, script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  const exitCode: unknown = await once(child, 'close').then(
    ([code]: unknown[]) => code,
    () => 'no unshare',
  );
  if (output === '') {
    t.comment(`not tried: no small disk can be made here (${String(exitCode)})`);
    return;
  }
  t.same(JSON.parse(output), { code: 'noSpace', names: ['a.json'], content: 'old' });
});

void t.test('a rename that Windows refuses is tried again for two seconds', async (t) => {
  const busy = () => Promise.reject(Object.assign(new Error('EPERM: in use'), { code: 'EPERM' }));
  const clock = createManualClock();
  let attempts = 0;
  const failing = whileBusy(() => {
    attempts += 1;
    return busy();
  }, clock).then(
    () => 'renamed',
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  let outcome: string | undefined;
  void failing.then((value) => (outcome = value));
  while (outcome === undefined && clock.now() < 10_000) {
    clock.advance(20);
    await new Promise(setImmediate);
  }
  t.equal(outcome, 'EPERM');
  t.equal(clock.now(), 2000);
  t.ok(attempts > 50);

  let refusals = 3;
  const eager = {
    ...createManualClock(),
    after: (_: number, fire: () => void) => (setImmediate(fire), () => undefined),
  };
  await whileBusy(() => (refusals-- > 0 ? busy() : Promise.resolve()), eager);
  t.equal(refusals, -1, 'it ends with the first success');
  await t.rejects(
    whileBusy(
      () => Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' })),
      createManualClock(),
    ),
    /gone/,
  );
});

void t.test('temporary files of a killed run are removed, and nothing else', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'a.json');
  const script = `
    import { replaceFile } from ${JSON.stringify(fileURLToPath(new URL('atomic-write.ts', import.meta.url)))};
    import { open } from 'node:fs/promises';
    const handle = await open(process.argv[1], 'w');
    Object.getPrototypeOf(handle).sync = () => process.kill(process.pid, 'SIGKILL');
    await replaceFile(process.argv[1] , 'x');`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, path]).catch(
    () => undefined,
  );
  writeFileSync(join(folder, '.hidden'), 'stays');
  t.equal(readdirSync(folder).length, 3, 'the kill left a temporary file');
  t.equal((await removeStaleTemporaries(folder)).length, 1);
  t.same(readdirSync(folder).sort(), ['.hidden', 'a.json']);
  t.same(await removeStaleTemporaries(folder), []);
  await t.rejects(removeStaleTemporaries(join(folder, 'no')), { code: 'missing' });
});
