// The client side of a WebSocket on a bare socket: the load shares the machine with the server it measures, and a full client
// costs as much as the server. What a charge point needs, no more: text frames, ping answered by pong, the end.
import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;
const FINAL = 0x80;
const MASKED = 0x80;
const SHORT = 126;

export interface RawSocketOptions {
  readonly port: number;
  readonly id: string;
  /** Where it is called from, within 127.0.0.0/8: one address has some 28,000 ports. */
  readonly localAddress: string;
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** Called once, unless this side dropped the connection. */
  readonly onEnd: (reason: string) => void;
}

export class RawSocket {
  readonly #options: RawSocketOptions;
  readonly #socket: Socket;
  readonly #accept: string;
  /** One key for the whole connection: the server cannot tell, and unmasks all the same. */
  readonly #mask = randomBytes(4);
  #isOpen = false;
  #isOver = false;
  #rest: Buffer = Buffer.alloc(0);

  constructor(options: RawSocketOptions) {
    const { port, id, localAddress } = options;
    this.#options = options;
    this.#mask[0] = (this.#mask[0] ?? 0) | 1;
    const key = randomBytes(16).toString('base64');
    this.#accept = createHash('sha1')
      .update(key + GUID)
      .digest('base64');
    this.#socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
    this.#socket.once('connect', () => this.#socket.write(handshake(port, id, key)));
    this.#socket.on('data', (bytes: Buffer) => this.#read(bytes));
    this.#socket.on('error', (error) => this.#end(error.message));
    this.#socket.on('close', () => this.#end('closed'));
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#isOver;
  }

  /** What was sent and the system has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** Only ASCII: the scripts send nothing else. */
  send(text: string): void {
    const { length } = text;
    const head = length < SHORT ? 2 : 4;
    const frame = Buffer.allocUnsafe(head + 4 + length);
    frame[0] = FINAL | OPCODE.text;
    if (length < SHORT) frame[1] = MASKED | length;
    else {
      frame[1] = MASKED | SHORT;
      frame.writeUInt16BE(length, 2);
    }
    this.#mask.copy(frame, head);
    frame.write(text, head + 4, 'latin1');
    maskFrom(frame, head + 4, this.#mask);
    this.#socket.write(frame);
  }

  /** As a charge point that loses its network: without a word. */
  drop(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #end(reason: string): void {
    if (this.#isOver) return;
    this.drop();
    this.#options.onEnd(reason);
  }

  #read(bytes: Buffer): void {
    let unread = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    if (!this.#isOpen) unread = this.#readHandshake(unread);
    while (this.isOpen && unread.length >= 2) {
      const isShort = ((unread[1] ?? 0) & 0x7f) < SHORT;
      if (!isShort && unread.length < 4) break;
      const length = isShort ? (unread[1] ?? 0) & 0x7f : unread.readUInt16BE(2);
      const head = isShort ? 2 : 4;
      if (unread.length < head + length) break;
      this.#take(unread[0] ?? 0, unread.subarray(head, head + length));
      unread = unread.subarray(head + length);
    }
    this.#rest = unread;
  }

  #readHandshake(bytes: Buffer): Buffer {
    const end = bytes.indexOf('\r\n\r\n', 0, 'latin1');
    if (end < 0) return bytes;
    const answer = bytes.toString('latin1', 0, end);
    const problem = problemOf(answer, this.#accept);
    if (problem !== null) this.#end(problem);
    else {
      this.#isOpen = true;
      this.#options.onOpen();
    }
    return bytes.subarray(end + 4);
  }

  #take(firstByte: number, payload: Buffer): void {
    switch (firstByte) {
      case FINAL | OPCODE.text:
        this.#options.onText(payload.toString('utf8'));
        break;
      case FINAL | OPCODE.ping:
        this.#pong(payload);
        break;
      case FINAL | OPCODE.pong:
        break;
      case FINAL | OPCODE.close:
        this.#end(`closed by the server with ${payload.length < 2 ? 'no code' : payload.readUInt16BE(0)}`);
        break;
      default:
        this.#end(`a frame that no server sends unasked: first byte ${firstByte}`);
    }
  }

  #pong(payload: Buffer): void {
    const frame = Buffer.concat([
      Buffer.from([FINAL | OPCODE.pong, MASKED | payload.length]),
      this.#mask,
      payload,
    ]);
    maskFrom(frame, 6, this.#mask);
    this.#socket.write(frame);
  }
}

function handshake(port: number, id: string, key: string): string {
  return (
    `GET /${id} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n`
  );
}

/** Why this is not the answer of a central system; null when it is. */
function problemOf(answer: string, accept: string): string | null {
  const lines = answer.split('\r\n');
  const header = (name: string) =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  if (!answer.startsWith('HTTP/1.1 101 ')) return `refused: ${lines[0] ?? ''}`;
  if (header('sec-websocket-accept') !== accept) return 'a wrong Sec-WebSocket-Accept';
  if (header('sec-websocket-protocol') !== 'ocpp1.6') return 'the subprotocol is not ocpp1.6';
  return header('sec-websocket-extensions') === undefined ? null : 'an extension that was not offered';
}

/** Each byte in turn: four at a time through a view gains nothing at these lengths. */
function maskFrom(frame: Buffer, from: number, [a = 0, b = 0, c = 0, d = 0]: Uint8Array): void {
  const end = frame.length;
  const end4 = from + ((end - from) & ~3);
  let at = from;
  for (; at < end4; at += 4) {
    frame[at] = (frame[at] ?? 0) ^ a;
    frame[at + 1] = (frame[at + 1] ?? 0) ^ b;
    frame[at + 2] = (frame[at + 2] ?? 0) ^ c;
    frame[at + 3] = (frame[at + 3] ?? 0) ^ d;
  }
  if (at < end) frame[at] = (frame[at] ?? 0) ^ a;
  if (at + 1 < end) frame[at + 1] = (frame[at + 1] ?? 0) ^ b;
  if (at + 2 < end) frame[at + 2] = (frame[at + 2] ?? 0) ^ c;
}
