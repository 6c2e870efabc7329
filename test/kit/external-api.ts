// An external API that honours Idempotency-Keys, and behaves as badly as it is told to: a real HTTP server on a fixed port.
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

export interface TakenRecord {
  readonly ID: string;
  readonly timestamp: string;
  readonly userName: string;
  readonly chargerName: string;
  readonly totalPower: number | null;
  readonly deliveredEnergy: number | null;
  readonly frequency: number | null;
}

const SLOW_MS = 150;

export class ExternalApi {
  /** In the order in which they were taken; what came once more under its key is not taken again. */
  readonly taken: TakenRecord[] = [];
  /** Headers of every request that came, whatever became of it. */
  readonly requests: IncomingMessage['headers'][] = [];
  /** How it behaves to the next request. */
  mood: (records: readonly TakenRecord[]) => Mood = () => 'ok';
  readonly #keys = new Set<string>();
  #server: Server | null = null;
  #port = 0;

  static async start(): Promise<ExternalApi> {
    const api = new ExternalApi();
    await api.up();
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/readings`;
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
    this.requests.push(request.headers);
    const records = [JSON.parse(await text(request))].flat() as TakenRecord[];
    const mood = this.mood(records);
    if (typeof mood === 'number') {
      response.writeHead(mood).end(`{"error":"mood ${mood}"}`);
      return;
    }
    if (mood === 'slow') await pause(SLOW_MS);
    this.#take(String(request.headers['idempotency-key']), records);
    if (mood === 'drop') request.socket.destroy();
    else if (mood === 'half') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"taken":');
      setImmediate(() => response.destroy());
    } else response.writeHead(200, { 'content-type': 'application/json' }).end('{"taken":true}');
  }

  #take(key: string, records: readonly TakenRecord[]): void {
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.taken.push(...records);
  }
}
