// /api/docs as one page of HTML, made from the OpenAPI document: no scripts, and nothing from elsewhere.
import { createHash } from 'node:crypto';
import type { OpenApiDocument, Operation } from './contract/openapi.ts';
import {
  escapeHtml,
  exampleOf,
  membersHtml,
  proseHtml,
  rowHtml,
  tableHtml,
  typeHtml,
  type JsonSchema,
  type Schemas,
} from './docs-schema.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3 { line-height: 1.2; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
h3 { margin-top: 2.5rem; }
h3 .method { display: inline-block; min-width: 4rem; }
h4 { margin: 1rem 0 .25rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { background: var(--soft); padding: .75rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); }
th { font-weight: 600; border-top: 0; }
.role { color: GrayText; }
nav ul { list-style: none; padding-left: 1rem; }
`;

/** The style is the only thing that a browser may use of the page, by its hash. */
export const DOCS_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Shown {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export function docsPage(document: OpenApiDocument): string {
  const { info, paths, tags, components } = document;
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const groups = tags.map(({ name }) => ({
    name,
    routes: all.filter(({ operation }) => operation.tags.includes(name)),
  }));
  const schemas = components.schemas as Schemas;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(info.title)} API</title><style>${STYLE}</style></head><body>`,
    `<h1>${escapeHtml(info.title)} API <small>${escapeHtml(info.version)}</small></h1>`,
    `<p>${proseHtml(info.description)}</p>`,
    '<p>For programs: <a href="openapi.json">openapi.json</a>. The examples take two variables:</p>',
    '<pre>URL=http://127.0.0.1:8001\nTOKEN=$(cat data/.kwota/admin-token)</pre>',
    `<nav><h2>Paths</h2>${groups.map(({ name, routes }) => contents(name, routes)).join('')}</nav><main>`,
    ...groups.map(
      ({ name, routes }) =>
        `<section><h2>${escapeHtml(name)}</h2>${routes.map((one) => operationHtml(one, schemas)).join('')}</section>`,
    ),
    `<section><h2>Schemas</h2>${Object.entries(schemas).map(schemaHtml).join('')}</section>`,
    '</main></body></html>',
  ].join('\n');
}

function contents(group: string, routes: readonly Shown[]): string {
  const lines = routes.map(
    ({ method, path, operation }) =>
      `<li><a href="#${operation.operationId}"><code>${method} ${escapeHtml(path)}</code></a> ${escapeHtml(operation.summary)}</li>`,
  );
  return `<h3>${escapeHtml(group)}</h3><ul>${lines.join('')}</ul>`;
}

function operationHtml({ method, path, operation }: Shown, schemas: Schemas): string {
  const { operationId, summary, description, parameters, requestBody } = operation;
  const role = operation['x-role'];
  const body = requestBody?.content['application/json']?.schema;
  return [
    `<article id="${operationId}"><h3><code><span class="method">${method}</span> ${escapeHtml(path)}</code></h3>`,
    `<p>${escapeHtml(summary)}. <span class="role">${role === null ? 'Open to anybody.' : `Role: ${role}.`}</span></p>`,
    description === undefined ? '' : `<p>${proseHtml(description)}</p>`,
    parameters.length === 0 ? '' : `<h4>Parameters</h4>${parametersHtml(parameters)}`,
    body === undefined ? '' : `<h4>Body</h4><p>JSON: ${typeHtml(body)}</p>${membersHtml(body)}`,
    `<h4>Answer</h4>${answersHtml(operation)}`,
    `<h4>Problems</h4><p>${problemsText(operation)}</p>`,
    `<pre>${escapeHtml(curl(method, path, operation, body, schemas))}</pre></article>`,
  ].join('\n');
}

function parametersHtml(parameters: Operation['parameters']): string {
  const rows = parameters.map(({ name, in: place, required, description = '', schema }) => {
    const value = schema['default'];
    const preset = typeof value === 'number' || typeof value === 'string' ? ` ${value} unless said.` : '';
    return rowHtml(
      `<code>${escapeHtml(name)}</code>${required ? '' : ' (optional)'}`,
      place,
      typeHtml(schema),
      proseHtml(`${description}${preset}`),
    );
  });
  return tableHtml(['name', 'in', 'type', 'means'], rows);
}

function answersHtml({ responses }: Operation): string {
  const rows = Object.entries(responses)
    .filter(([status]) => status < '300')
    .map(([status, { description, content = {} }]) => {
      const types = Object.entries(content).map(
        ([mediaType, { schema }]) => `<code>${escapeHtml(mediaType)}</code>: ${typeHtml(schema ?? {})}`,
      );
      return rowHtml(status, types.join('<br>') || 'nothing', proseHtml(description));
    });
  return tableHtml(['status', 'content', 'means'], rows);
}

function problemsText(operation: Operation): string {
  return Object.entries(operation['x-problems'])
    .map(([code, status]) => `${status} <code>${escapeHtml(code)}</code>`)
    .join(', ');
}

function schemaHtml([name, schema]: readonly [string, JsonSchema]): string {
  const description = typeof schema['description'] === 'string' ? schema['description'] : '';
  return `<article id="schema-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3><p>${proseHtml(description)}</p>${membersHtml(schema)}</article>`;
}

function curl(
  method: string,
  path: string,
  operation: Operation,
  body: JsonSchema | undefined,
  schemas: Schemas,
): string {
  const [mediaType] = Object.entries(operation.responses).flatMap(([status, { content = {} }]) =>
    status < '300' ? Object.keys(content) : [],
  );
  const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return [
    'curl',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...(operation['x-role'] === null ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...(operation.parameters.some(({ name }) => name === 'If-Match') ? ["-H 'If-Match: ETAG'"] : []),
    ...(mediaType === 'text/event-stream' ? ['-N'] : []),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(exampleOf(body, schemas)))}`]),
    `"$URL${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase())}"`,
  ].join(' ');
}
