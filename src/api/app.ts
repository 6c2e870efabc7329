// The API on hono: what answers a request that the server has accepted. It knows no resource: those are in route/.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { corsHeaders } from './cors.ts';
import type { Route } from './define-route.ts';
import { openApiDocument } from './openapi.ts';
import type { RoutePorts } from './ports.ts';
import { documentationRoutes } from './route/documentation.ts';
import { allRoutes } from './routes.ts';
import { serveRoutes, type ApiApp, type FrameParts } from './serve-routes.ts';

export interface AppParts extends RoutePorts, FrameParts {
  /** Origins whose pages may ask; empty: none. */
  readonly cors: readonly string[];
  /** Of the program. */
  readonly version: string;
}

/** Answers one request; rejects where that failed on the way. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What is told holds at this moment, is what its content type says, and is no page that could be put into another. */
const SECURITY_HEADERS = [
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
] as const;

export function createAnswer(parts: AppParts): Answer {
  return getRequestListener(createApp(parts).fetch);
}

function createApp(parts: AppParts): ApiApp {
  const app: ApiApp = new Hono();
  app.use(async (c, next) => {
    await next();
    const { headers } = c.res;
    for (const [name, value] of SECURITY_HEADERS) if (!headers.has(name)) headers.set(name, value);
    for (const [name, value] of corsHeaders(parts.cors, c.req.header('origin'))) headers.append(name, value);
  });
  const routes: readonly Route[] = [
    ...allRoutes(parts),
    ...documentationRoutes(() => openApiDocument(routes, parts.version)),
  ];
  serveRoutes(app, routes, parts);
  return app;
}
