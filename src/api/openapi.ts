// The OpenAPI 3.1 document, made from the routes that are served: it cannot say anything else than they do.
import { strict as assert } from 'node:assert';
import type { TObject, TSchema } from 'typebox';
import { PROBLEM_TYPE_PREFIX, PROBLEMS, type ProblemCode } from './contract.ts';
import type { OpenApiDocument, Operation } from './contract/openapi.ts';
import { Problem } from './contract/problem.ts';
import type { Route } from './define-route.ts';
import { PROBLEM_MEDIA_TYPE } from './problem.ts';
import { closed } from './request-check.ts';
import { mediaTypesOf, problemsOf } from './route-problems.ts';

type JsonObject = Record<string, unknown>;

const DESCRIPTION = [
  'Times are ISO 8601 in UTC, energies whole Wh. Every path but the open ones takes `Authorization: Bearer TOKEN`; a token has a role:',
  '`viewer` reads, `operator` also commands chargers, `admin` also edits users. Lists come in pages: send `next` of one as `after` for the following one.',
  'A POST with an `Idempotency-Key` is done once: the same key and body within 24 hours, while the server runs, gets the same answer.',
  'What may be edited by two people has an `ETag`: a change wants it in `If-Match`.',
  'Errors are problems (RFC 9457): `type` is `urn:kwota:problem:` and a code that stays.',
].join(' ');

export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const schemas: Record<string, JsonObject> = {};
  const use = (schema: TSchema): JsonObject => withReferences(schema, schemas) as JsonObject;
  const paths: OpenApiDocument['paths'] = {};
  for (const route of routes) {
    const path = (paths[route.path] ??= {});
    const method = route.method.toLowerCase();
    assert(!(method in path), `${route.method} ${route.path} is defined twice`);
    path[method] = operationOf(route, use);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'kwota', version, description: DESCRIPTION },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

function operationOf(route: Route, use: (schema: TSchema) => JsonObject): Operation {
  const { method, path, group, summary, description, role, body } = route;
  const problems = problemsOf(route);
  return {
    operationId: operationIdOf(method, path),
    tags: [group],
    summary,
    ...(description === undefined ? {} : { description }),
    security: role === null ? [] : [{ token: [] }],
    parameters: [
      ...parametersOf('path', route.params, use),
      ...parametersOf('query', route.query, use),
      ...headersOf(route),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            // An empty body counts as {}.
            required: 'required' in body && (body.required as readonly string[]).length > 0,
            content: { 'application/json': { schema: use(closed(body)) } },
          },
        }),
    responses: { ...successOf(route, use), ...problemResponses(problems, use) },
    'x-role': role,
    'x-problems': Object.fromEntries(problems.map((code) => [code, PROBLEMS[code].status])),
  };
}

/** `GET /api/chargers/{id}/trace` is getChargersIdTrace, `GET /metrics` is getRootMetrics. */
function operationIdOf(method: string, path: string): string {
  const [first, ...others] = path.split(/\W+/).filter((word) => word !== '');
  const words = first === 'api' ? others : ['root', ...(first === undefined ? [] : [first]), ...others];
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function parametersOf(
  place: 'path' | 'query',
  schema: TObject | undefined,
  use: (schema: TSchema) => JsonObject,
): Operation['parameters'] {
  const required = (schema as { required?: readonly string[] } | undefined)?.required ?? [];
  return Object.entries<TSchema>(schema?.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = use(property);
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(typeof description === 'string' ? { description } : {}),
      schema: rest,
    };
  });
}

function headersOf({ method, ifMatch }: Route): Operation['parameters'] {
  const header = (name: string, required: boolean, description: string) => [
    { name, in: 'header', required, description, schema: { type: 'string' } },
  ];
  return [
    ...(ifMatch === true ? header('If-Match', true, 'The ETag that the GET answered, or *.') : []),
    ...(method === 'POST'
      ? header('Idempotency-Key', false, 'Any text of up to 255 characters: the same request is done once.')
      : []),
  ];
}

function successOf({ answer }: Route, use: (schema: TSchema) => JsonObject): Operation['responses'] {
  const { status = 200, description, json } = answer;
  const content = Object.fromEntries(
    mediaTypesOf(answer).map((type) => [
      type,
      { schema: type === 'application/json' && json !== undefined ? use(json) : { type: 'string' } },
    ]),
  );
  return { [status]: { description, ...(Object.keys(content).length > 0 ? { content } : {}) } };
}

function problemResponses(
  problems: readonly ProblemCode[],
  use: (schema: TSchema) => JsonObject,
): Operation['responses'] {
  const byStatus = Map.groupBy(problems, (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `${code}: ${PROBLEMS[code].title}.`).join(' '),
        content: {
          [PROBLEM_MEDIA_TYPE]: {
            schema: {
              allOf: [use(Problem)],
              properties: { type: { enum: codes.map((code) => `${PROBLEM_TYPE_PREFIX}${code}`) } },
            },
          },
        },
      },
    ]),
  );
}

/** A copy in which each object that has a title is a reference to the component of this name. */
function withReferences(node: unknown, schemas: Record<string, JsonObject>): unknown {
  if (Array.isArray(node)) return node.map((item) => withReferences(item, schemas));
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, withReferences(value, schemas)]),
  );
  const { title } = node as { title?: unknown };
  if (typeof title !== 'string') return copy;
  const known = schemas[title];
  assert(
    known === undefined || JSON.stringify(known) === JSON.stringify(copy),
    `two schemas are called ${title}`,
  );
  schemas[title] = copy;
  return { $ref: `#/components/schemas/${title}` };
}
