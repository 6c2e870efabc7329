// The HTTP side: hono on node:http. In this version GET /api/health; every other path is a problem.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { Log } from '../runtime/log.ts';
import type { Health, Problem } from './contract.ts';

export interface ApiParts {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  readonly health: () => Health;
  readonly log: Log;
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

/** Requests have no body in this version, and no client needs longer than this to send one. */
const REQUEST_TIMEOUT_MS = 10_000;

export function createApiServer(parts: ApiParts): ApiServer {
  const app = createApp(parts);
  const handle = getRequestListener(app.fetch);
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    handle(request, response).catch((cause: unknown) => {
      parts.log.error('API', 'request failed', { cause: String(cause) });
      response.destroy();
    });
  });
  return {
    listen: () => listen(server, parts),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createApp({ health, log }: ApiParts): Hono {
  const app = new Hono();
  // 200 also when degraded: what is wrong is worked around, and a watchdog that restarts would not mend it.
  app.get('/api/health', (c) => c.json(health()));
  app.notFound((c) => {
    const problem: Problem = {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: `there is nothing at ${c.req.path}; GET /api/health tells how the server is`,
    };
    return c.json(problem, 404, { 'content-type': 'application/problem+json' });
  });
  app.onError((error, c) => {
    log.error('API', 'request failed', { path: c.req.path, cause: String(error) });
    const problem: Problem = { type: 'about:blank', title: 'Internal Server Error', status: 500 };
    return c.json(problem, 500, { 'content-type': 'application/problem+json' });
  });
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
