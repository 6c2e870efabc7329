// A charge point for tests: a real websocket client that sends CALLs and answers those of the central system.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from './until.ts';

type Payload = Readonly<Record<string, unknown>>;

export interface ReceivedCall {
  readonly action: string;
  readonly payload: Payload;
}

/** A CALL that was answered with a CALLERROR. */
class CallError extends Error {
  readonly code: string;

  constructor(code: string, description: string) {
    super(`${code} ${description}`);
    this.code = code;
  }
}

export class ChargePoint {
  readonly id: string;
  /** CALLs of the central system, oldest first. */
  readonly received: ReceivedCall[] = [];
  /** What it answers; unless told otherwise it accepts everything. */
  answer: (call: ReceivedCall) => Payload = () => ({ status: 'Accepted' });
  readonly #socket: WebSocket;
  readonly #pending = new Map<string, PromiseWithResolvers<Payload>>();
  #sent = 0;

  private constructor(id: string, socket: WebSocket) {
    this.id = id;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#onMessage(data.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const call of this.#pending.values()) call.reject(new Error('the connection was closed'));
      this.#pending.clear();
    });
  }

  static async connect(ocppUrl: string, id: string): Promise<ChargePoint> {
    const socket = new WebSocket(`${ocppUrl}/${encodeURIComponent(id)}`, 'ocpp1.6');
    // Made before it is open: the first frames may come together with the handshake.
    const charger = new ChargePoint(id, socket);
    await once(socket, 'open');
    return charger;
  }

  /** Over a connection that is open already. */
  static on(id: string, socket: WebSocket): ChargePoint {
    return new ChargePoint(id, socket);
  }

  /** Resolves with the payload of the CALLRESULT; rejects with CallError, or when the connection ends first. */
  call(action: string, payload: Payload = {}): Promise<Payload> {
    this.#sent += 1;
    const messageId = `${this.id}-${this.#sent}`;
    const answered = Promise.withResolvers<Payload>();
    this.#pending.set(messageId, answered);
    this.#socket.send(JSON.stringify([2, messageId, action, payload]));
    return answered.promise;
  }

  boot(): Promise<Payload> {
    return this.call('BootNotification', { chargePointVendor: 'Kit', chargePointModel: 'One' });
  }

  /** Resolves with the payload of the next CALL of this action that was not waited for yet. */
  async waitFor(action: string, withinMs?: number): Promise<Payload> {
    const found = await until(
      `${action} at ${this.id}`,
      () => this.received.findIndex((call) => call.action === action) + 1 || null,
      withinMs,
    );
    return this.received.splice(found - 1, 1)[0]!.payload;
  }

  /** Whether a CALL of this action came that was not waited for. */
  hasReceived(action: string): boolean {
    return this.received.some((call) => call.action === action);
  }

  /** Its line breaks. */
  hangUp(): void {
    this.#socket.terminate();
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #onMessage(text: string): void {
    const message = JSON.parse(text) as [number, string, ...unknown[]];
    const [type, messageId] = message;
    if (type === 2) {
      const call = { action: message[2] as string, payload: message[3] as Payload };
      this.received.push(call);
      this.#socket.send(JSON.stringify([3, messageId, this.answer(call)]));
      return;
    }
    const answered = this.#pending.get(messageId);
    this.#pending.delete(messageId);
    if (type === 3) answered?.resolve(message[2] as Payload);
    else answered?.reject(new CallError(message[2] as string, message[3] as string));
  }
}

/** One MeterValue with the energy register in Wh, as most chargers send it. */
export function registerSample(wh: number, at: Date): Payload {
  const value = { value: String(wh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' };
  return { timestamp: at.toISOString(), sampledValue: [value] };
}
