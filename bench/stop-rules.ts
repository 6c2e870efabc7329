// When to send RemoteStopTransaction: the naive rule, and the forecast of src/domain by itself. The product is in product-rule.ts.
import { MAX_POWER_W } from '../src/domain/energy-account.ts';
import { learnFlow, type Flow } from '../src/domain/flow.ts';
import { forecast, learnLatency, START_LATENCY_MS, type SessionFlow } from '../src/domain/forecast.ts';
import type { CancelTimer } from '../src/runtime/clock.ts';
import { createManualClock, type ManualClock } from '../src/runtime/manual-clock.ts';
import type { ChargerModel, Listener, ToldSample } from './charging-world.ts';

/** What a rule may do to a charger. */
export interface Commands {
  remoteStop(chargePointId: string): void;
  trigger(chargePointId: string): void;
}

/** A site as a rule sees it. It outlives the charges: chargers are the same, accounts change. */
export interface StopRule extends Listener {
  readonly clock: ManualClock;
  /** A new account charges: its card, and what it may use. The commands are for the chargers it charges on. */
  begin(idTag: string, quotaWh: number, commands: Commands): void;
  /** Lets what the clock has brought about be done. */
  settle(): Promise<void>;
}

interface Running {
  startWh: number;
  shownWh: number;
}

/** What all rules know of an account: its quota, and the registers of its sessions. */
class AccountMeter {
  readonly #running = new Map<string, Running>();
  readonly #quotaWh: number;
  #endedWh = 0;

  constructor(quotaWh: number) {
    this.#quotaWh = quotaWh;
  }

  get running(): readonly string[] {
    return [...this.#running.keys()];
  }

  started(chargePointId: string, wh: number): void {
    this.#running.set(chargePointId, { startWh: wh, shownWh: wh });
  }

  sampled(chargePointId: string, wh: number): void {
    const running = this.#running.get(chargePointId);
    if (running) running.shownWh = wh;
  }

  stopped(chargePointId: string, wh: number): void {
    this.#endedWh += wh - (this.#running.get(chargePointId)?.startWh ?? wh);
    this.#running.delete(chargePointId);
  }

  leftWh(): number {
    let leftWh = this.#quotaWh - this.#endedWh;
    for (const { startWh, shownWh } of this.#running.values()) leftWh -= shownWh - startWh;
    return leftWh;
  }
}

/** RemoteStopTransaction at the first sample that shows the quota used up. */
export function naiveRule(): StopRule {
  let meter = new AccountMeter(0);
  let commands: Commands | null = null;
  const review = () => {
    if (meter.leftWh() <= 0) for (const id of meter.running) commands?.remoteStop(id);
  };
  return {
    clock: createManualClock(),
    begin(_idTag, quotaWh, given) {
      meter = new AccountMeter(quotaWh);
      commands = given;
    },
    started: (chargePointId, _idTag, wh) => meter.started(chargePointId, wh),
    sampled(chargePointId, { wh }) {
      meter.sampled(chargePointId, wh);
      review();
    },
    stopped(chargePointId, wh) {
      meter.stopped(chargePointId, wh);
      review();
    },
    settle: () => Promise.resolve(),
  };
}

/** The forecast and nothing else: no store, no enforcer, no retries. */
class ForecastRule implements StopRule {
  readonly clock = createManualClock();
  readonly #models: readonly ChargerModel[];
  /** Of chargers, which outlive the accounts. */
  readonly #latencies = new Map<string, number>();
  readonly #flows = new Map<string, Flow>();
  readonly #askedAtMs = new Map<string, number>();
  readonly #sentAtMs = new Map<string, number>();
  #timers: CancelTimer[] = [];
  #meter = new AccountMeter(0);
  #commands: Commands | null = null;

  constructor(models: readonly ChargerModel[]) {
    this.#models = models;
  }

  begin(_idTag: string, quotaWh: number, commands: Commands): void {
    this.#meter = new AccountMeter(quotaWh);
    this.#commands = commands;
    this.#flows.clear();
    this.#askedAtMs.clear();
    this.#sentAtMs.clear();
  }

  started(chargePointId: string, _idTag: string, wh: number): void {
    this.#meter.started(chargePointId, wh);
    this.#learn(chargePointId, { wh, powerW: null, isAsked: false });
  }

  sampled(chargePointId: string, sample: ToldSample): void {
    this.#meter.sampled(chargePointId, sample.wh);
    this.#learn(chargePointId, sample);
  }

  stopped(chargePointId: string, wh: number): void {
    this.#meter.stopped(chargePointId, wh);
    this.#flows.delete(chargePointId);
    const sentAtMs = this.#sentAtMs.get(chargePointId);
    if (sentAtMs !== undefined) {
      const knownMs = this.#latencies.get(chargePointId) ?? START_LATENCY_MS;
      this.#latencies.set(chargePointId, learnLatency(knownMs, this.clock.now() - sentAtMs));
    }
    this.#plan();
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  #learn(id: string, told: ToldSample): void {
    const sample = { ...told, receivedAtMs: this.clock.now() };
    this.#flows.set(id, learnFlow(this.#flows.get(id) ?? null, sample, MAX_POWER_W));
    this.#plan();
  }

  #plan(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
    const leftWh = this.#meter.leftWh();
    if (leftWh <= 0) for (const id of this.#meter.running) this.#send(id);
    for (const { id, stopAtMs, askAtMs, boundMs } of forecast(leftWh, this.#sessions()).sessions) {
      this.#at(stopAtMs, () => this.#send(id));
      this.#at(askAtMs, () => this.#ask(id));
      this.#at(boundMs, () => this.#send(id));
    }
  }

  #sessions(): SessionFlow[] {
    return this.#models.flatMap(({ chargePointId: id, intervalMs }) => {
      const flow = this.#flows.get(id);
      if (!flow) return [];
      const latencyMs = this.#latencies.get(id) ?? START_LATENCY_MS;
      const askedAtMs = this.#askedAtMs.get(id) ?? null;
      const power = { maxPowerW: MAX_POWER_W, isMaxPowerSet: false };
      return [{ id, flow, latencyMs, intervalMs, askedAtMs, ...power }];
    });
  }

  #at(ms: number | null, act: () => void): void {
    if (ms !== null) this.#timers.push(this.clock.after(Math.max(0, ms - this.clock.now()), act));
  }

  #send(id: string): void {
    if (this.#sentAtMs.has(id)) return;
    this.#sentAtMs.set(id, this.clock.now());
    this.#commands?.remoteStop(id);
  }

  #ask(id: string): void {
    this.#askedAtMs.set(id, this.clock.now());
    this.#commands?.trigger(id);
  }
}

export function forecastRule(models: readonly ChargerModel[]): StopRule {
  return new ForecastRule(models);
}
