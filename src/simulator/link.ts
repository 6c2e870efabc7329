// The WebSocket of one charger: opens, and opens again with growing pauses when it is lost. It knows no message.
import { WebSocket, type RawData } from 'ws';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Random } from './random.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
const HANDSHAKE_TIMEOUT_MS = 15_000;
/** How long the other side may take to say goodbye. */
const CLOSE_TIMEOUT_MS = 1_000;

export interface LinkPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly opened: () => void;
  readonly received: (text: string) => void;
  /** `wasOpen` is false when the connection did not come about. */
  readonly lost: (loss: { why: string; retryInMs: number; wasOpen: boolean }) => void;
}

export class Link {
  readonly #url: string;
  readonly #ports: LinkPorts;
  #socket: WebSocket | undefined;
  #cancelRetry: CancelTimer | undefined;
  #retryMs = FIRST_RETRY_MS;
  /** How long the line is cut, where somebody cut it. */
  #cutMs: number | null = null;
  #isWanted = false;

  constructor(url: string, ports: LinkPorts) {
    this.#url = url;
    this.#ports = ports;
  }

  open(): void {
    this.#isWanted = true;
    this.#connect();
  }

  /** Without a connection, nothing. */
  send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** Breaks the connection; it is opened again as after any loss. */
  drop(): void {
    this.#socket?.terminate();
  }

  /** Breaks the connection, and opens no other for so long. */
  cut(forMs: number): void {
    this.#cutMs = forMs;
    if (this.#socket) this.#socket.terminate();
    else this.#retryIn(forMs);
  }

  /** For good. Resolves when the connection has ended. */
  async close(): Promise<void> {
    this.#isWanted = false;
    this.#cancelRetry?.();
    const socket = this.#socket;
    if (socket === undefined) return;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const cancel = this.#ports.clock.after(CLOSE_TIMEOUT_MS, () => socket.terminate());
    socket.close();
    await closed;
    cancel();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url, 'ocpp1.6', { handshakeTimeout: HANDSHAKE_TIMEOUT_MS });
    this.#socket = socket;
    let why = '';
    let wasOpen = false;
    socket.on('error', (error) => (why = error.message));
    socket.on('open', () => {
      wasOpen = true;
      this.#retryMs = FIRST_RETRY_MS;
      this.#ports.opened();
    });
    socket.on('message', (data: RawData) => this.#ports.received(textOf(data)));
    socket.on('close', (code, reason) => {
      this.#socket = undefined;
      this.#lost(why || `closed with ${code} ${reason.toString()}`.trim(), wasOpen);
    });
  }

  #lost(why: string, wasOpen: boolean): void {
    const { random, lost } = this.#ports;
    if (!this.#isWanted) return;
    // Chargers that lost the same server should not all come back in the same moment.
    const retryInMs = this.#cutMs ?? Math.round(this.#retryMs * (0.5 + random() / 2));
    if (this.#cutMs === null) this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
    this.#cutMs = null;
    this.#retryIn(retryInMs);
    lost({ why, retryInMs, wasOpen });
  }

  #retryIn(ms: number): void {
    this.#cancelRetry?.();
    this.#cancelRetry = this.#ports.clock.after(ms, () => this.#connect());
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as Buffer).toString('utf8');
}
