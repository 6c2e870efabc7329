// A program that is sent something, honours Idempotency-Keys, and behaves as badly as it is told to: a real HTTP server on a fixed port.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * `ok`; `slow`: a while later; `drop`: hangs up without an answer, but has taken it; `half`: the same in the middle of its
 * answer; a number: that status, and nothing taken.
 */
export type Mood = 'ok' | 'slow' | 'drop' | 'half' | number;

const SLOW_MS = 150;

export class MoodyServer<T> {
  /** In the order in which they were taken; what came once more under its key is not taken again. */
  readonly taken: T[] = [];
  /** Every request that came, whatever became of it. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  /** How it behaves to the next request. */
  mood: (sent: readonly T[]) => Mood = () => 'ok';
  readonly #keys = new Set<unknown>();
  #server: Server | null = null;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}/taken`;
  }

  /** Listens, always on the same port. */
  async up(): Promise<void> {
    const server = createServer((request, response) => {
      // A client that goes away in the middle says nothing more.
      this.#answer(request, response).catch(() => response.destroy());
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Nobody listens any more, and who is being served is hung up on. */
  async down(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const { headers } = request;
    const body = await text(request);
    this.requests.push({ headers, body });
    const sent = [JSON.parse(body)].flat() as T[];
    const mood = this.mood(sent);
    if (typeof mood === 'number') {
      response.writeHead(mood).end(`{"error":"mood ${mood}"}`);
      return;
    }
    if (mood === 'slow') await pause(SLOW_MS);
    this.#take(headers['idempotency-key'], sent);
    if (mood === 'drop') request.socket.destroy();
    else if (mood === 'half') {
      response.writeHead(200, { 'content-length': '1000' }).write('{"taken":');
      setImmediate(() => response.destroy());
    } else response.writeHead(200, { 'content-type': 'application/json' }).end('{"taken":true}');
  }

  #take(key: unknown, sent: readonly T[]): void {
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.taken.push(...sent);
  }
}

/** One that listens. */
export async function startMoodyServer<T>(): Promise<MoodyServer<T>> {
  const server = new MoodyServer<T>();
  await server.up();
  return server;
}
