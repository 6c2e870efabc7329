// The HTTP side on a real port: health, problems, and ports that cannot be had.
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import t from 'tap';
import { silentLog, type Log } from '../runtime/log.ts';
import { ensureAdminToken } from './admin-token.ts';
import type { Health } from './contract/health.ts';
import { apiParts, authorized, listening } from './server.test-kit.ts';
import { ApiServerError } from './listener.ts';
import { createApiServer } from './server.ts';

const HEALTH: Health = {
  status: 'degraded',
  version: '1.2.3',
  uptimeS: 5,
  chargersConnected: 1,
  sessionsRunning: 2,
  problems: ['users1.csv: line 3'],
};

void t.test('health is told as it is, with 200 also when something is wrong, and to anybody', async (t) => {
  let health = HEALTH;
  const url = await listening(t, { health: () => health });
  const response = await fetch(`${url}/api/health`);
  t.equal(response.status, 200);
  t.match(response.headers.get('content-type'), 'application/json');
  t.same(await response.json(), HEALTH);
  health = { ...HEALTH, status: 'ok', problems: [] };
  t.same(await (await fetch(`${url}/api/health`)).json(), health, 'as it is now');
});

void t.test('any other path is a problem, for those who may know', async (t) => {
  const url = await listening(t);
  for (const path of [
    '/',
    '/api/nothing',
    '/api/chargers/',
    '/api/health/../../etc/passwd',
    '/api//chargers',
  ]) {
    const response = await authorized(`${url}${path}`);
    t.equal(response.status, 404, path);
    t.equal(response.headers.get('content-type'), 'application/problem+json');
    const expected = { type: 'urn:kwota:problem:nothingHere', status: 404, title: String, detail: String };
    t.match(await response.json(), { ...expected, hint: /api.health/ });
    t.equal((await fetch(`${url}${path}`)).status, 401, 'who has no token is told nothing');
  }
});

void t.test('a path that is only read takes no other method, and says which it takes', async (t) => {
  const url = await listening(t);
  for (const path of [
    '/api/health',
    '/api/chargers',
    '/api/chargers/CP1/recording',
    '/api/chargers/CP1/trace',
  ]) {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const response = await authorized(`${url}${path}`, { method });
      t.equal(response.status, 405, `${method} ${path}`);
      t.equal(response.headers.get('allow'), 'GET, HEAD, OPTIONS');
      t.match(await response.json(), { type: 'urn:kwota:problem:methodNotAllowed', detail: RegExp(method) });
    }
  }
  const head = await fetch(`${url}/api/health`, { method: 'HEAD' });
  t.strictSame([head.status, await head.text()], [200, '']);
});

void t.test('a failure inside is a problem that says nothing of the inside, and is logged', async (t) => {
  const errors: string[] = [];
  const log: Log = {
    ...silentLog,
    error: (_, message, fields) => errors.push(`${message} ${String(fields?.['cause'])}`),
  };
  const url = await listening(t, {
    log,
    health: () => {
      throw new Error('secret');
    },
  });
  const response = await fetch(`${url}/api/health`);
  t.equal(response.status, 500);
  const body = await response.text();
  t.match(JSON.parse(body), {
    type: 'urn:kwota:problem:serverFailed',
    status: 500,
    hint: 'the log says why',
  });
  t.notMatch(body, 'secret');
  t.same(errors, ['request failed Error: secret']);
});

void t.test('whatever is answered is neither stored on the way nor taken for something else', async (t) => {
  const url = await listening(t);
  const answers = [
    await fetch(`${url}/api/health`),
    await authorized(`${url}/api/chargers`),
    await authorized(`${url}/api/nothing`),
    await fetch(`${url}/api/chargers`),
    await authorized(`${url}/api/chargers`, { method: 'POST' }),
  ];
  t.same(
    answers.map((answer) => answer.status),
    [200, 200, 404, 401, 405],
  );
  for (const { headers, status } of answers) {
    t.equal(headers.get('x-content-type-options'), 'nosniff', String(status));
    t.equal(headers.get('cache-control'), 'no-store', String(status));
  }
});

void t.test('a port in use and an address of another machine are told with what to do', async (t) => {
  const first = createApiServer(apiParts());
  const { port } = await first.listen();
  t.teardown(() => first.close());
  const refused = async (parts: { host?: string; port?: number }): Promise<ApiServerError> => {
    const error: unknown = await createApiServer(apiParts(parts))
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
  const server = createApiServer(apiParts());
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
