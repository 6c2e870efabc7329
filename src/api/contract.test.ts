// The document and the server cannot differ: each route that the document names is asked with each role, each problem that it
// names is produced, and each answer is held against its schema. A new route needs its requests in contract-requests.test-kit.ts.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { PROBLEM_TYPE_PREFIX, PROBLEMS, type ProblemCode } from './contract.ts';
import type { ContractRequest } from './contract-group.test-kit.ts';
import { CONTRACT_GROUPS } from './contract-requests.test-kit.ts';
import type { OpenApiDocument, Operation } from './contract/openapi.ts';
import { Problem } from './contract/problem.ts';
import { exampleOf, type Schemas } from './docs-schema.ts';
import { BODY_MAX_BYTES } from './read-body.ts';
import { faultsOf } from './schema-check.ts';
import { listening, notAsked, TOKEN_OF } from './server.test-kit.ts';
import type { ApiParts } from './server.ts';

type Role = keyof typeof TOKEN_OF;
const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

interface Documented {
  /** `GET /api/chargers/{id}` */
  readonly name: string;
  readonly method: string;
  readonly operation: Operation;
  /** The path with parameters that the schemas take. */
  readonly path: string;
  /** JSON that the schema takes; undefined: the route takes no body. */
  readonly body: string | undefined;
}

interface Asked {
  readonly path?: string;
  readonly role?: Role;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** Ports that fail when they are asked anything. */
const FAILING: Partial<ApiParts> = {
  chargers: notAsked('chargers'),
  health: () => {
    throw new Error('this test made up no health');
  },
};

/** Nothing in them can fail. */
const NEVER_FAIL = ['GET /api/openapi.json', 'GET /api/docs'];

/** What has been produced, as `GET /api/chargers badParameter`. */
const produced = new Set<string>();

async function documentOf(url: string): Promise<readonly Documented[]> {
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as OpenApiDocument;
  const schemas = document.components.schemas as Schemas;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([word, operation]) => {
      const method = word.toUpperCase();
      const schema = operation.requestBody?.content['application/json']?.schema;
      const parameters = operation.parameters.map(
        ({ name, schema }) => [name, String(exampleOf(schema, schemas))] as const,
      );
      return {
        name: `${method} ${path}`,
        method,
        operation,
        path: withParameters(path, Object.fromEntries(parameters)),
        body: schema === undefined ? undefined : JSON.stringify(exampleOf(schema, schemas)),
      };
    }),
  );
}

function withParameters(path: string, values: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'missing');
}

