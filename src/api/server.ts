// The HTTP side: hono on node:http. It knows no resource: those are in route/, one file each.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { corsHeaders } from './cors.ts';
import type { Route } from './define-route.ts';
import { openApiDocument } from './openapi.ts';
import type { RoutePorts } from './ports.ts';
import { documentationRoutes } from './route/documentation.ts';
import { allRoutes } from './routes.ts';
import { serveRoutes, type ApiApp, type FrameParts } from './serve-routes.ts';

export interface ApiParts extends RoutePorts, FrameParts {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  /** Origins whose pages may ask; empty: none. */
  readonly cors: readonly string[];
  /** Of the program. */
  readonly version: string;
}

export interface ApiServer {
  listen(): Promise<{ host: string; port: number }>;
  close(): Promise<void>;
}

/** A port that cannot be listened on. `hint` says what to do about it. */
export class ApiServerError extends Error {
  readonly code: 'portInUse' | 'noPermission' | 'badHost';
  readonly hint: string;

  constructor(code: ApiServerError['code'], message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiServerError';
    this.code = code;
    this.hint = hint;
  }
}

/** No client needs longer than this to say what it wants. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;

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
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => {
      handle(request, response).catch((cause: unknown) => {
        parts.log.error('API', 'request failed', { cause: String(cause) });
        response.destroy();
      });
    },
  );
  return {
    listen: () => listen(server, parts),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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

function listen(server: Server, { host, port }: ApiParts): Promise<{ host: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo;
      resolve({ host: address.address, port: address.port });
    });
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): ApiServerError {
  if (cause.code === 'EADDRINUSE') {
    const hint = 'set api.port or --api-port';
    return new ApiServerError('portInUse', `port ${port} is in use by another program`, hint, { cause });
  }
  if (cause.code === 'EACCES') {
    const hint = 'ports below 1024 belong to the system; set api.port or --api-port';
    return new ApiServerError('noPermission', `not allowed to listen on port ${port}`, hint, { cause });
  }
  const hint = 'set api.host or --api-host to an address of this machine';
  return new ApiServerError('badHost', `cannot listen on ${host} (${cause.code ?? cause.message})`, hint, {
    cause,
  });
}
