// The HTTP side: hono on node:http. It knows no resource: those are in route/, one file each.
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { corsHeaders } from './cors.ts';
import type { Route } from './define-route.ts';
import { createListener, type ApiListening, type CertificateSource } from './listener.ts';
import { openApiDocument } from './openapi.ts';
import type { RoutePorts } from './ports.ts';
import { documentationRoutes } from './route/documentation.ts';
import { allRoutes } from './routes.ts';
import { serveRoutes, type ApiApp, type FrameParts } from './serve-routes.ts';

export interface ApiParts extends RoutePorts, FrameParts {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  /** Null: http://. */
  readonly certificates: CertificateSource | null;
  /** Origins whose pages may ask; empty: none. */
  readonly cors: readonly string[];
  /** Of the program. */
  readonly version: string;
}

export interface ApiServer {
  listen(): Promise<ApiListening>;
  close(): Promise<void>;
}

/** What is told holds at this moment, is what its content type says, and is no page that could be put into another. */
const SECURITY_HEADERS = [
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
] as const;

export function createApiServer(parts: ApiParts): ApiServer {
  const app = createApp(parts);
  const handle = getRequestListener(app.fetch);
  return createListener(parts, parts.certificates, (request, response) => {
    handle(request, response).catch((cause: unknown) => {
      parts.log.error('API', 'request failed', { cause: String(cause) });
      response.destroy();
    });
  });
}

function createApp(parts: ApiParts): ApiApp {
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
