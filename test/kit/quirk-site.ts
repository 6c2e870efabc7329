// A whole site for one odd charger: engine and OCPP server joined as kwota.ts does, a store in memory, a clock moved by hand.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { begin, isFresh, putUsersInForce, type Services } from '../../src/csms/services.ts';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import { createEngine } from '../../src/engine.ts';
import type { OcppServer } from '../../src/ocpp/server.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { createManualClock, type ManualClock } from '../../src/runtime/manual-clock.ts';
import { createMemoryStore, type MemoryStore } from '../../src/store/memory.ts';
import { configOf } from './engine-site.ts';
import { plainOcppServer } from './plain-ocpp-server.ts';

export type Payload = Readonly<Record<string, unknown>>;

const NOW = '2026-11-10T12:00:00Z';
const READINGS_LOADED = 1000;

export interface QuirkSite {
  readonly clock: ManualClock;
  readonly store: MemoryStore;
  readonly server: OcppServer;
  readonly services: Services;
  readonly url: string;
  close(): Promise<void>;
}

/** User A has 10 kWh. Pass the clock and the store of an earlier site to go on from where it was. */
export async function startQuirkSite(
  yaml: string,
  clock = createManualClock(),
  store = createMemoryStore(),
): Promise<QuirkSite> {
  if (clock.now() === 0) clock.advance(Date.parse(NOW));
  const { services, calendar, routes } = createEngine({
    config: configOf(yaml, 'UTC'),
    store,
    loaded: store.load(READINGS_LOADED),
    remote: { isConnected: () => false, call: () => Promise.resolve({ kind: 'offline' }) },
    clock,
    log: silentLog,
  });
  putUsersInForce(services, [sampleUser('A')]);
  if (isFresh(services)) begin(services, {}, calendar, clock.now(), silentLog);
  const server = plainOcppServer({ services, routes, clock, log: silentLog });
  const { port } = await server.listen();
  const close = () => server.close();
  return { clock, store, server, services, url: `ws://127.0.0.1:${port}`, close };
}

/** The charger CP1 with connector 1. */
export class OddCharger {
  readonly site: QuirkSite;
  readonly #socket: WebSocket;
  readonly #answers = new Map<unknown, PromiseWithResolvers<Payload>>();
  #asked = 0;

  private constructor(site: QuirkSite, socket: WebSocket) {
    this.site = site;
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const [type, id, payload] = JSON.parse(data.toString()) as [number, unknown, Payload];
      this.#answers.get(id)?.resolve(type === 3 ? payload : {});
    });
  }

  static async connect(site: QuirkSite, path = '/CP1', protocols = ['ocpp1.6']): Promise<OddCharger> {
    const socket = new WebSocket(site.url + path, protocols);
    const charger = new OddCharger(site, socket);
    await once(socket, 'open');
    return charger;
  }

  /** A charger as OCPP wants it: connected, booted, its connector available. */
  static async booted(site: QuirkSite): Promise<OddCharger> {
    const charger = await OddCharger.connect(site);
    await charger.boot();
    await charger.status('Available');
    return charger;
  }

  send(data: string | Buffer, options: { binary?: boolean } = {}): void {
    this.#socket.send(data, options);
  }

  /** Resolves with the payload of the CALLRESULT, or `{}` for a CALLERROR. */
  ask(action: string, payload: Payload): Promise<Payload> {
    this.#asked += 1;
    const id = `m${this.#asked}`;
    const answered = Promise.withResolvers<Payload>();
    this.#answers.set(id, answered);
    this.send(JSON.stringify([2, id, action, payload]));
    return answered.promise;
  }

  boot(firmwareVersion = '1.0'): Promise<Payload> {
    return this.ask('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M', firmwareVersion });
  }

  status(status: string, more: Payload = {}): Promise<Payload> {
    const payload = { connectorId: 1, status, errorCode: 'NoError', timestamp: this.at() };
    return this.ask('StatusNotification', { ...payload, ...more });
  }

  /** Card A at register 1000 Wh, now, unless told otherwise; the transaction id. */
  async start(more: Payload = {}): Promise<number> {
    const payload = { connectorId: 1, idTag: 'A', meterStart: 1000, timestamp: this.at(), ...more };
    return (await this.ask('StartTransaction', payload))['transactionId'] as number;
  }

  /** Samples of one moment, a minute later. */
  samples(transactionId: number | undefined, sampledValue: readonly Payload[]): Promise<Payload> {
    this.wait(1);
    const meterValue = [{ timestamp: this.at(), sampledValue }];
    return this.ask('MeterValues', { connectorId: 1, transactionId, meterValue });
  }

  /** The register in Wh, one value a minute. */
  async register(transactionId: number | undefined, ...wh: readonly number[]): Promise<void> {
    for (const value of wh) await this.samples(transactionId, [{ value: String(value), unit: 'Wh' }]);
  }

  stop(transactionId: number, meterStop: number, more: Payload = {}): Promise<Payload> {
    const payload = { transactionId, idTag: 'A', meterStop, timestamp: this.at(), reason: 'Local' };
    return this.ask('StopTransaction', { ...payload, ...more });
  }

  wait(minutes: number): void {
    this.site.clock.advance(minutes * 60_000);
  }

  /** So many minutes from now, as a charger writes it. */
  at(minutes = 0): string {
    return new Date(this.site.clock.now() + minutes * 60_000).toISOString();
  }

  /** Resolves when the server has handled all that was sent, or has cut the connection. */
  async settled(): Promise<void> {
    if (this.#socket.readyState === WebSocket.OPEN)
      await Promise.race([this.ask('Heartbeat', {}), this.closed()]);
  }

  async closed(): Promise<void> {
    if (this.#socket.readyState !== WebSocket.CLOSED) await once(this.#socket, 'close');
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed();
  }
}
