// Where local commands find the server: an address that works from the same machine, for the owner's eyes.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { removeServerFile, writeServerFile } from './server-file.ts';

const ABOUT = { pid: 42, version: '1.2.3', startedAt: '2026-11-30T12:00:00.000Z' };

void t.test(
  'a server on all addresses is found on the loopback one, any other where it listens',
  async (t) => {
    const dataDir = t.testdir({ '.kwota': {} });
    const path = join(dataDir, '.kwota', 'server.json');
    for (const [host, expected] of [
      ['0.0.0.0', '127.0.0.1'],
      ['::', '[::1]'],
      ['127.0.0.1', '127.0.0.1'],
      ['192.0.2.7', '192.0.2.7'],
      ['fe80::1', '[fe80::1]'],
    ] as const) {
      await writeServerFile(dataDir, { ocpp: { host, port: 9000 }, api: { host, port: 8001 } }, ABOUT);
      t.same(
        JSON.parse(readFileSync(path, 'utf8')),
        { ocpp: `ws://${expected}:9000`, api: `http://${expected}:8001`, ...ABOUT },
        host,
      );
    }
    t.equal(statSync(path).mode & 0o777, 0o600);
    t.same(readdirSync(join(dataDir, '.kwota')), ['server.json'], 'nothing else is left');
  },
);

void t.test('it is removed once, and its absence is no failure', async (t) => {
  const dataDir = t.testdir({ '.kwota': { 'server.json': '{}' } });
  await removeServerFile(dataDir);
  t.notOk(existsSync(join(dataDir, '.kwota', 'server.json')));
  await removeServerFile(dataDir);
});
