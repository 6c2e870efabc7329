// The connection of a charger that sends anything. After each input it wants a Heartbeat answered, on a new connection if need be.
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** OCPP-J 1.6, table 7, less InternalError: what the charger sent is never the server's mistake. */
const CODES = [
  ...['NotImplemented', 'NotSupported', 'ProtocolError', 'SecurityError', 'FormationViolation'],
  ...[
    'PropertyConstraintViolation',
    'OccurenceConstraintViolation',
    'TypeConstraintViolation',
    'GenericError',
  ],
];

export class OddSocket {
  readonly #url: string;
  #socket: WebSocket | null = null;
  #beats = 0;
  #faults: unknown[] = [];
  #answered: { id: string; done: () => void } | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  /** Rejects when an answer is none that a charger could read, or when nothing is answered any more. */
  async exchange(input: Buffer, withinMs: number): Promise<void> {
    const socket = await this.#open();
    socket.send(input, { binary: false });
    const isAlive = await this.#beat(socket, withinMs);
    // The server may hang up on such a charger. It has to take it back.
    if (!isAlive) assert.ok(await this.#beat(await this.#open(), withinMs), 'a Heartbeat is answered again');
    assert.deepEqual(this.#faults.splice(0), []);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    if (socket === null || socket.readyState === WebSocket.CLOSED) return;
    socket.close();
    await once(socket, 'close');
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket;
    const socket = new WebSocket(this.#url, 'ocpp1.6');
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => this.#take(socket, data.toString('utf8')));
    await once(socket, 'open');
    this.#socket = socket;
    return socket;
  }

  /** False when the connection was closed meanwhile. */
  #beat(socket: WebSocket, withinMs: number): Promise<boolean> {
    this.#beats += 1;
    const id = `beat-${this.#beats}`;
    socket.send(JSON.stringify([2, id, 'Heartbeat', {}]), () => undefined);
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const late = setTimeout(
      () => reject(new Error(`a Heartbeat was not answered in ${withinMs} ms`)),
      withinMs,
    );
    const closed = () => resolve(false);
    socket.once('close', closed);
    if (socket.readyState !== WebSocket.OPEN) resolve(false);
    this.#answered = { id, done: () => resolve(true) };
    return promise.finally(() => {
      clearTimeout(late);
      socket.off('close', closed);
    });
  }

  #take(socket: WebSocket, text: string): void {
    const frame: unknown = JSON.parse(text);
    if (!Array.isArray(frame) || ![2, 3, 4].includes(frame[0] as number)) this.#faults.push(text);
    const [type, id, code] = frame as [number, unknown, unknown];
    if (type === 2) socket.send(JSON.stringify([3, id, { status: 'Rejected' }]));
    if (type === 4 && !CODES.includes(String(code))) this.#faults.push(text);
    if (type === 3 && id === this.#answered?.id) this.#answered?.done();
  }
}
