// /api/openapi.json and /api/docs: what this server can be asked, for programs and for people. Open: it tells no secret.
import { OpenApiDocument } from '../contract/openapi.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { docsPage, DOCS_PAGE_POLICY } from '../docs-page.ts';

/** `documentOf` is asked at the first request: these routes stand in the document too. */
export function documentationRoutes(documentOf: () => OpenApiDocument): readonly Route[] {
  let document: OpenApiDocument | undefined;
  let html: string | undefined;
  return [
    defineRoute({
      method: 'GET',
      path: '/api/openapi.json',
      role: null,
      group: 'Server',
      summary: 'This document',
      answer: { description: 'OpenAPI 3.1.', json: OpenApiDocument },
      handle: () => ({ json: (document ??= documentOf()) }),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/docs',
      role: null,
      group: 'Server',
      summary: 'This document as a page',
      answer: { description: 'A page without scripts.', text: ['text/html'] },
      handle() {
        html ??= docsPage((document ??= documentOf()));
        return { text: html, headers: { 'content-security-policy': DOCS_PAGE_POLICY } };
      },
    }),
  ];
}
