// What a meter shows of the energy that flowed: base, resolution and unit of its register. Pure; physics is in car.ts.

const WH_PER_KWH = 1000;
/** What sums of floating-point numbers are off by, and far less than any meter sees. */
const DUST_WH = 1e-6;

export interface RegisterStyle {
  /** A lifetime register counts on over all sessions; a session register begins each at 0. */
  readonly base: 'lifetime' | 'session';
  /** What the register counts in whole steps of; it never shows a step that is not complete. */
  readonly resolutionWh: number;
  /** Unit of the numbers in MeterValues. */
  readonly unit: 'Wh' | 'kWh';
  /** What its samples say that the unit is; null is a charger that says nothing. */
  readonly unitTag: 'Wh' | 'kWh' | null;
  readonly decimals: number;
  /** What meterStart and meterStop are of; left out: of the same. */
  readonly startStopBase?: 'lifetime' | 'session';
  /** Unit of meterStart and meterStop; the standard's is Wh. */
  readonly startStopUnit: 'Wh' | 'kWh';
}

/** The meter of one connector. It only ever counts up, until a session register begins anew. */
export class Meter {
  readonly #style: RegisterStyle;
  #totalWh: number;
  #sessionBeganWh: number;

  /** `installedWh`: what a lifetime register shows before the first session. */
  constructor(style: RegisterStyle, installedWh: number) {
    this.#style = style;
    this.#totalWh = installedWh;
    this.#sessionBeganWh = installedWh;
  }

  beginSession(): void {
    this.#sessionBeganWh = this.#totalWh;
  }

  /** `wh` more have flowed. */
  add(wh: number): void {
    this.#totalWh += wh;
  }

  /** What flowed since the session began, as physics has it. */
  get sessionWh(): number {
    return this.#totalWh - this.#sessionBeganWh;
  }

  /** What the register shows, in whole Wh. */
  get shownWh(): number {
    return this.#shown(this.#style.base);
  }

  /** What meterStart and meterStop say, in whole Wh. */
  get startStopWh(): number {
    const { base, startStopBase = base } = this.#style;
    return this.#shown(startStopBase);
  }

  #shown(base: 'lifetime' | 'session'): number {
    const { resolutionWh } = this.#style;
    const wh = base === 'lifetime' ? this.#totalWh : this.sessionWh;
    return Math.floor((wh + DUST_WH) / resolutionWh) * resolutionWh;
  }
}

/** The value of a sample of a register that shows `wh`. */
export function registerText({ unit, decimals }: RegisterStyle, wh: number): string {
  return (unit === 'Wh' ? wh : wh / WH_PER_KWH).toFixed(decimals);
}

/** meterStart or meterStop of a register that shows `wh`: an integer by the schema, so a kWh begun is left out. */
export function startStopValue({ startStopUnit }: RegisterStyle, wh: number): number {
  return startStopUnit === 'Wh' ? wh : Math.floor(wh / WH_PER_KWH);
}
