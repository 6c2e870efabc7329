// The whole engine inside the test's process, without sockets: chargers' frames go in as texts, answers come out as texts.
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { begin, isFresh, putUsersInForce } from '../../src/csms/services.ts';
import type { User } from '../../src/domain/user.ts';
import { createEngine, type Engine } from '../../src/engine.ts';
import { readFrames } from '../../src/ocpp/frame.ts';
import { createRouter, type Answer, type Router } from '../../src/ocpp/inbound.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { createManualClock, type ManualClock } from '../../src/runtime/manual-clock.ts';
import type { CrashStore } from './crash-store.ts';

export interface EngineSiteOptions {
  /** ISO 8601 */
  readonly now: string;
  readonly config: Config;
  readonly users: readonly User[];
  readonly store: CrashStore;
}

/** `yaml` is config.yaml, less the time zone (IANA). */
export function configOf(yaml: string, timeZone: string): Config {
  const loaded = loadConfig({
    file: { path: 'config.yaml', text: yaml },
    env: {},
    flags: {},
    machine: { cwd: '/', timeZone },
  });
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

export class EngineSite {
  readonly clock: ManualClock = createManualClock();
  readonly #options: EngineSiteOptions;
  readonly #routers = new Map<string, Router>();
  #engine: Engine;

  constructor(options: EngineSiteOptions) {
    this.#options = options;
    this.clock.advance(Date.parse(options.now));
    this.#engine = this.#start();
  }

  get engine(): Engine {
    return this.#engine;
  }

  /** A new connection of the charger; the server notices with it that the one before has gone. */
  connect(chargePointId: string): void {
    const { routes, services } = this.#engine;
    if (this.#routers.has(chargePointId)) services.chargePoints.disconnected(chargePointId);
    services.chargePoints.connected(chargePointId);
    services.enforcer.reviewChargePoint(chargePointId);
    this.#routers.set(chargePointId, createRouter(chargePointId, routes, this.clock, silentLog));
  }

  /** Handles the frames of a text. Nothing is awaited: the answers have not left yet. */
  hear(chargePointId: string, text: string): Answer[] {
    if (!this.#routers.has(chargePointId)) this.connect(chargePointId);
    const router = this.#routers.get(chargePointId)!;
    this.#engine.services.chargePoints.heard(chargePointId, this.clock.now());
    return readFrames(text).flatMap((frame) => {
      if (frame.kind === 'call') return [router.answer(frame, this.clock.now())];
      throw new Error(`the model sent what is no CALL: ${text}`);
    });
  }

  /** The answers as they leave: after the disk, where the answer has to wait for it (ocpp/connection.ts). */
  async say(chargePointId: string, text: string): Promise<string[]> {
    const answers = this.hear(chargePointId, text);
    if (answers.some((answer) => answer.waitsForDisk)) await this.#engine.services.journal.durable();
    return answers.map((answer) => answer.text);
  }

  /** The server dies now and starts again; every charger has to connect anew. */
  async crash(): Promise<void> {
    this.#engine.services.enforcer.close();
    this.#routers.clear();
    await this.#options.store.crash();
    this.#engine = this.#start();
  }

  /** The process dies before anything that it commits from here on is on disk. */
  loseCommits(): void {
    this.#options.store.loseCommits();
  }

  /** Ends the server and its store. */
  async close(): Promise<void> {
    this.#engine.services.enforcer.close();
    await this.#options.store.close();
  }

  #start(): Engine {
    const { store, users, config } = this.#options;
    // Chargers that say yes and charge on: what they measure has to be booked all the same.
    const remote = {
      isConnected: (chargePointId: string) => this.#routers.has(chargePointId),
      call: () => Promise.resolve({ kind: 'result' as const, payload: { status: 'Accepted' } }),
    };
    const engine = createEngine({
      config,
      store: store.committer(),
      loaded: store.load(),
      remote,
      clock: this.clock,
      log: silentLog,
    });
    const { services, calendar } = engine;
    putUsersInForce(services, users);
    if (isFresh(services)) begin(services, {}, calendar, this.clock.now(), silentLog);
    return engine;
  }
}
