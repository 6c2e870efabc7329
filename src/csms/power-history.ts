// The power of the site by the minute, for a chart: in memory, from the start of the server on. It bills nothing.
import { every, type CancelTimer, type Clock, type EpochMs } from '../runtime/clock.ts';

const MINUTE_MS = 60_000;
/** Minutes that are kept. */
const MINUTES_KEPT = 60;
/** How often it is looked at: the mean of these is that of the minute. */
const LOOK_EVERY_MS = 10_000;

export interface MinuteOfPower {
  /** When it began. */
  readonly atMs: EpochMs;
  readonly powerW: number;
}

export class PowerHistory {
  readonly #clock: Clock;
  readonly #powerW: () => number;
  readonly #minutes: MinuteOfPower[] = [];
  readonly #cancel: CancelTimer;
  #minuteMs: EpochMs;
  #sumW = 0;
  #looks = 0;

  constructor(clock: Clock, powerW: () => number) {
    this.#clock = clock;
    this.#powerW = powerW;
    this.#minuteMs = minuteOf(clock.now());
    this.#cancel = every(clock, LOOK_EVERY_MS, () => this.#look());
  }

  /** Full minutes, the oldest first. */
  minutes(): readonly MinuteOfPower[] {
    return this.#minutes;
  }

  close(): void {
    this.#cancel();
  }

  #look(): void {
    const minuteMs = minuteOf(this.#clock.now());
    if (minuteMs !== this.#minuteMs) this.#turn(minuteMs);
    this.#sumW += this.#powerW();
    this.#looks += 1;
  }

  #turn(minuteMs: EpochMs): void {
    if (this.#looks > 0)
      this.#minutes.push({ atMs: this.#minuteMs, powerW: Math.round(this.#sumW / this.#looks) });
    if (this.#minutes.length > MINUTES_KEPT) this.#minutes.shift();
    this.#minuteMs = minuteMs;
    this.#sumW = 0;
    this.#looks = 0;
  }
}

function minuteOf(atMs: EpochMs): EpochMs {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}
