// The HTTP side on a real port: health, problems, and ports that cannot be had.
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import t from 'tap';
import { silentLog, type Log } from '../runtime/log.ts';
import { ensureAdminToken } from './admin-token.ts';
import type { Health } from './contract.ts';
import { ApiServerError, createApiServer } from './server.ts';

const HEALTH: Health = {
  status: 'degraded',
  version: '1.2.3',
  uptimeS: 5,
  chargersConnected: 1,
  sessionsRunning: 2,
  problems: ['users1.csv: line 3'],
};

function open(parts: { health?: () => Health; log?: Log; host?: string; port?: number } = {}) {
  return createApiServer({ host: '127.0.0.1', port: 0, health: () => HEALTH, log: silentLog, ...parts });
}

void t.test('health is told as it is, with 200 also when something is wrong', async (t) => {
  let health = HEALTH;
  const server = open({ health: () => health });
  const { port, host } = await server.listen();
  t.teardown(() => server.close());
  t.equal(host, '127.0.0.1');
  const response = await fetch(`http://127.0.0.1:${port}/api/health`);
  t.equal(response.status, 200);
  t.match(response.headers.get('content-type'), 'application/json');
  t.same(await response.json(), HEALTH);
  health = { ...HEALTH, status: 'ok', problems: [] };
  t.same(await (await fetch(`http://127.0.0.1:${port}/api/health`)).json(), health, 'as it is now');
});

void t.test('any other path or method is a problem', async (t) => {
  const server = open();
  const { port } = await server.listen();
  t.teardown(() => server.close());
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/api/nothing'],
    ['POST', '/api/health'],
    ['GET', '/api/health/../../etc/passwd'],
  ] as const) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    t.equal(response.status, 404, `${method} ${path}`);
    t.equal(response.headers.get('content-type'), 'application/problem+json');
    t.match(await response.json(), { type: 'about:blank', title: 'Not Found', status: 404, detail: String });
  }
});

void t.test('a failure inside is a problem that says nothing of the inside, and is logged', async (t) => {
  const errors: string[] = [];
  const log: Log = {
    ...silentLog,
    error: (_, message, fields) => errors.push(`${message} ${String(fields?.['cause'])}`),
  };
  const server = open({
    log,
    health: () => {
      throw new Error('secret');
    },
  });
  const { port } = await server.listen();
  t.teardown(() => server.close());
  const response = await fetch(`http://127.0.0.1:${port}/api/health`);
  t.equal(response.status, 500);
  t.same(await response.json(), { type: 'about:blank', title: 'Internal Server Error', status: 500 });
  t.same(errors, ['request failed Error: secret']);
});

void t.test('a port in use and an address of another machine are told with what to do', async (t) => {
  const first = open();
  const { port } = await first.listen();
  t.teardown(() => first.close());
  const refused = async (parts: { host?: string; port?: number }): Promise<ApiServerError> => {
    const error: unknown = await open(parts)
      .listen()
      .then(
        () => null,
        (cause: unknown) => cause,
      );
    if (!(error instanceof ApiServerError)) throw new Error(`not refused: ${String(error)}`);
    return error;
  };
  const inUse = await refused({ port });
  t.match(inUse, {
    code: 'portInUse',
    message: `port ${port} is in use by another program`,
    hint: /--api-port/,
  });
  t.match(inUse.cause, { code: 'EADDRINUSE' });
  t.match(await refused({ host: '192.0.2.1' }), { code: 'badHost', hint: /--api-host/ });
});

void t.test('closing does not wait for a client that keeps its connection open', async (t) => {
  const server = open();
  const { port } = await server.listen();
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  const gone = once(client, 'close');
  client.on('error', () => undefined);
  await server.close();
  client.end();
  await gone;
  await t.rejects(fetch(`http://127.0.0.1:${port}/api/health`), 'nobody listens any more');
});

void t.test('the admin token is made once, and readable by its owner alone', async (t) => {
  const dataDir = t.testdir({});
  mkdirSync(join(dataDir, '.kwota'));
  const token = await ensureAdminToken(dataDir);
  t.match(token, /^[\w-]{43}$/, '256 bits');
  t.equal(await ensureAdminToken(dataDir), token, 'the second start finds it');
  const path = join(dataDir, '.kwota', 'admin-token');
  t.equal(readFileSync(path, 'utf8'), `${token}\n`);
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.not(await ensureAdminToken(t.testdir({ '.kwota': {} })), token, 'another folder has another one');
});

void t.test('a folder that cannot take the token is an error, not a server without one', async (t) => {
  await t.rejects(ensureAdminToken(join(t.testdir({}), 'nowhere')), { code: 'ENOENT' });
});