/** A request that is good but for what `asked` says. */
function ask(url: string, one: Documented, asked: Asked = {}): Promise<Response> {
  const { path = one.path, role = 'admin', headers = {}, body = one.body } = asked;
  return fetch(`${url}${path}`, {
    method: one.method,
    headers: {
      authorization: `Bearer ${TOKEN_OF[role]}`,
      'if-match': '*',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
}

/** As a page does whose name suddenly means this machine; fetch lets nobody say another Host. */
async function askUnderOtherName(url: string, one: Documented): Promise<Response> {
  const headers = { host: 'evil.example', 'user-agent': 'Mozilla/5.0' };
  const [answer] = (await once(get(`${url}${one.path}`, { headers }), 'response')) as [IncomingMessage];
  const { statusCode: status = 0, headers: answered } = answer;
  return new Response(await text(answer), {
    status,
    headers: { 'content-type': answered['content-type'] ?? '' },
  });
}

async function isProblem(t: Test, one: Documented, code: ProblemCode, response: Response): Promise<void> {
  const body = await response.text();
  t.equal(response.status, PROBLEMS[code].status, `${one.name}: ${code}, not ${body}`);
  t.equal(response.headers.get('content-type'), 'application/problem+json');
  const problem = JSON.parse(body) as Problem;
  t.equal(problem.type, `${PROBLEM_TYPE_PREFIX}${code}`, one.name);
  t.strictSame(faultsOf(Problem, problem), [], one.name);
  const documented = one.operation.responses[String(response.status)]?.description ?? '';
  t.ok(documented.includes(`${code}: `), `${one.name} documents ${code}`);
  produced.add(`${one.name} ${code}`);
}

void t.test('each route asks for a token and refuses the roles below its own', async (t) => {
  const url = await listening(t, FAILING);
  for (const one of await documentOf(url)) {
    const role = one.operation['x-role'];
    if (role === null) {
      t.not((await ask(url, one, { headers: { authorization: '' } })).status, 401, one.name);
      continue;
    }
    await isProblem(t, one, 'tokenMissing', await ask(url, one, { headers: { authorization: '' } }));
    await isProblem(t, one, 'tokenRefused', await ask(url, one, { headers: { authorization: 'Bearer x' } }));
    for (const each of ROLES) {
      const response = await ask(url, one, { role: each });
      if (ROLES.indexOf(each) < ROLES.indexOf(role as Role)) await isProblem(t, one, 'roleTooLow', response);
      else t.notOk([401, 403].includes(response.status), `${one.name} lets the role ${each} in`);
    }
  }
});

void t.test('each route refuses what its schemas and media types do not have', async (t) => {
  const url = await listening(t, FAILING);
  for (const one of await documentOf(url)) {
    const is = (code: ProblemCode, asked: Asked) =>
      ask(url, one, asked).then((answer) => isProblem(t, one, code, answer));
    const codes = one.operation['x-problems'];
    if ('hostUnknown' in codes) await isProblem(t, one, 'hostUnknown', await askUnderOtherName(url, one));
    await is('badParameter', { path: `${one.path}?nonsense=1` });
    if ('notAcceptable' in codes) await is('notAcceptable', { headers: { accept: 'application/x-none' } });
    if ('ifMatchMissing' in codes) {
      const headers = { authorization: `Bearer ${TOKEN_OF.admin}`, 'content-type': 'application/json' };
      const init = { method: one.method, headers, ...(one.body === undefined ? {} : { body: one.body }) };
      await isProblem(t, one, 'ifMatchMissing', await fetch(`${url}${one.path}`, init));
    }
    if (one.body === undefined) continue;
    await is('badJson', { body: '{' });
    await is('badBody', { body: '[]' });
    await is('bodyNotJson', { headers: { 'content-type': 'text/plain' } });
    await is('bodyTooLarge', { body: JSON.stringify('x'.repeat(BODY_MAX_BYTES)) });
  }
});

void t.test('each route tells that it failed, and that it was asked too often', async (t) => {
  const failing = await listening(t, FAILING);
  const limited = await listening(t, { ...FAILING, rateLimits: { perSecond: 0.001, burst: 1 } });
  const all = await documentOf(failing);
  for (const one of all) {
    if (!NEVER_FAIL.includes(one.name)) await isProblem(t, one, 'serverFailed', await ask(failing, one));
    await (await ask(limited, one)).text();
    const response = await ask(limited, one);
    t.match(response.headers.get('retry-after'), /^\d+$/);
    await isProblem(t, one, 'tooManyRequests', response);
  }
});

void t.test('what could not be kept is refused before it is done', async (t) => {
  const url = await listening(t, { ...FAILING, storeFault: () => 'the disk is full' });
  const all = await documentOf(url);
  const kept = all.filter(({ operation }) => 'notStored' in operation['x-problems']);
  t.same(kept.map(({ name }) => name).sort(), [
    'DELETE /api/charging-profiles/{name}',
    'DELETE /api/tokens/{name}',
    'POST /api/sessions/{transactionId}/close',
    'POST /api/tokens',
    'POST /api/users/{idTag}/grants',
    'POST /api/users/{idTag}/grants/{grantId}/revoke',
    'PUT /api/charging-profiles/{name}',
  ]);
  for (const one of kept) await isProblem(t, one, 'notStored', await ask(url, one));
});

void t.test('each route answers as documented, and tells the problems of its own', async (t) => {
  for (const { parts, requests } of CONTRACT_GROUPS) {
    const url = await listening(t, parts());
    const all = new Map((await documentOf(url)).map((one) => [one.name, one]));
    for (const [name, rows] of Object.entries(requests)) {
      const one = all.get(name);
      if (one === undefined) t.fail(`the document has no ${name}`);
      else for (const row of rows) await answersAs(t, url, one, row);
    }
  }
});

async function answersAs(t: Test, url: string, one: Documented, row: ContractRequest): Promise<void> {
  const { params = {}, query = '', headers = {}, body, problem } = row;
  const [, template = ''] = one.name.split(' ');
  const asked = {
    path: `${withParameters(template, params)}${query}`,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  if (problem !== null) {
    await isProblem(t, one, problem, await ask(url, one, asked));
    return;
  }
  const isKeyed = 'keyReused' in one.operation['x-problems'];
  const keyed = isKeyed
    ? { ...asked, headers: { ...headers, 'idempotency-key': one.name.replace(' ', '') } }
    : asked;
  const response = await ask(url, one, keyed);
  const documented = one.operation.responses[String(response.status)];
  t.ok(response.ok && documented, `${one.name}: ${response.status}`);
  const mediaType = response.headers.get('content-type')?.split(';')[0];
  t.strictSame(
    mediaType === undefined ? [] : [mediaType],
    Object.keys(documented?.content ?? {}).filter((type) => type === mediaType),
    `${one.name} answers with a media type that it documents`,
  );
  await response.body?.cancel();
  produced.add(`${one.name} ok`);
  if (isKeyed)
    await isProblem(t, one, 'keyReused', await ask(url, one, { ...keyed, body: `${keyed.body ?? '{}'} ` }));
  if ('versionChanged' in one.operation['x-problems']) {
    const stale = { ...asked, headers: { ...headers, 'if-match': '"another"' } };
    await isProblem(t, one, 'versionChanged', await ask(url, one, stale));
  }
}

void t.test('nothing is documented that the requests above have not met', async (t) => {
  const missing = (await documentOf(await listening(t))).flatMap(({ name, operation }) =>
    ['ok', ...Object.keys(operation['x-problems'])]
      .map((code) => `${name} ${code}`)
      .filter((one) => !produced.has(one) && !(one.endsWith('serverFailed') && NEVER_FAIL.includes(name))),
  );
  t.strictSame(missing, [], 'each needs a request: see contract-requests.test-kit.ts');
});
