// The document and its page: open, whole, by the rules of OpenAPI where a mistake would be silent, and without scripts.
import { createHash } from 'node:crypto';
import t from 'tap';
import Type from 'typebox';
import type { OpenApiDocument } from '../contract/openapi.ts';
import { named } from '../contract/schema.ts';
import { defineRoute } from '../define-route.ts';
import { docsPage } from '../docs-page.ts';
import { openApiDocument } from '../openapi.ts';
import { listening } from '../server.test-kit.ts';

void t.test('every reference leads somewhere, and every operation has a name of its own', async (t) => {
  const url = await listening(t);
  const text = await (await fetch(`${url}/api/openapi.json`)).text();
  const document = JSON.parse(text) as OpenApiDocument;
  t.equal(document.openapi, '3.1.0');
  t.equal(document.info.version, '1.2.3');
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
  t.ok(references.includes('Charger'));
  const unknown = references.filter((name) => !Object.hasOwn(document.components.schemas, name ?? ''));
  t.strictSame(unknown, []);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
  const ids = operations.map(({ operation }) => operation.operationId);
  t.equal(new Set(ids).size, ids.length);
  for (const { path, operation } of operations) {
    const declared = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
    const written = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    t.strictSame(declared.sort(), written.sort(), `${path} declares its parameters`);
  }
});

void t.test('the page has each path and schema, no script, and nothing from elsewhere', async (t) => {
  const url = await listening(t);
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as OpenApiDocument;
  const response = await fetch(`${url}/api/docs`);
  const html = await response.text();
  t.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  for (const methods of Object.values(document.paths)) {
    for (const { operationId } of Object.values(methods))
      t.ok(html.includes(`id="${operationId}"`), operationId);
  }
  for (const name of Object.keys(document.components.schemas)) {
    t.ok(html.includes(`id="schema-${name}"`), name);
  }
  const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id ?? '');
  t.strictSame(
    targets.filter((id) => !html.includes(`id="${id}"`)),
    [],
    'no link leads nowhere',
  );
  t.notMatch(html, /<script|<link|<img|src=|url\(|@import|href="http/);
  const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = response.headers.get('content-security-policy') ?? '';
  t.ok(policy.includes(`style-src 'sha256-${hash}'`), 'the browser takes the style');
  t.ok(policy.startsWith("default-src 'none'"));
});

void t.test('texts of the document stay texts on the page, and in its shell commands', (t) => {
  const route = defineRoute({
    method: 'POST',
    path: '/api/odd/{id}',
    role: 'admin',
    group: '<b>',
    summary: 'An <i>odd</i> & "quoted" one',
    params: Type.Object({ id: Type.String({ description: '<script>' }) }),
    body: named('Odd', 'It has `code`.', { text: Type.Enum(["it's"]) }),
    answer: { description: '<u>', json: Type.Array(Type.Number({ maximum: 3 })) },
    handle: () => ({ json: [] }),
  });
  const html = docsPage(openApiDocument([route], '<0>'));
  t.notMatch(html, /<b>|<i>|<script|<u>|<0>/);
  t.ok(html.includes('<code>code</code>'));
  t.ok(html.includes('list of number up to 3'));
  t.ok(html.includes(String.raw`-d &#39;{&quot;text&quot;:&quot;it&#39;\&#39;&#39;s&quot;}&#39;`));
  t.end();
});

void t.test('two schemas of one name, or two routes in one place, are a mistake of the programmer', (t) => {
  const route = (path: string, json: ReturnType<typeof named>) =>
    defineRoute({
      ...{ method: 'GET', role: null, group: 'Test', summary: 'Some' },
      path,
      answer: { description: 'It.', json },
      handle: () => ({ json: {} }),
    });
  const one = named('One', 'It.', {});
  const other = named('One', 'Another.', {});
  t.throws(() => openApiDocument([route('/a', one), route('/b', other)], '1'), /two schemas are called One/);
  t.throws(() => openApiDocument([route('/a', one), route('/a', one)], '1'), /defined twice/);
  t.end();
});
