// The HTTP side: hono on node:http. It knows no resource: those are in route/, one file each.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { Log } from '../runtime/log.ts';
import { createAuthenticator, type ApiToken } from './auth.ts';
import type { Health } from './contract.ts';
import type { ChargerPorts } from './ports.ts';
import { HttpProblem } from './problem.ts';
import { addChargerRoutes } from './route/chargers.ts';
import { get } from './route/get.ts';
import { addRecordingRoute } from './route/recording.ts';
import { addTraceRoute } from './route/trace.ts';

export interface ApiParts {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  readonly tokens: readonly ApiToken[];
  readonly health: () => Health;
  readonly chargers: ChargerPorts;
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

/** What is told holds at this moment, and is what its content type says. */
const SECURITY_HEADERS = [
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
] as const;

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

function createApp({ tokens, health, chargers, log }: ApiParts): Hono {
  const app = new Hono();
  const authenticate = createAuthenticator(tokens);
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of SECURITY_HEADERS) c.header(name, value);
  });
  // 200 also when degraded: what is wrong is worked around, and a watchdog that restarts would not mend it.
  get(app, '/api/health', (c) => c.json(health()));
  // Everything that is registered from here on wants a token, also what does not exist.
  app.use(async (c, next) => {
    authenticate(c.req.header('authorization'));
    await next();
  });
  addChargerRoutes(app, chargers);
  addTraceRoute(app, chargers);
  addRecordingRoute(app, chargers);
  app.notFound((c) =>
    new HttpProblem('nothingHere', {
      detail: `there is nothing at ${c.req.path}`,
      hint: 'GET /api/health tells how the server is',
    }).toResponse(),
  );
  app.onError((error, c) => {
    if (error instanceof HttpProblem) return error.toResponse();
    log.error('API', 'request failed', { path: c.req.path, cause: String(error) });
    return new HttpProblem('serverFailed', { hint: 'the log says why' }).toResponse();
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
