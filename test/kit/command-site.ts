// A site whose chargers are commanded over real sockets: engine and OCPP server joined, a store in memory, a clock moved by hand.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { CommandOutcome } from '../../src/csms/commands.ts';
import type { Operations } from '../../src/csms/operations.ts';
import type { Remote } from '../../src/csms/remote.ts';
import { begin, isFresh, putUsersInForce, type Services } from '../../src/csms/services.ts';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import type { User } from '../../src/domain/user.ts';
import { createEngine } from '../../src/engine.ts';
import type { OcppServer } from '../../src/ocpp/server.ts';
import { isCentralSystemAction } from '../../src/ocpp/v16/messages.ts';
import { createLog } from '../../src/runtime/log-output.ts';
import { createManualClock, type ManualClock } from '../../src/runtime/manual-clock.ts';
import { createMemoryStore, type MemoryStore } from '../../src/store/memory.ts';
import { configOf } from './engine-site.ts';
import { plainOcppServer } from './plain-ocpp-server.ts';
import { until } from './until.ts';

export type Payload = Readonly<Record<string, unknown>>;

/** As long as the server's own. */
const YAML = 'ocpp: {callTimeout: 10}\n';
const NOW = '2026-11-10T12:00:00Z';
const READINGS_LOADED = 1000;

interface Test {
  teardown(end: () => Promise<void>): void;
}

export interface CommandSiteOptions {
  /** A with 10 kWh unless told otherwise. */
  readonly users?: readonly User[];
  /** config.yaml, less the section ocpp. */
  readonly yaml?: string;
  /** Of an earlier site, to go on from there. */
  readonly store?: MemoryStore;
}

export class CommandSite {
  readonly clock: ManualClock = createManualClock();
  readonly store: MemoryStore;
  readonly services: Services;
  readonly operations: Operations;
  /** What it has logged, in lines. */
  readonly lines: string[] = [];
  /** How chargers upload to it. */
  uploadUrl: string | null = null;
  readonly #server: OcppServer;
  #url = '';

  private constructor({
    users = [sampleUser('A')],
    yaml = '',
    store = createMemoryStore(),
  }: CommandSiteOptions) {
    this.store = store;
    this.clock.advance(Date.parse(NOW));
    const chargers: { server?: OcppServer } = {};
    const log = createLog({ level: 'info', format: 'text', write: (line) => void this.lines.push(line) });
    const { services, operations, calendar, routes } = createEngine({
      config: configOf(YAML + yaml, 'UTC'),
      store: this.store,
      loaded: this.store.load(READINGS_LOADED),
      remote: remoteTo(chargers),
      uploadUrl: () => this.uploadUrl,
      clock: this.clock,
      log,
    });
    putUsersInForce(services, users);
    if (isFresh(services)) begin(services, {}, calendar, this.clock.now(), log);
    this.services = services;
    this.operations = operations;
    this.#server = plainOcppServer({
      ...{ services, routes, clock: this.clock, log },
      options: { outboundGate: { afterBootMs: 0, afterOtherMs: 0, backstopMs: 0 } },
    });
    chargers.server = this.#server;
  }

  /** Ends with the test. */
  static async start(t: Test, options: CommandSiteOptions = {}): Promise<CommandSite> {
    const site = new CommandSite(options);
    const { port } = await site.#server.listen();
    site.#url = `ws://127.0.0.1:${port}`;
    t.teardown(async () => {
      site.services.enforcer.close();
      await site.#server.close();
    });
    return site;
  }

  /** A charger that is connected, and may be commanded. */
  async connect(id = 'CP1'): Promise<CommandedCharger> {
    const socket = new WebSocket(`${this.#url}/${id}`, 'ocpp1.6');
    const charger = new CommandedCharger(socket);
    await once(socket, 'open');
    await until('it is connected', () => this.services.chargePoints.isConnected(id));
    this.clock.advance(0);
    return charger;
  }

  send(action: string, payload: unknown, id = 'CP1'): Promise<CommandOutcome> {
    return this.operations.commands.send(id, action, payload, 'ann');
  }
}

/** A site with the charger CP1. */
export async function connectedSite(
  t: Test,
  options?: CommandSiteOptions,
): Promise<{ readonly site: CommandSite; readonly charger: CommandedCharger }> {
  const site = await CommandSite.start(t, options);
  return { site, charger: await site.connect() };
}

function remoteTo(chargers: { readonly server?: OcppServer }): Remote {
  return {
    isConnected: (id) => chargers.server?.isConnected(id) ?? false,
    call: async (id, action, payload, isWanted) =>
      (await chargers.server?.call(id, action, payload, isWanted)) ?? {
        kind: 'offline',
      },
  };
}

/** Answers as it is told: a payload, the code of a CALLERROR, or null for no answer. */
export class CommandedCharger {
  /** CALLs of the central system, oldest first: [action, payload]. */
  readonly received: (readonly [string, Payload])[] = [];
  /** The same as they stood on the wire. */
  readonly frames: string[] = [];
  answer: (action: string, payload: Payload) => Payload | string | null = () => ({ status: 'Accepted' });
  readonly #socket: WebSocket;
  readonly #pending = new Map<string, (payload: Payload) => void>();
  #sent = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => this.#onMessage(data.toString('utf8')));
  }

  /** Resolves with the payload of the answer; of a CALLERROR with {}. */
  call(action: string, payload: Payload): Promise<Payload> {
    this.#sent += 1;
    const id = `cp-${this.#sent}`;
    this.#socket.send(JSON.stringify([2, id, action, payload]));
    return new Promise((resolve) => this.#pending.set(id, resolve));
  }

  /** StartTransaction of card A on connector 1 unless told otherwise; resolves with its id. */
  async startTransaction(changed: Payload = {}): Promise<number> {
    const start = { connectorId: 1, idTag: 'A', meterStart: 0, timestamp: NOW, ...changed };
    const { transactionId } = await this.call('StartTransaction', start);
    return transactionId as number;
  }

  async next(action: string): Promise<Payload> {
    const found = await until(action, () => this.received.find(([name]) => name === action) ?? null);
    return found[1];
  }

  hangUp(): void {
    this.#socket.terminate();
  }

  #onMessage(text: string): void {
    const [type, id, third, fourth] = JSON.parse(text) as [number, string, unknown, unknown];
    if (type !== 2) {
      this.#pending.get(id)?.(type === 3 ? (third as Payload) : {});
      return;
    }
    if (!isCentralSystemAction(third as string)) throw new Error(`no operation: ${text}`);
    this.received.push([third as string, fourth as Payload]);
    this.frames.push(text);
    const answer = this.answer(third as string, fourth as Payload);
    if (answer === null) return;
    const isError = typeof answer === 'string';
    this.#socket.send(JSON.stringify(isError ? [4, id, answer, 'said so', {}] : [3, id, answer]));
  }
}
