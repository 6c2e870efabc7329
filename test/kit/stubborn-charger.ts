// A charge point that is asked to end its session and does it in its own way: it answers, ignores, refuses or goes away by script.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { registerSample } from './charge-point.ts';
import { until } from './until.ts';

type Payload = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly action: string;
  readonly payload: Payload;
}

/** The payload of its answer; null: it never answers. */
export type Script = (asked: Asked, charger: StubbornCharger) => Payload | null;

const ACCEPTED = { status: 'Accepted' };

export class StubbornCharger {
  readonly id: string;
  /** CALLs of the central system since the session began, oldest first, over all connections. */
  readonly asked: Asked[] = [];
  script: Script = () => ACCEPTED;
  transactionId = 0;
  /** What its meter shows, in Wh. */
  registerWh = 0;
  hasStopped = false;
  #socket: WebSocket | null = null;
  readonly #answers = new Map<string, (payload: Payload) => void>();
  #sent = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** Connects, or connects again, and boots. */
  async connect(ocppUrl: string): Promise<void> {
    const socket = new WebSocket(`${ocppUrl}/${this.id}`, 'ocpp1.6');
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => this.#onMessage(socket, data.toString('utf8')));
    await once(socket, 'open');
    await this.call('BootNotification', { chargePointVendor: 'Kit', chargePointModel: 'Stubborn' });
  }

  cut(): void {
    this.#socket?.terminate();
  }

  /** Never resolves when the connection is lost first. */
  call(action: string, payload: Payload): Promise<Payload> {
    this.#sent += 1;
    const messageId = `${this.id}-${this.#sent}`;
    return new Promise((resolve) => {
      this.#answers.set(messageId, resolve);
      this.#socket?.send(JSON.stringify([2, messageId, action, payload]), () => undefined);
    });
  }

  /** Charges with a card on connector 1 since two hours ago, at register 0. */
  async start(idTag: string): Promise<void> {
    const timestamp = new Date(Date.now() - 2 * 3_600_000).toISOString();
    const start = { connectorId: 1, idTag, meterStart: 0, timestamp };
    this.transactionId = (await this.call('StartTransaction', start))['transactionId'] as number;
  }

  /** Its register, now, told under an id. */
  async meter(wh: number, transactionId = this.transactionId): Promise<void> {
    this.registerWh = wh;
    const meterValue = [registerSample(wh, new Date())];
    await this.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  }

  async status(status: string): Promise<void> {
    await this.call('StatusNotification', { connectorId: 1, status, errorCode: 'NoError' });
  }

  /** Ends its session at what its meter shows and 10 Wh. */
  async stop(): Promise<void> {
    this.hasStopped = true;
    const { transactionId } = this;
    const meterStop = this.registerWh + 10;
    const timestamp = new Date().toISOString();
    await this.call('StopTransaction', { transactionId, meterStop, timestamp, reason: 'Remote' });
  }

  /** Resolves when it was asked so often. */
  wasAsked(action: string, times = 1, fits: (payload: Payload) => boolean = () => true): Promise<true> {
    const count = () => this.asked.filter((one) => one.action === action && fits(one.payload)).length;
    return until(`${action} at ${this.id}`, () => count() >= times || null);
  }

  #onMessage(socket: WebSocket, text: string): void {
    const message = JSON.parse(text) as [number, string, ...unknown[]];
    const [type, messageId] = message;
    if (type === 3) this.#answers.get(messageId)?.(message[2] as Payload);
    if (type !== 2) return;
    const asked = { action: message[2] as string, payload: message[3] as Payload };
    // What a charger is asked about its configuration is no matter here.
    const isAboutStop = !asked.action.includes('Configuration') && asked.action !== 'TriggerMessage';
    if (isAboutStop) this.asked.push(asked);
    const answer = isAboutStop ? this.script(asked, this) : { status: 'Rejected' };
    if (answer) socket.send(JSON.stringify([3, messageId, answer]), () => undefined);
  }
}
