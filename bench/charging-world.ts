// The physics of charging, for the overshoot benchmark: true energy, the register that shows it, and a charger that stops late.
import type { ManualClock } from '../src/runtime/manual-clock.ts';
import { seededRandom, type SeededRandom } from '../test/kit/seeded-random.ts';

export type Shape = 'steady' | 'tapering' | 'pausing' | 'noisy';
/** What MeterValues say of power: nothing, the truth of the moment, or ten times that (LIVOLTEK). */
export type PowerMeter = 'none' | 'true' | 'tenfold';
/** What TriggerMessage brings: a fresh sample, the last one once more, or nothing. */
export type Answering = 'fresh' | 'repeated' | 'none';

export interface ChargerModel {
  readonly chargePointId: string;
  readonly powerW: number;
  readonly shape: Shape;
  readonly intervalMs: number;
  /** From RemoteStopTransaction to the end of the flow. */
  readonly latencyMs: number;
  readonly resolutionWh: number;
  readonly powerMeter: PowerMeter;
  readonly answering: Answering;
}

export interface ToldSample {
  readonly wh: number;
  readonly powerW: number | null;
  /** Whether it is the answer to a TriggerMessage. */
  readonly isAsked: boolean;
}

/** What a charger tells, as it arrives: who hears it decides when to stop. */
export interface Listener {
  started(chargePointId: string, idTag: string, meterStartWh: number): void;
  sampled(chargePointId: string, sample: ToldSample): void;
  stopped(chargePointId: string, meterStopWh: number): void;
}

const MS_PER_HOUR = 3_600_000;
const STEP_MS = 1000;
/** No two charges are alike: cars and cables draw somewhat less than the charger has to give. */
const DRAWN_PERCENT = { least: 85, most: 100 } as const;
const NOISE_BLOCK_MS = 15_000;
const NOISE_PERCENT = 20;
const TAPER_MS = 25 * 60_000;
const TAPER_FLOOR = 0.08;
const TRANSPORT_MS = { least: 20, most: 300 } as const;
const PLUG_IN_MS = { least: 1000, most: 45_000 } as const;
const TAPER_FROM_PERCENT = { least: 40, most: 90 } as const;
const CHARGING_MS = { least: 3 * 60_000, most: 15 * 60_000 } as const;
const PAUSE_MS = { least: 2 * 60_000, most: 10 * 60_000 } as const;

/** Power over time, from chance that does not depend on when one looks. */
class PowerCurve {
  readonly #model: ChargerModel;
  readonly #random: SeededRandom;
  readonly #powerW: number;
  readonly #taperFromWh: number;
  #noise = 0;
  #noiseUntilMs = 0;
  #isCharging = false;
  #phaseUntilMs = 0;
  #taperSinceMs: number | null = null;
  #atMs = 0;
  #wh = 0;

