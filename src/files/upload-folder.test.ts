// Uploads as they reach the disk: whole or not at all, bounded, under names that harm nobody.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createUploadFolder } from './upload-folder.ts';

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(new TextEncoder().encode(text));
}

void t.test('a file is stored whole, and one of the same name beside it', async (t) => {
  const folder = join(t.testdir(), 'uploads');
  const uploads = createUploadFolder({ folder });
  t.strictSame(await uploads.store('log.zip', chunks('ab', 'cd')), { kind: 'stored', file: 'log.zip' });
  t.strictSame(await uploads.store('log.zip', chunks()), { kind: 'stored', file: '2-log.zip' });
  t.equal(readFileSync(join(folder, 'log.zip'), 'utf8'), 'abcd');
  t.equal(readFileSync(join(folder, '2-log.zip'), 'utf8'), '');
});

void t.test('names from outside stay in the folder', async (t) => {
  const folder = join(t.testdir(), 'uploads');
  const uploads = createUploadFolder({ folder });
  const names = ['../../etc/passwd', 'a\\b:c|d', '.hidden', '\u0000\u202e', 'x'.repeat(500)];
  for (const name of names) t.equal((await uploads.store(name, chunks('x'))).kind, 'stored');
  t.strictSame(readdirSync(folder).sort(), ['_', '_.._etc_passwd', 'a_b_c_d', 'hidden', 'x'.repeat(120)]);
});

void t.test('a file that is too large, or is broken off, leaves nothing behind', async (t) => {
  const folder = join(t.testdir(), 'uploads');
  const uploads = createUploadFolder({ folder, maxBytes: 4 });
  t.equal((await uploads.store('a', chunks('ab', 'cd'))).kind, 'stored', 'as much as is allowed');
  t.equal((await uploads.store('b', chunks('ab', 'cde'))).kind, 'tooLarge');
  const broken = (async function* () {
    yield await Promise.resolve(new Uint8Array(1));
    throw new Error('the charger hung up');
  })();
  t.equal((await uploads.store('c', broken)).kind, 'brokenOff');
  t.strictSame(readdirSync(folder), ['a']);
});

void t.test('with one file too many the oldest goes', async (t) => {
  const folder = join(t.testdir(), 'uploads');
  const uploads = createUploadFolder({ folder, maxFiles: 2 });
  for (const name of ['a', 'b', 'c', 'd']) await uploads.store(name, chunks('x'));
  const left = readdirSync(folder);
  t.equal(left.length, 2);
  t.ok(left.includes('d'));
});

void t.test('the oldest go as well when all together are too large', async (t) => {
  const folder = join(t.testdir(), 'uploads');
  const uploads = createUploadFolder({ folder, maxTotalBytes: 5 });
  for (const name of ['a', 'b']) await uploads.store(name, chunks('xx'));
  t.strictSame(readdirSync(folder).sort(), ['a', 'b'], 'as much as is allowed');
  await uploads.store('c', chunks('xxxx'));
  t.strictSame(readdirSync(folder), ['c']);
  t.equal((await uploads.store('d', chunks('xxxxxxxx'))).kind, 'stored', 'one alone is kept');
  t.strictSame(readdirSync(folder), ['d']);
});

void t.test('an upload does not take the last of the disk: the books need it', async (t) => {
  const folder = join(t.testdir(), 'uploads');
  const free = [3000, 2000, 1000];
  const uploads = createUploadFolder({
    ...{ folder, minFreeBytes: 1500, lookEveryBytes: 2 },
    freeBytes: () => Promise.resolve(free.shift() ?? 0),
  });
  t.equal((await uploads.store('a', chunks('x', 'x', 'x', 'x'))).kind, 'stored');
  t.equal((await uploads.store('b', chunks('x'))).kind, 'noRoom', 'there is too little to begin with');
  free.push(2000, 1000);
  t.equal((await uploads.store('c', chunks('x', 'x', 'x', 'x'))).kind, 'noRoom', 'it has become too little');
  t.strictSame(readdirSync(folder), ['a']);
});
