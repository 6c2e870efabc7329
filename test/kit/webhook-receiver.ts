// A program that is told of alarms, and behaves as badly as it is told to: a real HTTP server on a fixed port.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Mood } from './external-api.ts';

export interface ToldNotice {
  readonly id: string;
  readonly event: string;
  readonly alarm: { readonly id: string; readonly message: string };
}

const SLOW_MS = 150;

export class WebhookReceiver {
  /** In the order in which they came; what came once more under its key is not taken again. */
  readonly taken: ToldNotice[] = [];
  /** Every request that came, whatever became of it. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  mood: () => Mood = () => 'ok';
  readonly #keys = new Set<unknown>();
  #server: Server | null = null;
  #port = 0;

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await receiver.up();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
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

  async down(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const { headers } = request;
    const body = await text(request);
    this.requests.push({ headers, body });
    const mood = this.mood();
    if (typeof mood === 'number') {
      response.writeHead(mood).end('no');
      return;
    }
    if (mood === 'slow') await pause(SLOW_MS);
    if (!this.#keys.has(headers['idempotency-key'])) this.taken.push(JSON.parse(body) as ToldNotice);
    this.#keys.add(headers['idempotency-key']);
    if (mood === 'drop') request.socket.destroy();
    else if (mood === 'half') {
      response.writeHead(200, { 'content-length': '1000' }).write('half');
      setImmediate(() => response.destroy());
    } else response.writeHead(204).end();
  }
}
