// The whole server in this process, for cases of the catalogue that need a real socket, and a line to it that says whatever it is told to say.
import { once } from 'node:events';
import type { Test } from 'tap';
import { WebSocket } from 'ws';
import type { Session } from '../../src/domain/session.ts';
import { totalWh } from '../../src/domain/energy.ts';
import { makeDataDir } from '../kit/data-dir.ts';
import { startKwotaInProcess } from '../kit/kwota-in-process.ts';
import { createSettableClock, type SettableClock } from '../kit/settable-clock.ts';
import { readRunningStore } from '../kit/stored-truth.ts';

/** A CALL, CALLRESULT or CALLERROR. */
type Message = readonly [number, string | number, ...unknown[]];

type Payload = Readonly<Record<string, unknown>>;

const USERS = 'id_tag,quota_kwh,unlimited\nA,20,FALSE\nB,20,FALSE\n';
const DAY = '2026-11-30';

/** On the day of the test, in UTC: `11:05`. */
export function at(time: string): string {
  return `${DAY}T${time}:00Z`;
}

export interface Dial {
  /** `ocpp1.6` unless told otherwise; none when empty. */
  readonly protocols?: readonly string[];
  /** The charger's own address; the loopback net has many. */
  readonly localAddress?: string;
  readonly autoPong?: boolean;
}

export interface LiveSite {
  readonly ocppUrl: string;
  readonly apiUrl: string;
  readonly clock: SettableClock;
  log(): string;
  dial(path: string, dial?: Dial): Promise<Line>;
  /** What is on disk. */
  sessions(): readonly Session[];
  /** Wh of a card that are on disk. */
  usedWh(idTag: string): number;
}

/** It is 12:00 of 30 November 2026; cards A and B have 20 kWh. */
export async function startLiveSite(t: Test, yaml?: string): Promise<LiveSite> {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const clock = createSettableClock(at('12:00'));
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock, ...(yaml && { yaml }) });
  t.teardown(() => kwota.stop());
  const sessions = () => readRunningStore(dataDir).sessions;
  return {
    ocppUrl: kwota.ocppUrl,
    apiUrl: kwota.apiUrl,
    clock,
    log: () => kwota.log(),
    dial: async (path, dial) => {
      const line = await Line.dial(kwota.ocppUrl + path, dial);
      t.teardown(() => line.socket.terminate());
      return line;
    },
    sessions,
    usedWh: (idTag) =>
      sessions()
        .filter((session) => session.idTag === idTag)
        .reduce((sum, session) => sum + totalWh(session.energyByDay), 0),
  };
}

export class Line {
  readonly socket: WebSocket;
  /** Resolves with the code of the close frame; 1006 without one. */
  readonly closed: Promise<number>;
  readonly #answers = new Queue<Message>();
  readonly #calls = new Queue<Message>();
  #sent = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as Message;
      (message[0] === 2 ? this.#calls : this.#answers).push(message);
    });
  }

  /** Rejects when the server refuses; the error's message has the status. */
  static async dial(url: string, dial: Dial = {}): Promise<Line> {
    const { protocols = ['ocpp1.6'], ...options } = dial;
    const socket = new WebSocket(url, [...protocols], options);
    const line = new Line(socket);
    await once(socket, 'open');
    socket.on('error', () => undefined);
    return line;
  }

  send(text: string): void {
    this.socket.send(text);
  }

  /** The next CALLRESULT or CALLERROR, in the order of arrival. */
  answer(): Promise<Message> {
    return this.#answers.next();
  }

  /** The next CALL of this action; others on the way are answered with NotSupported. */
  async nextCall(action: string): Promise<Message> {
    for (;;) {
      const call = await this.#calls.next();
      if (call[2] === action) return call;
      this.send(JSON.stringify([4, call[1], 'NotSupported', '', {}]));
    }
  }

  /** The payload of the CALLRESULT; rejects on anything else. */
  async call(action: string, payload: Payload = {}): Promise<Payload> {
    this.#sent += 1;
    const id = `line-${this.#sent}`;
    this.send(JSON.stringify([2, id, action, payload]));
    const answer = await this.answer();
    if (answer[0] !== 3 || answer[1] !== id) throw new Error(`${action}: ${JSON.stringify(answer)}`);
    return answer[2] as Payload;
  }

  boot(): Promise<Payload> {
    return this.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  }

  /** Card A on connector 1 at 11:00 and register 1000 unless told otherwise; resolves with the transaction id. */
  async start(payload: Payload = {}): Promise<number> {
    const start = { connectorId: 1, idTag: 'A', meterStart: 1000, timestamp: at('11:00'), ...payload };
    return (await this.call('StartTransaction', start))['transactionId'] as number;
  }

  /** One sample of the register in Wh on connector 1. */
  register(transactionId: number, wh: number, time: string): Promise<Payload> {
    const meterValue = [{ timestamp: at(time), sampledValue: [{ value: String(wh) }] }];
    return this.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  }

  stop(transactionId: number, meterStop: number, time: string): Promise<Payload> {
    return this.call('StopTransaction', { transactionId, meterStop, timestamp: at(time) });
  }
}

class Queue<T> {
  readonly #items: T[] = [];
  readonly #readers: ((item: T) => void)[] = [];

  push(item: T): void {
    const reader = this.#readers.shift();
    if (reader === undefined) this.#items.push(item);
    else reader(item);
  }

  next(): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#readers.push(resolve));
  }
}
