// Connections that never become a charger's: answered if that makes sense, closed in any case, logged without flooding. Knows no charge point.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../runtime/clock.ts';
import type { Log, LogFields } from '../runtime/log.ts';

/** One line of a kind in this time; the next one says how many were left out. */
const LOG_INTERVAL_MS = 10_000;

/** The first byte of a TLS handshake record. */
const TLS_HANDSHAKE = 0x16;

type UpgradeKind = 'handshake' | 'identity' | 'unknown' | 'full' | 'rival';
type Kind = 'tls' | 'noHttp' | UpgradeKind;

export interface Refusals {
  /** What is not HTTP came in; node:http's `clientError`. */
  brokenRequest(error: Error, stream: Duplex): void;
  /** An HTTP request that is no upgrade. */
  plainRequest(request: IncomingMessage, response: ServerResponse): void;
  /** An upgrade that cannot be granted. */
  upgrade(kind: UpgradeKind, request: IncomingMessage, stream: Duplex, why: string): void;
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
    log.warn('CONNECT', message, {
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
      refuse(stream, 400, 'Bad Request', '');
    },
    plainRequest(request, response) {
      const isGet = request.method === 'GET' || request.method === 'HEAD';
      const headers = { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' };
      response.writeHead(isGet ? 426 : 404, isGet ? { ...headers, Upgrade: 'websocket' } : headers);
      response.end('This port is for chargers: OCPP 1.6-J over WebSocket, ws://HOST:PORT/CHARGER_ID\n');
    },
    upgrade(kind, request, stream, why) {
      const fields = {
        address: remoteAddressOf(stream),
        path: (request.url ?? '').slice(0, 200),
        reason: why,
      };
      warn(kind, 'a connection was refused', fields);
      if (kind === 'full' || kind === 'rival') refuse(stream, 503, 'Service Unavailable', why);
      else if (kind === 'identity' || kind === 'unknown') refuse(stream, 404, 'Not Found', why);
      else refuse(stream, 400, 'Bad Request', why);
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
function refuse(stream: Duplex, status: number, reason: string, body: string): void {
  // Whoever holds the stream now hears of a broken line by its being destroyed.
  stream.once('error', () => stream.destroy());
  if (!stream.writable) {
    stream.destroy();
    return;
  }
  stream.once('finish', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
