// A disk that is full before kwota starts: what a start and the doctor say of it is to make room, not to change rights.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { COMPILE_CACHE } from '../kit/compile-cache.ts';

t.setTimeout(300_000);

const ENTRY = fileURLToPath(new URL('../../bin/kwota.ts', import.meta.url));
const FULL =
  'mount -t tmpfs -o size=1m kwota "$1" && ! dd if=/dev/zero of="$1/filler" 2>/dev/null && shift && exec "$@"';
const flags = [['-m'], ['-rm']].find((one) => spawnSync('unshare', [...one, 'true']).status === 0);

/** What a command says when the file system of its data folder has no room; the folder belongs to the command alone. */
function onFullDisk(dataDir: string, command: string, ...args: readonly string[]) {
  const run = [process.execPath, ENTRY, command, '--data', dataDir, ...args];
  const ports = ['--ocpp-host', '127.0.0.1', '--ocpp-port', '0', '--api-port', '0'];
  return spawnSync('unshare', [...(flags ?? []), 'sh', '-c', FULL, 'sh', dataDir, ...run, ...ports], {
    cwd: '/',
    env: { TZ: 'UTC', PATH: process.env['PATH'], ...COMPILE_CACHE },
    encoding: 'utf8',
    timeout: 60_000,
  });
}

if (flags) {
  void t.test('a start on a full disk asks for room', (t) => {
    const { status, stderr } = onFullDisk(t.testdir(), 'serve');
    t.equal(status, 1);
    t.match(stderr, /^kwota: the data folder .* cannot be used: .*full; make room on its disk/m);
    t.notMatch(stderr, /may write/);
    t.end();
  });

  void t.test('the doctor asks for room as well', (t) => {
    const { status, stdout } = onFullDisk(t.testdir(), 'doctor');
    t.equal(status, 1);
    t.match(stdout, /^bad +folder .* cannot be written \(ENOSPC\); make room on its disk/m);
    t.end();
  });
}
