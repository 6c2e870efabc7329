// What the frame does for every route, seen on routes made up for it: reading, refusing, answering, repeating, logging.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import t, { type Test } from 'tap';
import Type from 'typebox';
import { silentLog, type Log, type LogFields } from '../runtime/log.ts';
import { createManualClock } from '../runtime/manual-clock.ts';
import { fixedTokens } from './auth.ts';
import type { Problem } from './contract/problem.ts';
import { named } from './contract/schema.ts';
import { defineRoute, type Route } from './define-route.ts';
import { etagOf, requireMatch } from './etag.ts';
import { BODY_MAX_BYTES } from './read-body.ts';
import { serveRoutes, type ApiApp, type FrameParts } from './serve-routes.ts';

const HOUR_MS = 3_600_000;
const BEARER = { authorization: 'Bearer admin-token' };
const JSON_BODY = { ...BEARER, 'content-type': 'application/json' };

/** Serves `routes` alone until the test ends. Returns the URL. */
async function serving(t: Test, routes: readonly Route[], parts: Partial<FrameParts> = {}): Promise<string> {
  const app: ApiApp = new Hono();
  serveRoutes(app, routes, {
    tokens: fixedTokens([{ name: 'desk', role: 'admin', token: 'admin-token' }]),
    rateLimits: { perSecond: 1000, burst: 1000 },
    requestTook: () => undefined,
    clock: createManualClock(),
    log: silentLog,
    ...parts,
  });
  const listener = getRequestListener(app.fetch);
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.teardown(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const echo = (asked: unknown[] = []) =>
  defineRoute({
    method: 'POST',
    path: '/echo/{id}',
    role: 'operator',
    group: 'Test',
    summary: 'Gives back what it was given',
    params: Type.Object({ id: Type.Integer() }),
    query: Type.Object({
      on: Type.Optional(Type.Boolean()),
      share: Type.Optional(Type.Number()),
      name: Type.Optional(Type.String()),
      status: Type.Optional(Type.Array(Type.String())),
    }),
    body: Type.Object({
      kwh: Type.Optional(Type.Number()),
      deep: Type.Optional(named('Deep', 'Nested.', { list: Type.Array(Type.Integer()) })),
    }),
    answer: { status: 201, description: 'The same.', json: Type.Unknown() },
    handle({ params, query, body, caller }) {
      asked.push(body);
      return { json: { params, query, body, caller }, headers: { location: '/echo/1' } };
    },
  });

void t.test('numbers, booleans and lists of a path and a query reach the route as such', async (t) => {
  const url = await serving(t, [echo()]);
  const response = await fetch(`${url}/echo/-7?on=false&share=0.5&name=12&status=a&status=b`, {
    method: 'POST',
    headers: BEARER,
  });
  t.equal(response.status, 201);
  t.equal(response.headers.get('location'), '/echo/1');
  t.strictSame(await response.json(), {
    params: { id: -7 },
    query: { on: false, share: 0.5, name: '12', status: ['a', 'b'] },
    body: {},
    caller: { name: 'desk', role: 'admin' },
  });
});

void t.test('whatever does not fit is told by its place, and the route is not asked', async (t) => {
  const asked: unknown[] = [];
  const url = await serving(t, [echo(asked)]);
  const faultsOf = async (path: string, body = '{}') => {
    const response = await fetch(`${url}/echo/${path}`, { method: 'POST', headers: JSON_BODY, body });
    const { type, errors = [] } = (await response.json()) as Problem;
    return [response.status, type.split(':').at(-1), ...errors.map((one) => `${one.path} ${one.message}`)];
  };
  for (const [path, fault] of [
    ['x', 'id is a whole number'],
    ['1?on=yes', 'on must be boolean'],
    ['1?share=1e3', 'share must be number'],
    ['1?share=', 'share must be number'],
    ['1?name=a&name=b', 'name must be string'],
    ['1?limit=5', 'limit is not known here'],
    ['1?__proto__=5', '__proto__ is not known here'],
    ['1?constructor=5', 'constructor is not known here'],
  ] as const) {
    t.strictSame(await faultsOf(path), [400, 'badParameter', fault], path);
  }
  for (const [body, faults] of [
    ['{"kwh":"5"}', ['kwh must be number']],
    [
      '{"kWh":5,"deep":{"list":[1,"2"],"x":0}}',
      ['kWh is not known here', 'deep.x is not known here', 'deep.list.1 is a whole number'],
    ],
    ['{"deep":{}}', ['deep.list is missing']],
    ['{"__proto__":{}}', ['__proto__ is not known here']],
    ['null', [' must be object']],
  ] as const) {
    t.strictSame(await faultsOf('1', body), [400, 'badBody', ...faults], body);
  }
  t.strictSame(await faultsOf('1', '{'), [400, 'badJson']);
  t.strictSame(asked, []);
});

void t.test('a body that is no UTF-8, or longer than 1 MiB however it is sent, is refused', async (t) => {
  const url = await serving(t, [echo()]);
  const post = (body: NonNullable<RequestInit['body']>, extra: object = {}) =>
    fetch(`${url}/echo/1`, { method: 'POST', headers: JSON_BODY, body, ...extra });
  t.match(await (await post(Uint8Array.of(0x22, 0xff, 0x22))).json(), { type: /badJson/, detail: /UTF-8/ });
  const long = `{"kwh":1${' '.repeat(BODY_MAX_BYTES)}}`;
  const declared = await post(long);
  t.equal(declared.status, 413);
  t.equal(declared.headers.get('connection'), 'close');
  const streamed = new Blob([long]).stream();
  t.equal((await post(streamed, { duplex: 'half' })).status, 413);
  const longest = `{"kwh":1${' '.repeat(BODY_MAX_BYTES - '{"kwh":1}'.length)}}`;
  t.equal((await post(longest)).status, 201, 'the longest that is taken');
});

void t.test('a repeated key gives the first answer, and the route runs once', async (t) => {
  const clock = createManualClock();
  const asked: unknown[] = [];
  const url = await serving(t, [echo(asked)], { clock });
  const post = (body: string, key: string, path = '1') =>
    fetch(`${url}/echo/${path}`, { method: 'POST', headers: { ...JSON_BODY, 'idempotency-key': key }, body });
  const answers = await Promise.all([post('{"kwh":1}', 'a'), post('{"kwh":1}', 'a')]);
  for (const answer of [...answers, await post('{"kwh":1}', 'a')]) {
    t.equal(answer.status, 201);
    t.equal(answer.headers.get('location'), '/echo/1');
    t.match(await answer.json(), { body: { kwh: 1 } });
  }
  t.equal(asked.length, 1);
  t.match(await (await post('{"kwh":2}', 'a')).json(), { status: 422, type: /keyReused/ });
  t.equal((await post('{"kwh":2}', 'b')).status, 201, 'another key');
  t.equal((await post('{"kwh":2}', 'a', '2')).status, 201, 'another path');
  t.equal(asked.length, 3);
  t.match(await (await post('{"kwh":1}', 'x'.repeat(256))).json(), {
    type: /badParameter/,
    detail: /Idempotency-Key/,
  });
  clock.advance(24 * HOUR_MS);
  t.equal((await post('{"kwh":2}', 'a')).status, 201, 'after a day it is a new key');
  t.equal(asked.length, 4);
});

void t.test('what was refused or failed under a key may be tried again', async (t) => {
  let runs = 0;
  const failing = defineRoute({
    method: 'POST',
    path: '/fail',
    role: 'admin',
    group: 'Test',
    summary: 'Fails once',
    answer: { status: 204, description: 'Nothing.' },
    handle() {
      runs += 1;
      if (runs === 1) throw new Error('the first time');
      return { empty: true };
    },
  });
  const url = await serving(t, [failing]);
  const post = () => fetch(`${url}/fail`, { method: 'POST', headers: { ...BEARER, 'idempotency-key': 'k' } });
  t.strictSame(
    [(await post()).status, (await post()).status, (await post()).status, runs],
    [500, 204, 204, 2],
  );
});

void t.test('two editors cannot overwrite each other', async (t) => {
  let name = 'old';
  const facts = { path: '/name', group: 'Test', summary: 'A name' } as const;
  const Name = Type.Object({ name: Type.String() });
  const reply = () => ({ json: { name }, etag: etagOf({ name }) });
  const url = await serving(t, [
    defineRoute({
      ...facts,
      method: 'GET',
      role: null,
      answer: { description: 'It.', json: Name },
      handle: reply,
    }),
    defineRoute({
      ...facts,
      method: 'PUT',
      role: 'admin',
      body: Name,
      ifMatch: true,
      answer: { description: 'It.', json: Name },
      handle({ body, ifMatch }) {
        requireMatch(ifMatch, etagOf({ name }));
        name = body.name;
        return reply();
      },
    }),
  ]);
  const put = (text: string, ifMatch: object) =>
    fetch(`${url}/name`, {
      method: 'PUT',
      headers: { ...JSON_BODY, ...ifMatch },
      body: JSON.stringify({ name: text }),
    });
  const etag = (await fetch(`${url}/name`)).headers.get('etag') ?? '';
  t.match(etag, /^"[\w-]{27}"$/);
  t.equal((await put('new', {})).status, 428);
  const first = await put('new', { 'if-match': etag });
  t.equal(first.status, 200);
  const second = await put('other', { 'if-match': etag });
  t.match(await second.json(), { status: 412, type: /versionChanged/ });
  t.equal(name, 'new');
  const next = first.headers.get('etag') ?? '';
  t.equal(
    (await put('other', { 'if-match': `"x", W/${next}` })).status,
    200,
    'one of several, marked as weak',
  );
  t.equal((await put('last', { 'if-match': '*' })).status, 200);
});

void t.test('the media type is the one that is asked for', async (t) => {
  const route = defineRoute({
    method: 'GET',
    path: '/report',
    role: null,
    group: 'Test',
    summary: 'A report',
    answer: { description: 'It.', json: Type.Object({}), text: ['text/csv'] },
    handle: ({ mediaType }) => (mediaType === 'text/csv' ? { text: 'a,b\n' } : { json: {} }),
  });
  const url = await serving(t, [route]);
  for (const [accept, expected] of [
    ['*/*', 'application/json'],
    ['text/csv', 'text/csv; charset=utf-8'],
    ['text/*;q=0.9, application/json;q=0.1', 'text/csv; charset=utf-8'],
    ['text/html,*/*;q=0.8', 'application/json'],
    ['application/json;q=0, */*', 'text/csv; charset=utf-8'],
    ['TEXT/CSV', 'text/csv; charset=utf-8'],
    ['image/png', 'application/problem+json'],
    ['*/*;q=0', 'application/problem+json'],
  ] as const) {
    const response = await fetch(`${url}/report`, { headers: { accept } });
    t.equal(response.headers.get('content-type'), expected, accept);
    if (expected.endsWith('problem+json')) t.equal(response.status, 406);
  }
});

void t.test('OPTIONS and a wrong method tell what is possible, HEAD is a GET without its body', async (t) => {
  const get = defineRoute({
    method: 'GET',
    path: '/echo/{id}',
    role: 'viewer',
    group: 'Test',
    summary: 'Reads',
    params: Type.Object({ id: Type.String() }),
    answer: { description: 'Text.', text: ['text/plain'] },
    handle: () => ({ text: 'some text' }),
  });
  const url = await serving(t, [get, echo()]);
  const options = await fetch(`${url}/echo/1`, { method: 'OPTIONS' });
  t.strictSame([options.status, options.headers.get('allow')], [204, 'GET, HEAD, POST, OPTIONS']);
  const wrong = await fetch(`${url}/echo/1`, { method: 'DELETE', headers: BEARER });
  t.strictSame([wrong.status, wrong.headers.get('allow')], [405, 'GET, HEAD, POST, OPTIONS']);
  t.equal((await fetch(`${url}/echo/1`, { method: 'DELETE' })).status, 401);
  const head = await fetch(`${url}/echo/1`, { method: 'HEAD', headers: BEARER });
  t.strictSame([head.status, await head.text()], [200, '']);
});

void t.test('a HEAD of a stream ends the stream at once', async (t) => {
  let cancelled = 0;
  const stream = defineRoute({
    method: 'GET',
    path: '/stream',
    role: null,
    group: 'Test',
    summary: 'Without end',
    answer: { description: 'Bytes.', text: ['text/event-stream'] },
    handle: () => ({ stream: new ReadableStream({ cancel: () => void (cancelled += 1) }) }),
  });
  const url = await serving(t, [stream]);
  const head = await fetch(`${url}/stream`, { method: 'HEAD' });
  t.strictSame([head.status, head.headers.get('content-type')], [200, 'text/event-stream; charset=utf-8']);
  t.equal(cancelled, 1);
});

void t.test('who commanded what is in the log, also when it was refused; who only read is not', async (t) => {
  const lines: (LogFields | undefined)[] = [];
  const log: Log = { ...silentLog, info: (tag, _, fields) => lines.push({ tag, ...fields }) };
  const url = await serving(t, [echo()], { log });
  const post = async (headers: Record<string, string>) =>
    (await fetch(`${url}/echo/1?name=x`, { method: 'POST', headers })).text();
  await post(BEARER);
  await post({});
  await fetch(`${url}/echo/1`, { headers: BEARER });
  await fetch(`${url}/echo/1`, { method: 'OPTIONS' });
  t.strictSame(lines, [
    { tag: 'API', who: 'desk', method: 'POST', path: '/echo/1', status: 201 },
    { tag: 'API', who: undefined, method: 'POST', path: '/echo/1', status: 401 },
  ]);
});

void t.test('a token that asks too often waits, without holding up the others', async (t) => {
  const clock = createManualClock();
  const tokens = fixedTokens([
    { name: 'desk', role: 'admin', token: 'admin-token' },
    { name: 'loud', role: 'admin', token: 'loud-token' },
  ]);
  const url = await serving(t, [echo()], { clock, tokens, rateLimits: { perSecond: 2, burst: 3 } });
  const post = (token: string) =>
    fetch(`${url}/echo/1`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  const statuses = async (token: string, times: number) => {
    const found: number[] = [];
    for (let time = 0; time < times; time++) found.push((await post(token)).status);
    return found;
  };
  t.strictSame(await statuses('loud-token', 4), [201, 201, 201, 429]);
  t.equal((await post('loud-token')).headers.get('retry-after'), '1');
  t.strictSame(await statuses('admin-token', 1), [201]);
  clock.advance(500);
  t.strictSame(await statuses('loud-token', 2), [201, 429], 'one came back in half a second');
  t.strictSame(await statuses('guess', 4), [401, 401, 401, 429], 'guessing is slowed down');
  t.strictSame(await statuses('admin-token', 1), [201], 'and does not slow down who has a token');
});
