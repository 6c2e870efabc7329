// A server that is killed while it starts, at a moment that the test recognises by what the folder looks like.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from './compile-cache.ts';

const ENTRY = fileURLToPath(new URL('../../bin/kwota.ts', import.meta.url));

/** Starts a server and kills it (SIGKILL) as soon as `isMoment` is true, asked again and again; resolves when it is gone. */
export async function killStartWhen(dataDir: string, isMoment: () => boolean): Promise<void> {
  const flags = [
    'serve',
    '--data',
    dataDir,
    '--ocpp-port',
    '0',
    '--ocpp-host',
    '127.0.0.1',
    '--api-port',
    '0',
  ];
  const child = spawn(process.execPath, [ENTRY, ...flags], {
    cwd: dataDir,
    env: { TZ: 'UTC', ...COMPILE_CACHE },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const look = () => {
    if (isMoment()) child.kill('SIGKILL');
    else if (child.exitCode === null) setImmediate(look);
  };
  look();
  await exited;
}
