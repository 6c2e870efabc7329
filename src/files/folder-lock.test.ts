// The lock with a second process, as the system sees it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { lockFolder } from './folder-lock.ts';

const MODULE = fileURLToPath(new URL('folder-lock.ts', import.meta.url));

/** A process that takes the lock, says so, and stays. */
async function spawnHolder(folder: string): Promise<ChildProcess> {
  const script = `
    import { lockFolder } from ${JSON.stringify(MODULE)};
    lockFolder(process.argv[1]);
    console.log('locked');
    setInterval(() => globalThis.gc(), 20);`;
  const args = ['--expose-gc', '--input-type=module', '-e', script, folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

void t.test('a second process is refused until the first is killed', async (t) => {
  const folder = t.testdir();
  const holder = await spawnHolder(folder);
  t.throws(() => lockFolder(folder), { name: 'FolderLockError', code: 'locked', hint: /--data/ });
  const closed = once(holder, 'close');
  holder.kill('SIGKILL');
  await closed;
  const lock = lockFolder(folder);
  lock.release();
});

void t.test('a second server in the same process is refused until the first releases', (t) => {
  const folder = t.testdir();
  const first = lockFolder(folder);
  t.throws(() => lockFolder(folder), { code: 'locked' });
  first.release();
  const second = lockFolder(folder);
  first.release();
  t.throws(() => lockFolder(folder), { code: 'locked' }, 'releasing twice frees nobody else');
  second.release();
  t.end();
});

void t.test('the own folder is for its owner alone', { skip: platform() === 'win32' }, (t) => {
  const folder = t.testdir();
  lockFolder(folder).release();
  t.equal(statSync(join(folder, '.kwota')).mode & 0o777, 0o700);
  t.end();
});

void t.test('a folder that cannot hold a lock is told apart from one in use', (t) => {
  const folder = t.testdir({ file: 'x', taken: { '.kwota': 'a file' }, odd: { '.kwota': { lock: {} } } });
  for (const bad of [
    join(folder, 'no', 'such'),
    join(folder, 'file'),
    join(folder, 'taken'),
    join(folder, 'odd'),
  ]) {
    t.throws(() => lockFolder(bad), { name: 'FolderLockError', code: 'unwritable', hint: /--data/ }, bad);
  }
  t.end();
});
