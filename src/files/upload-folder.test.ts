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