  constructor(model: ChargerModel, expectedWh: number, seed: number) {
    this.#model = model;
    this.#random = seededRandom(seed);
    this.#powerW = (model.powerW * this.#random.between(DRAWN_PERCENT.least, DRAWN_PERCENT.most)) / 100;
    this.#taperFromWh =
      (expectedWh * this.#random.between(TAPER_FROM_PERCENT.least, TAPER_FROM_PERCENT.most)) / 100;
  }

  /** True energy in Wh since the start, `ms` after it; `ms` never goes back. */
  energyWhAt(ms: number): number {
    while (this.#atMs + STEP_MS <= ms) {
      this.#wh += (this.#wattsAt(this.#atMs) * STEP_MS) / MS_PER_HOUR;
      this.#atMs += STEP_MS;
    }
    return this.#wh + (this.wattsNow() * (ms - this.#atMs)) / MS_PER_HOUR;
  }

  /** Power at the moment that was looked at last. */
  wattsNow(): number {
    return this.#wattsAt(this.#atMs);
  }

  #wattsAt(ms: number): number {
    const { shape } = this.#model;
    const powerW = this.#powerW;
    if (shape === 'steady') return powerW;
    if (shape === 'noisy') return powerW * (1 + this.#noiseAt(ms));
    if (shape === 'pausing') return this.#isChargingAt(ms) ? powerW : 0;
    if (this.#wh < this.#taperFromWh) return powerW;
    this.#taperSinceMs ??= ms;
    return powerW * Math.max(TAPER_FLOOR, Math.exp((this.#taperSinceMs - ms) / TAPER_MS));
  }

  #noiseAt(ms: number): number {
    for (; ms >= this.#noiseUntilMs; this.#noiseUntilMs += NOISE_BLOCK_MS) {
      this.#noise = this.#random.between(-NOISE_PERCENT, NOISE_PERCENT) / 100;
    }
    return this.#noise;
  }

  #isChargingAt(ms: number): boolean {
    while (ms >= this.#phaseUntilMs) {
      this.#isCharging = !this.#isCharging;
      const { least, most } = this.#isCharging ? CHARGING_MS : PAUSE_MS;
      this.#phaseUntilMs += this.#random.between(least, most);
    }
    return this.#isCharging;
  }
}

/** One charge on one charger, from plugging in to the end of its flow. */
export class Charge {
  readonly model: ChargerModel;
  readonly #clock: ManualClock;
  readonly #listener: Listener;
  readonly #random: SeededRandom;
  readonly #curve: PowerCurve;
  readonly #baseWh: number;
  #startedMs = 0;
  #isStopping = false;
  #arrivesMs = 0;
  #measuredWh = 0;
  /** The true register when it ended, less what it showed when it began; null while it runs. */
  endedWh: number | null = null;

  /** `expectedWh`: what it will come to, more or less; a tapering car slows down before. */
  constructor(
    model: ChargerModel,
    parts: { clock: ManualClock; listener: Listener; expectedWh: number; idTag: string; seed: number },
  ) {
    this.model = model;
    this.#clock = parts.clock;
    this.#listener = parts.listener;
    this.#random = seededRandom(parts.seed);
    this.#curve = new PowerCurve(model, parts.expectedWh, parts.seed + 1);
    // Whole kWh are known of a charger whose register begins at 0 with each charge; the others run on.
    this.#baseWh = model.resolutionWh >= 1000 ? 0 : 5_000_000 + this.#random.below(1_000_000) / 100;
    const plugInMs = this.#random.between(PLUG_IN_MS.least, PLUG_IN_MS.most);
    this.#clock.after(plugInMs, () => this.#start(parts.idTag));
  }

  /** RemoteStopTransaction: it is Accepted and, after the latency, done. */
  remoteStop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#clock.after(this.model.latencyMs, () => this.#stop());
  }

  /** TriggerMessage MeterValues. */
  trigger(): void {
    if (this.endedWh === null && this.model.answering !== 'none') this.#tell(true);
  }

  #start(idTag: string): void {
    this.#startedMs = this.#clock.now();
    this.#measuredWh = this.#shownWh();
    this.#listener.started(this.model.chargePointId, idTag, this.#measuredWh);
    this.#sampleLater();
  }

  #sampleLater(): void {
    this.#clock.after(this.model.intervalMs, () => {
      if (this.endedWh !== null) return;
      this.#tell(false);
      this.#sampleLater();
    });
  }

  #tell(isAsked: boolean): void {
    const { chargePointId, powerMeter, answering } = this.model;
    if (!isAsked || answering === 'fresh') this.#measuredWh = this.#shownWh();
    const wh = this.#measuredWh;
    const watts = Math.round(this.#curve.wattsNow());
    const powerW = powerMeter === 'none' ? null : powerMeter === 'true' ? watts : watts * 10;
    // What was told first arrives first.
    const nowMs = this.#clock.now();
    const { least, most } = TRANSPORT_MS;
    this.#arrivesMs = Math.max(this.#arrivesMs, nowMs + this.#random.between(least, most));
    this.#clock.after(this.#arrivesMs - nowMs, () => {
      if (this.endedWh === null) this.#listener.sampled(chargePointId, { wh, powerW, isAsked });
    });
  }

  #stop(): void {
    const meterStopWh = this.#shownWh();
    this.endedWh = this.#trueWh() - this.#floor(this.#baseWh);
    this.#listener.stopped(this.model.chargePointId, meterStopWh);
  }

  #trueWh(): number {
    return this.#baseWh + this.#curve.energyWhAt(this.#clock.now() - this.#startedMs);
  }

  #shownWh(): number {
    return this.#floor(this.#trueWh());
  }

  #floor(wh: number): number {
    return Math.floor(wh / this.model.resolutionWh) * this.model.resolutionWh;
  }
}
