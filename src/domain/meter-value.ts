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
  /** Energy.Active.Import.Interval in Wh: what flowed since the sample before; null when this MeterValue has none. */
  readonly intervalWh: number | null;
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

/** A decimal number and nothing else: `""`, `NaN`, `0x10` are none, nor is `1,234`, which may mean either; `1,23` is 1.23. */
export function parseDecimal(text: string | undefined): number | null {
  if (text === undefined || text.length > 40) return null;
  const trimmed = text.trim().replace(/^([+-]?\d+),(\d{1,2})$/, '$1.$2');
  return /^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?$/.test(trimmed) ? Number(trimmed) : null;
}

/** A register in whole Wh; null when it is no number, negative (a meter that cannot be read says −1) or absurd. */
export function registerWh(value: number | null, isKWh: boolean): number | null {
  if (value === null || value < 0) return null;
  const wh = Math.round(isKWh ? value * 1000 : value);
  return wh <= MAX_REGISTER_WH ? wh : null;
}

function measurandOf(sample: SampledValue): string {
  if (sample.measurand !== undefined && sample.measurand !== '') return sample.measurand;
  // Without a measurand it is the register, unless the unit says it is none (Alfen sends amperes so).
  return ENERGY_UNITS.has(sample.unit?.toLowerCase()) ? REGISTER : 'unknown';
}

interface Best {
  total: SampledValue | null;
  rank: number;
  phases: Map<string, SampledValue>;
}

/** The value of a measurand: the untagged total of the highest-ranking context, else its phases summed. */
function pick(samples: readonly SampledValue[], measurand: string): Best {
  const best: Best = { total: null, rank: -1, phases: new Map() };
  for (const sample of samples) {
    if (measurandOf(sample) !== measurand || sample.format === 'SignedData') continue;
    if (parseDecimal(sample.value) === null) continue;
    const rank = CONTEXT_RANK[sample.context ?? DEFAULT_CONTEXT] ?? 1;
    if (rank < best.rank) continue;
    if (rank > best.rank) {
      best.total = null;
      best.phases = new Map();
      best.rank = rank;
    }
    const phase = sample.phase ?? '';
    if (phase === '') best.total = sample;
    else if (/^L[123](-N)?$/.test(phase)) best.phases.set(phase.slice(0, 2), sample);
  }
  return best;
}

function sumOf(best: Best, valueOf: (sample: SampledValue) => number | null): number | null {
  if (best.total) return valueOf(best.total);
  let sum: number | null = null;
  for (const sample of best.phases.values()) {
    const value = valueOf(sample);
    if (value === null) return null;
    sum = (sum ?? 0) + value;
  }
  return sum;
}

/** Reads one MeterValue. `unit` is how this charger's energy values are to be understood. */
export function readMeterValue(samples: readonly SampledValue[], unit: EnergyUnit): MeterReading {
  const register = pick(samples, REGISTER);
  const isKWh = (s: SampledValue) => (unit === 'auto' ? s.unit?.toLowerCase() === 'kwh' : unit === 'kWh');
  const energyWh = (s: SampledValue) => registerWh(parseDecimal(s.value), isKWh(s));
  const milli = (s: SampledValue) => Math.round((parseDecimal(s.value) ?? 0) * 1000);
  const watts = (s: SampledValue) =>
    s.unit?.toLowerCase() === 'kw' ? milli(s) : Math.round(parseDecimal(s.value) ?? 0);
  return {
    registerWh: sumOf(register, energyWh),
    intervalWh: sumOf(pick(samples, INTERVAL), energyWh),
    powerW: sumOf(pick(samples, POWER), watts),
    frequencyMilliHz: sumOf(pick(samples, FREQUENCY), milli),
    context: (register.total ?? register.phases.values().next().value)?.context ?? DEFAULT_CONTEXT,
  };
}
