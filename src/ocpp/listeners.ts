// The ports that chargers connect to: ws://, wss://, or both. What comes in is handed on; who may connect is gate.ts's matter.
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { ConnectionRate } from './connection-rate.ts';
import { listenError } from './errors.ts';
import type { TlsCredentials, TlsOptions } from './ports.ts';
import { remoteAddressOf, type Refusals } from './refusal.ts';

/** How long a client may take to shake hands and to say what it wants, and a charger to upload a file. */
const HEADERS_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 15 * 60_000;
/** How often it is looked for those that took too long: who is silent lives at most so much longer. */
const TIMEOUT_CHECKS_MS = 5_000;

/** Only so do today's libraries still speak what is older than TLS 1.2. */
const LEGACY_CIPHERS = 'DEFAULT@SECLEVEL=0';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface Listening extends HostPort {
  /** Whether wss:// has taken the place of ws://. */
  readonly isTls: boolean;
  /** wss:// beside ws://. */
  readonly tls: HostPort | null;
}

export interface ListenerParts {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsOptions | undefined;
  readonly refusals: Refusals;
  /** One that is made for the purpose unless told otherwise. */
  readonly rate?: Pick<ConnectionRate, 'waitOf'>;
  readonly clock: Clock;
  readonly log: Log;
  /** A request that is no upgrade. */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
}

export class Listeners {
  readonly #parts: ListenerParts;
  readonly #first: HttpServer | HttpsServer;
  readonly #rate: Pick<ConnectionRate, 'waitOf'>;
  /** When connections may go on that came too fast, by address and port; monotonic. */
  readonly #turnsMs = new Map<string, number>();
  /** Also `first`, where wss:// has taken the place of ws://. */
  readonly #secure: HttpsServer | null;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#rate = parts.rate ?? new ConnectionRate(parts.clock);
    const { tls } = parts;
    this.#secure = tls === undefined ? null : createSecureServer(tls);
    const isBoth = tls !== undefined && tls.port !== null;
    this.#first = this.#secure !== null && !isBoth ? this.#secure : createHttpServer(TIMEOUTS);
    for (const server of this.#all()) this.#receive(server);
  }

  /** Rejects with OcppServerError; then nothing listens. */
  async listen(): Promise<Listening> {
    const { host, port, tls } = this.#parts;
    const first = await this.#listen(this.#first, host, port, 'ocpp.port');
    if (this.#secure === null || this.#secure === this.#first)
      return { ...first, isTls: this.#secure !== null, tls: null };
    try {
      const second = await this.#listen(this.#secure, host, tls?.port ?? 0, 'ocpp.tls.port');
      return { ...first, isTls: false, tls: second };
    } catch (error) {
      this.#first.close();
      throw error;
    }
  }

  /** Handshakes from now on; connections go on with what they have. */
  renew(credentials: TlsCredentials): void {
    const { tls } = this.#parts;
    if (tls !== undefined) this.#secure?.setSecureContext(secureContextOf({ ...tls, credentials }));
  }

  /** Accepts nothing more; resolves when all that was no charger's connection is gone as well. */
  async close(): Promise<void> {
    await Promise.all(
      this.#all().map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  }

  /** What has not become a charger's connection. */
  closeAllConnections(): void {
    for (const server of this.#all()) server.closeAllConnections();
  }

  #all(): (HttpServer | HttpsServer)[] {
    return this.#secure === null || this.#secure === this.#first
      ? [this.#first]
      : [this.#first, this.#secure];
  }

  #receive(server: HttpServer | HttpsServer): void {
    const { refusals, onRequest, onUpgrade } = this.#parts;
    server.on('request', onRequest);
    server.on('clientError', (error, stream) => refusals.brokenRequest(error, stream));
    // node:https tells each failed handshake as a `clientError` as well: it is no broken request.
    server.removeAllListeners('tlsClientError');
    server.on('tlsClientError', (error: Error, stream: Duplex) => refusals.failedHandshake(error, stream));
    server.on('connection', (socket: Socket) => this.#accept(socket));
    server.on('upgrade', (request, stream, head) => {
      const waitMs = this.#waitOf(stream);
      if (waitMs === 0) onUpgrade(request, stream, head);
      else this.#upgradeLater(waitMs, request, stream, head);
    });
  }

  /** Before a handshake, and before a request is read. */
  #accept(socket: Socket): void {
    const { refusals, clock } = this.#parts;
    const waitMs = this.#rate.waitOf(remoteAddressOf(socket));
    if (waitMs === null) {
      refusals.tooFast(socket);
      return;
    }
    if (waitMs === 0) return;
    const peer = peerOf(socket);
    this.#turnsMs.set(peer, clock.monotonicMs() + waitMs);
    socket.once('close', () => this.#turnsMs.delete(peer));
  }

  #waitOf(stream: Duplex): number {
    const turnMs = this.#turnsMs.get(peerOf(stream));
    return turnMs === undefined ? 0 : Math.max(0, turnMs - this.#parts.clock.monotonicMs());
  }

  #upgradeLater(waitMs: number, request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Nobody else listens meanwhile, and an error that nobody hears ends the process.
    const onError = () => stream.destroy();
    stream.on('error', onError);
    this.#parts.clock.after(waitMs, () => {
      stream.off('error', onError);
      if (!stream.destroyed) this.#parts.onUpgrade(request, stream, head);
    });
  }

  #listen(server: HttpServer | HttpsServer, host: string, port: number, key: string): Promise<HostPort> {
    return new Promise((resolve, reject) => {
      const onError = (error: Error) => reject(listenError(error, host, port, key));
      server.once('error', onError);
      server.listen({ host, port }, () => {
        server.off('error', onError);
        server.on('error', (error) => {
          const fields = { port, error: error.message };
          this.#parts.log.error('CONNECT', 'the port for chargers reports an error', fields);
        });
        const { address, port: actualPort } = server.address() as AddressInfo;
        resolve({ host: address, port: actualPort });
      });
    });
  }
}

const TIMEOUTS = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: TIMEOUT_CHECKS_MS,
} as const;

function createSecureServer(tls: TlsOptions): HttpsServer {
  return createHttpsServer({
    ...TIMEOUTS,
    ...secureContextOf(tls),
    handshakeTimeout: HEADERS_TIMEOUT_MS,
    requestCert: tls.credentials.ca !== null,
    rejectUnauthorized: tls.requireClientCertificate,
  });
}

function secureContextOf({ credentials: { cert, key, ca }, minVersion }: TlsOptions) {
  const isLegacy = minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
  return { cert, key, ...(ca && { ca }), minVersion, ...(isLegacy && { ciphers: LEGACY_CIPHERS }) };
}

/** The same for a TLS socket and the one below it. */
function peerOf(stream: Duplex): string {
  const { remotePort = 0 } = stream as { readonly remotePort?: number };
  return `${remoteAddressOf(stream)} ${remotePort}`;
}
