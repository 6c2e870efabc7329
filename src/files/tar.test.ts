// Archives as other programs read and write them, cut anywhere, damaged anywhere.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readTar, TarError, writeTar, type TarFile } from './tar.ts';

const FILES: Readonly<Record<string, string>> = {
  'manifest.json': '{"a":1}',
  'empty.txt': '',
  '.kwota/kwota.sqlite': 'x'.repeat(1536),
  'Ölçüm.csv': 'id_tag\nÇelik\n'.repeat(500),
};

function tarFiles(files: Readonly<Record<string, string>>): TarFile[] {
  return Object.entries(files).map(([name, text]) => {
    const content = Buffer.from(text);
    return { name, size: content.length, content: [content.subarray(0, 7), content.subarray(7)] };
  });
}

async function archiveOf(files: readonly TarFile[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeTar(files, Date.UTC(2026, 0, 30))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What comes out when it comes in pieces of this many bytes. */
async function contentOf(archive: Buffer, step = archive.length): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let current: { name: string; chunks: Uint8Array[] } | null = null;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < archive.length; at += step)
      yield await Promise.resolve(archive.subarray(at, at + step));
  }
  await readTar(pieces(), {
    open: (name) => (current = { name, chunks: [] }),
    write: (chunk) => current?.chunks.push(Buffer.from(chunk)),
    close() {
      if (current) found[current.name] = Buffer.concat(current.chunks).toString('utf8');
      current = null;
    },
  });
  return found;
}

void t.test('what was written is read again, in pieces of any length', async (t) => {
  const archive = await archiveOf(tarFiles(FILES));
  t.equal(archive.length % 512, 0);
  for (const step of [1, 7, 511, 512, 513, 100_000])
    t.strictSame(await contentOf(archive, step), FILES, `${step}`);
});

void t.test('the tar of the system reads it, and what it writes is read', async (t) => {
  const tar = '/bin/tar';
  if (!existsSync(tar)) {
    t.comment('this system has no tar');
    return;
  }
  const folder = t.testdir({ out: {} });
  writeFileSync(join(folder, 'a.tar'), await archiveOf(tarFiles(FILES)));
  execFileSync(tar, ['xf', '../a.tar'], { cwd: join(folder, 'out') });
  for (const [name, text] of Object.entries(FILES))
    t.equal(readFileSync(join(folder, 'out', name), 'utf8'), text, name);
  const names = Object.keys(FILES);
  execFileSync(tar, ['cf', '../b.tar', '--format=ustar', ...names], { cwd: join(folder, 'out') });
  t.strictSame(await contentOf(readFileSync(join(folder, 'b.tar'))), FILES);
});

void t.test('an archive that is cut short anywhere is refused', async (t) => {
  const archive = await archiveOf(tarFiles({ 'a.txt': 'x'.repeat(600), 'b.txt': 'y' }));
  for (const length of [0, 1, 511, 512, 700, 1536, archive.length - 1024, archive.length - 1])
    await t.rejects(contentOf(archive.subarray(0, length)), TarError, `${length} bytes`);
});

void t.test('a damaged header is refused, and so is what is no archive or no plain file', async (t) => {
  const archive = await archiveOf(tarFiles({ 'a.txt': 'text' }));
  for (const at of [0, 3, 100, 124, 130, 148, 156, 257]) {
    const damaged = Buffer.from(archive);
    damaged[at] = 0xf7;
    await t.rejects(contentOf(damaged), TarError, `byte ${at}`);
  }
  await t.rejects(contentOf(Buffer.from('id_tag,quota_kwh\n'.repeat(100))), TarError);
  const link = Buffer.from(archive);
  link[156] = '2'.charCodeAt(0);
  const checksum = Number.parseInt(link.toString('latin1', 148, 154), 8) + 2;
  link.write(checksum.toString(8).padStart(6, '0'), 148);
  await t.rejects(contentOf(link), { code: 'badArchive', message: /is no file/ }, 'a link');
});

void t.test(
  'a file that is not as long as it was said to be, or has a name too long, is not written',
  async (t) => {
    const content = [Buffer.from('four')];
    await t.rejects(archiveOf([{ name: 'a', size: 5, content }]), { code: 'badArchive', message: /4 bytes/ });
    await t.rejects(archiveOf([{ name: 'n'.repeat(101), size: 4, content }]), { message: /too long/ });
  },
);
