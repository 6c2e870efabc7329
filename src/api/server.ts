// The HTTP side: node:http, and behind it the API on hono, which is loaded after the start. It knows no resource.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CancelTimer } from '../runtime/clock.ts';
import type { Answer, AppParts } from './app.ts';

export interface ApiParts extends AppParts {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
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

/** No client needs longer than this to say what it wants; a charger may upload a file for longer. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15 * 60_000;

/** After the start, and before somebody asks: on a slow machine it takes long enough to be felt. */
const LOAD_AFTER_MS = 1_000;

export function createApiServer(parts: ApiParts): ApiServer {
  const load = loadedOnce(parts);
  const fail = (cause: unknown) => parts.log.error('API', 'request failed', { cause: String(cause) });
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => {
      load()
        .then((answer) => answer(request, response))
        .catch((cause: unknown) => {
          fail(cause);
          response.destroy();
        });
    },
  );
  let cancelLoading: CancelTimer = () => undefined;
  return {
    async listen() {
      const address = await listen(server, parts);
      cancelLoading = parts.clock.after(LOAD_AFTER_MS, () => void load().catch(fail));
      return address;
    },
    close: () =>
      new Promise((resolve) => {
        cancelLoading();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Chargers do not need the API, and it takes a third of the start: it comes afterwards, or with the first request. */
function loadedOnce(parts: AppParts): () => Promise<Answer> {
  let loading: Promise<Answer> | null = null;
  return () => (loading ??= import('./app.ts').then(({ createAnswer }) => createAnswer(parts)));
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
