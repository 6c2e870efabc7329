// The port of the API: http://, or https:// with a plain port of its own for programs on the same machine. It knows no request.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** No client needs longer than this to say what it wants. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 60_000 } as const;

const LOOPBACK = '127.0.0.1';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** In PEM. */
interface Credentials {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Certificates that may be renewed while they are used. */
export interface CertificateSource {
  readonly certificates: Credentials;
  onRenewed(listener: (certificates: Credentials) => void): void;
}

export interface ApiListening extends HostPort {
  readonly isTls: boolean;
  /** Where local programs ask without a certificate; null: at the port itself. */
  readonly local: HostPort | null;
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

export interface ApiListener {
  listen(): Promise<ApiListening>;
  close(): Promise<void>;
}

export function createListener(
  { host, port }: HostPort,
  source: CertificateSource | null,
  onRequest: RequestListener,
): ApiListener {
  if (source === null) {
    const server = createServer(TIMEOUTS, onRequest);
    return {
      listen: async () => ({ ...(await listen(server, host, port)), isTls: false, local: null }),
      close: () => close(server),
    };
  }
  const { cert, key } = source.certificates;
  const secure = createSecureServer({ ...TIMEOUTS, cert, key, minVersion: 'TLSv1.2' }, onRequest);
  const local = createServer(TIMEOUTS, onRequest);
  source.onRenewed((renewed) => secure.setSecureContext({ cert: renewed.cert, key: renewed.key }));
  return {
    async listen() {
      const listening = await listen(secure, host, port);
      return { ...listening, isTls: true, local: await listen(local, LOOPBACK, 0) };
    },
    async close() {
      await Promise.all([close(secure), close(local)]);
    },
  };
}

function listen(server: Server | SecureServer, host: string, port: number): Promise<HostPort> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo;
      resolve({ host: address.address, port: address.port });
    });
  });
}

function close(server: Server | SecureServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
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
