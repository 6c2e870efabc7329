// SampledValue[] of one MeterValue → what the meter showed: the energy register in Wh, power, frequency. Nothing is booked here.

/** A SampledValue as it may arrive: every member may be missing, and none can be trusted (OCPP 1.6 §7.43). */
export interface SampledValue {
  readonly value?: string;
  readonly context?: string;
  readonly format?: string;
  readonly measurand?: string;
  readonly phase?: string;
  readonly location?: string;
  readonly unit?: string;
}

export interface MeterReading {
  /** Energy.Active.Import.Register in whole Wh; null when this MeterValue has none. */
  readonly registerWh: number | null;
  /** Energy.Active.Import.Interval in thousandths of a Wh, for it is summed: what flowed since the sample before; null: none. */
  readonly intervalMilliWh: number | null;
  readonly powerW: number | null;
  readonly frequencyMilliHz: number | null;
  /** The context of the value the register was taken from. */
  readonly context: string;
}

/** 'auto' believes the unit tag, and Wh without one (OCPP 1.6 §7.43); the others overrule the tag. */
export type EnergyUnit = 'auto' | 'Wh' | 'kWh';

const REGISTER = 'Energy.Active.Import.Register';
const INTERVAL = 'Energy.Active.Import.Interval';
const POWER = 'Power.Active.Import';
const FREQUENCY = 'Frequency';
const ENERGY_UNITS = new Set([undefined, '', 'wh', 'kwh']);

/** A register beyond this is not a meter's: 10 TWh. It keeps sums of Wh exact. */
const MAX_REGISTER_WH = 1e13;

/** Where several values of one measurand stand in one bucket, the higher rank is what the meter shows now. */
const CONTEXT_RANK: Readonly<Record<string, number>> = {
  'Transaction.End': 4,
  'Sample.Periodic': 3,
  'Sample.Clock': 3,
  Trigger: 3,
  'Interruption.Begin': 2,
  'Interruption.End': 2,
  Other: 1,
  'Transaction.Begin': 0,
};
const DEFAULT_CONTEXT = 'Sample.Periodic';

/** What nearly all values look like. */
const USUAL_DECIMAL = /^\d{1,15}(?:\.\d{1,9})?$/;

/** A decimal number and nothing else: `""`, `NaN`, `0x10` are none, nor is `1,234`, which may mean either; `1,23` is 1.23. */
export function parseDecimal(text: string | undefined): number | null {
  if (text === undefined || text.length > 40) return null;
  if (USUAL_DECIMAL.test(text)) return Number(text);
  const trimmed = text.trim().replace(/^([+-]?\d+),(\d{1,2})$/, '$1.$2');
  return /^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?$/.test(trimmed) ? Number(trimmed) : null;
}

/** A register in whole Wh; null when it is no number, negative (a meter that cannot be read says −1) or absurd. */
export function registerWh(value: number | null, isKWh: boolean): number | null {
  if (value === null || value < 0) return null;
  const wh = Math.round(isKWh ? value * 1000 : value);
  return wh <= MAX_REGISTER_WH ? wh : null;
}

/** An energy that is a part of a sum, by the same rule. */
function milliWh(value: number, isKWh: boolean): number | null {
  const milli = Math.round(value * (isKWh ? 1_000_000 : 1_000));
  return value >= 0 && milli <= MAX_REGISTER_WH ? milli : null;
}

function measurandOf(sample: SampledValue): string {
  if (sample.measurand !== undefined && sample.measurand !== '') return sample.measurand;
  // Without a measurand it is the register, unless the unit says it is none (Alfen sends amperes so).
  return ENERGY_UNITS.has(sample.unit?.toLowerCase()) ? REGISTER : 'unknown';
}

/** A sample whose value is a number. */
interface Valued {
  readonly sample: SampledValue;
  readonly value: number;
}

/** The value of one measurand: the untagged total of the highest-ranking context, else its phases summed. */
class Best {
  #total: Valued | null = null;
  #phases: Map<string, Valued> | null = null;
  #rank = -1;

  offer(sample: SampledValue, value: number): void {
    const rank = CONTEXT_RANK[sample.context ?? DEFAULT_CONTEXT] ?? 1;
    if (rank < this.#rank) return;
    if (rank > this.#rank) {
      this.#total = null;
      this.#phases = null;
      this.#rank = rank;
    }
    const phase = sample.phase ?? '';
    if (phase === '') this.#total = { sample, value };
    else if (/^L[123](-N)?$/.test(phase))
      (this.#phases ??= new Map()).set(phase.slice(0, 2), { sample, value });
  }

  /** Null when nothing was offered, or a part of it cannot be. */
  sum(amountOf: (one: Valued) => number | null): number | null {
    if (this.#total) return amountOf(this.#total);
    let sum: number | null = null;
    for (const one of this.#phases?.values() ?? []) {
      const amount = amountOf(one);
      if (amount === null) return null;
      sum = (sum ?? 0) + amount;
    }
    return sum;
  }

  context(): string {
    const first = this.#total ?? this.#phases?.values().next().value;
    return first?.sample.context ?? DEFAULT_CONTEXT;
  }
}

function milli({ value }: Valued): number {
  return Math.round(value * 1000);
}

function watts(one: Valued): number {
  return one.sample.unit?.toLowerCase() === 'kw' ? milli(one) : Math.round(one.value);
}

/** Reads one MeterValue. `unit` is how this charger's energy values are to be understood. */
export function readMeterValue(samples: readonly SampledValue[], unit: EnergyUnit): MeterReading {
  const [register, interval, power, frequency] = [new Best(), new Best(), new Best(), new Best()];
  for (const sample of samples) {
    const best = bestOf(measurandOf(sample));
    if (best === null || sample.format === 'SignedData') continue;
    const value = parseDecimal(sample.value);
    if (value !== null) best.offer(sample, value);
  }
  function bestOf(measurand: string): Best | null {
    if (measurand === REGISTER) return register;
    if (measurand === INTERVAL) return interval;
    if (measurand === POWER) return power;
    return measurand === FREQUENCY ? frequency : null;
  }
  const isKWh = (s: SampledValue) => (unit === 'auto' ? s.unit?.toLowerCase() === 'kwh' : unit === 'kWh');
  const energyWh = ({ sample, value }: Valued) => registerWh(value, isKWh(sample));
  return {
    registerWh: register.sum(energyWh),
    intervalMilliWh: interval.sum(({ sample, value }) => milliWh(value, isKWh(sample))),
    powerW: power.sum(watts),
    frequencyMilliHz: frequency.sum(milli),
    context: register.context(),
  };
}
