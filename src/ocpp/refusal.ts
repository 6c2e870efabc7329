// Connections that never become a charger's: answered if that makes sense, closed in any case, logged without flooding. Knows no charge point.
import { shownPath } from './identity.ts';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../runtime/clock.ts';
import type { Log, LogFields } from '../runtime/log.ts';

/** One line of a kind in this time; the next one says how many were left out. */
const LOG_INTERVAL_MS = 10_000;

/** The first byte of a TLS handshake record. */
const TLS_HANDSHAKE = 0x16;

type UpgradeKind = 'handshake' | 'page' | 'identity' | 'unknown' | 'auth' | 'full' | 'rival';
type Kind = 'tooFast' | 'tls' | 'handshakeFailed' | 'noHttp' | UpgradeKind;

/** What may be wrong, by a part of OpenSSL's code. */
const HANDSHAKE_HINTS: readonly (readonly [string, string])[] = [
  ['HTTP_REQUEST', 'the charger speaks ws:// to the port of wss://'],
  ['UNKNOWN_CA', 'the charger does not know who signed the certificate: upload that authority to it'],
  [
    'CERTIFICATE_UNKNOWN',
    'the charger does not take the certificate: does it know its authority, and is its clock right?',
  ],
  [
    'BAD_CERTIFICATE',
    'the charger does not take the certificate: does it know its authority, and is its clock right?',
  ],
  ['CERTIFICATE_EXPIRED', 'a certificate has expired, or the clock of the charger is wrong'],
  [
    'PEER_DID_NOT_RETURN_A_CERTIFICATE',
    'the charger has no certificate, and ocpp.tls.requireClientCertificate wants one',
  ],
  ['UNSUPPORTED_PROTOCOL', 'the charger speaks an old TLS only; ocpp.tls.minVersion allows it'],
  ['NO_SHARED_CIPHER', 'the charger may be too old for this certificate: use an RSA one'],
];

/** An answer other than the usual one of a kind. */
interface RefusalAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What each kind is answered unless told otherwise. */
const STATUS: Readonly<Record<UpgradeKind, number>> = {
  handshake: 400,
  page: 403,
  identity: 404,
  unknown: 404,
  auth: 401,
  full: 503,
  rival: 503,
};

export interface Refusals {
  /** What is not HTTP came in; node:http's `clientError`. */
  brokenRequest(error: Error, stream: Duplex): void;
  /** Too many new connections of one address. */
  tooFast(socket: Duplex): void;
  /** TLS that did not come about; node:https's `tlsClientError`. */
  failedHandshake(error: Error, stream: Duplex): void;
  /** An HTTP request that is no upgrade. */
  plainRequest(request: IncomingMessage, response: ServerResponse): void;
  /** An upgrade that cannot be granted. */
  upgrade(
    kind: UpgradeKind,
    request: IncomingMessage,
    stream: Duplex,
    why: string,
    answer?: RefusalAnswer,
  ): void;
}

/** The refusals of one server. */
export function createRefusals(clock: Clock, log: Log): Refusals {
  const lines = new Map<Kind, { atMs: number; left: number }>();
  const warn = (kind: Kind, message: string, fields: LogFields) => {
    const nowMs = clock.monotonicMs();
    const last = lines.get(kind);
    if (last !== undefined && nowMs - last.atMs < LOG_INTERVAL_MS) {
      last.left++;
      return;
    }
    log.warn(kind === 'auth' ? 'AUTH' : 'CONNECT', message, {
      ...fields,
      leftOut: last !== undefined && last.left > 0 ? last.left : undefined,
    });
    lines.set(kind, { atMs: nowMs, left: 0 });
  };
  return {
    brokenRequest(error, stream) {
      const address = remoteAddressOf(stream);
      if (firstByteOf(error) === TLS_HANDSHAKE) {
        warn('tls', 'a charger tries TLS on the plain port', {
          address,
          hint: 'use ws:// instead of wss:// in the charger',
        });
        stream.destroy();
        return;
      }
      warn('noHttp', 'a connection that speaks no HTTP', { address, error: error.message });
      refuse(stream, { status: 400 }, '');
    },
    tooFast(socket) {
      warn('tooFast', 'an address connects too fast, some of it is closed', {
        address: remoteAddressOf(socket),
        hint: 'it may be one program in a loop',
      });
      socket.destroy();
    },
    failedHandshake(error, stream) {
      const address = remoteAddressOf(stream);
      const code = 'code' in error ? String(error.code) : error.message;
      // A port that is looked at and left (a load balancer's health check) is no failure.
      if (code !== 'ECONNRESET') {
        const hint = HANDSHAKE_HINTS.find(([part]) => code.includes(part))?.[1];
        warn('handshakeFailed', 'a TLS handshake failed', { address, code, hint });
      }
      stream.destroy();
    },
    plainRequest(request, response) {
      const isGet = request.method === 'GET' || request.method === 'HEAD';
      const headers = { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' };
      response.writeHead(isGet ? 426 : 404, isGet ? { ...headers, Upgrade: 'websocket' } : headers);
      response.end('This port is for chargers: OCPP 1.6-J over WebSocket, ws://HOST:PORT/CHARGER_ID\n');
    },
    upgrade(kind, request, stream, why, answer = { status: STATUS[kind] }) {
      const fields = {
        address: remoteAddressOf(stream),
        path: shownPath(request.url),
        reason: why,
      };
      warn(kind, 'a connection was refused', fields);
      refuse(stream, answer, why);
    },
  };
}

/** The peer's address, or '' when the connection is gone already. */
export function remoteAddressOf(stream: Duplex): string {
  const address = 'remoteAddress' in stream ? stream.remoteAddress : undefined;
  return typeof address === 'string' ? address.replace(/^::ffff:/, '') : '';
}

function firstByteOf(error: Error): number | undefined {
  const packet = 'rawPacket' in error ? error.rawPacket : undefined;
  return Buffer.isBuffer(packet) ? packet[0] : undefined;
}

/** Writes a short HTTP answer and closes; the stream is closed also when the peer has gone or does not close its side. */
function refuse(stream: Duplex, { status, headers = {} }: RefusalAnswer, body: string): void {
  // Whoever holds the stream now hears of a broken line by its being destroyed.
  stream.once('error', () => stream.destroy());
  if (!stream.writable) {
    stream.destroy();
    return;
  }
  stream.once('finish', () => stream.destroy());
  stream.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      ...Object.entries({ Connection: 'close', 'Content-Type': 'text/plain', ...headers }).map(
        ([name, value]) => `${name}: ${value}`,
      ),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
