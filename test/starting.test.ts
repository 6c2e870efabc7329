// The server behind `kwota` without a command: found or started, one for a folder, and its own words when it cannot start.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { CommandError } from '../bin/command-error.ts';
import { findOrStartServer, findServer, stopServer, type LocalServer } from '../bin/local-server.ts';
import type { ServerStart } from '../bin/server-process.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

const ENTRY = fileURLToPath(new URL('../bin/kwota.ts', import.meta.url));
// Each server is a process of its own.
t.setTimeout(300_000);

const FREE_PORTS = { ocppHost: '127.0.0.1', ocppPort: '0', apiPort: '0' };

function startOn(dataDir: string, options: ServerStart['options'] = {}): ServerStart {
  return {
    program: { file: process.execPath, args: [ENTRY] },
    options: { ...FREE_PORTS, ...options },
    dataDir,
  };
}

const quietly = () => undefined;

/** Ended with the test, however that goes. */
async function open(t: Test, start: ServerStart): Promise<LocalServer & { isStarted: boolean }> {
  const server = await findOrStartServer(start, quietly);
  t.teardown(async () => {
    if (isAlive(server.pid)) process.kill(server.pid, 'SIGKILL');
    await until('it is gone', () => !isAlive(server.pid));
  });
  return server;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

void t.test('a server is started as a process in a session of its own, and found from then on', async (t) => {
  const dataDir = join(makeDataDir(t, {}), 'new');
  t.equal(await findServer(dataDir), null);
  const first = await open(t, startOn(dataDir));
  t.ok(first.isStarted);
  const session = execFileSync('ps', ['-o', 'sid=', '-p', String(first.pid)], { encoding: 'utf8' });
  t.equal(Number(session), first.pid, 'no terminal and no parent takes it along');
  const said = (name: string) => readFileSync(join(dataDir, '.kwota/log', name), 'utf8');
  const hasLog = () => existsSync(join(dataDir, '.kwota/log/kwota.log'));
  await until('the log is written', () => hasLog() && said('kwota.log').includes('INFO  [DATA] started'));
  t.equal(said('stderr.log'), '', 'what goes to the log does not pile up there as well');
  const second = await open(t, startOn(dataDir));
  t.match(second, { pid: first.pid, isStarted: false });
  await stopServer(second.access, second.pid);
  t.notOk(isAlive(first.pid));
  t.equal(await findServer(dataDir), null);
});

void t.test('two that start one at the same moment get the same one', async (t) => {
  const dataDir = makeDataDir(t, {});
  const servers = await Promise.all([1, 2, 3].map(() => open(t, startOn(dataDir))));
  t.equal(new Set(servers.map(({ pid }) => pid)).size, 1);
  t.equal(servers.filter(({ isStarted }) => isStarted).length, 1, 'one of them has started it');
});

void t.test('a server that cannot start says why, in its own words', async (t) => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  t.teardown(() => blocker.close());
  const { port } = blocker.address() as AddressInfo;
  const dataDir = makeDataDir(t, {});
  const start = startOn(dataDir, { ocppPort: String(port) });
  await t.rejects(findOrStartServer(start, quietly), {
    message: new RegExp(`^port ${port} is in use by another program; .*--ocpp-port$`),
  });
});

void t.test('a folder that cannot be used is told before anything is started', async (t) => {
  const dataDir = makeDataDir(t, { '.kwota': 'a file' });
  await t.rejects(findOrStartServer(startOn(dataDir), quietly), CommandError);
});

void t.test('a killed server is replaced, also where another one has taken its address', async (t) => {
  const dataDir = makeDataDir(t, { killed: {}, other: {} });
  const killed = join(dataDir, 'killed');
  const { pid } = await open(t, startOn(killed));
  process.kill(pid, 'SIGKILL');
  await until('it is gone', () => !isAlive(pid));
  t.ok(existsSync(join(killed, '.kwota/server.json')), 'it has left its address behind');
  const other = await startKwota({ dataDir: join(dataDir, 'other') });
  t.teardown(() => other.kill());
  const address = { ocpp: other.ocppUrl, api: other.apiUrl, pid, version: '1', startedAt: '' };
  writeFileSync(join(killed, '.kwota/server.json'), JSON.stringify(address));
  const next = await open(t, startOn(killed));
  t.ok(next.isStarted);
  t.not(next.access.url, other.apiUrl);
});

void t.test('what listens at an old address and says nothing is no server', async (t) => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const dataDir = makeDataDir(t, {});
  mkdirSync(join(dataDir, '.kwota'));
  const api = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  writeFileSync(join(dataDir, '.kwota/server.json'), JSON.stringify({ api, pid: 1 }));
  writeFileSync(join(dataDir, '.kwota/admin-token'), 'a-token-of-long-ago\n');
  t.equal(await findServer(dataDir), null);
});
