// A figure by the minute, for a chart: the last hour of full minutes, in memory.
import { every, type CancelTimer, type Clock, type EpochMs } from './clock.ts';

const MINUTE_MS = 60_000;
/** Minutes that are kept. */
const MINUTES_KEPT = 60;
const LOOK_EVERY_MS = 10_000;

export interface Minute {
  /** When it began. */
  readonly atMs: EpochMs;
  readonly value: number;
}

/** mean: of what it was in the minute. gain: how much a count has grown in it. */
export type MinuteValue = 'mean' | 'gain';

export class MinuteSeries {
  readonly #clock: Clock;
  readonly #kind: MinuteValue;
  readonly #look: () => number;
  readonly #minutes: Minute[] = [];
  readonly #cancel: CancelTimer;
  #minuteMs: EpochMs;
  #sum = 0;
  #looks = 0;
  /** Of a count: what it was when the minute began. */
  #base: number;

  constructor(clock: Clock, kind: MinuteValue, look: () => number) {
    this.#clock = clock;
    this.#kind = kind;
    this.#look = look;
    this.#minuteMs = minuteOf(clock.now());
    this.#base = kind === 'gain' ? look() : 0;
    this.#cancel = every(clock, LOOK_EVERY_MS, () => this.#sample());
  }

  /** Full minutes, the oldest first. */
  minutes(): readonly Minute[] {
    return this.#minutes;
  }

  close(): void {
    this.#cancel();
  }

  #sample(): void {
    const minuteMs = minuteOf(this.#clock.now());
    const now = this.#look();
    if (minuteMs !== this.#minuteMs) this.#turn(minuteMs, now);
    this.#sum += now;
    this.#looks += 1;
  }

  #turn(minuteMs: EpochMs, now: number): void {
    const value = this.#kind === 'gain' ? now - this.#base : this.#sum / Math.max(1, this.#looks);
    this.#minutes.push({ atMs: this.#minuteMs, value: Math.round(value) });
    if (this.#minutes.length > MINUTES_KEPT) this.#minutes.shift();
    this.#minuteMs = minuteMs;
    this.#base = now;
    this.#sum = 0;
    this.#looks = 0;
  }
}

function minuteOf(atMs: EpochMs): EpochMs {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}
