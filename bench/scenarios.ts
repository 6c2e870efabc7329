// What the overshoot benchmark drives: a base case, and variations of it one thing at a time.
import type { Answering, PowerMeter, Shape } from './charging-world.ts';

export interface Scenario {
  readonly name: string;
  readonly intervalS: number;
  readonly powerW: number;
  readonly shape: Shape;
  readonly latencyMs: number;
  readonly sessions: number;
  readonly resolutionWh: number;
  readonly powerMeter: PowerMeter;
  readonly answering: Answering;
}

const BASE: Omit<Scenario, 'name'> = {
  intervalS: 60,
  powerW: 22_000,
  shape: 'steady',
  latencyMs: 1000,
  sessions: 1,
  resolutionWh: 1,
  powerMeter: 'none',
  answering: 'fresh',
};

function vary(name: string, changed: Partial<Scenario> = {}): Scenario {
  return { ...BASE, ...changed, name };
}

/** The first is the target of the product: a steady 22 kW session sampled every 60 s. */
export const SCENARIOS: readonly Scenario[] = [
  vary('steady 22 kW, 60 s'),
  vary('samples every 10 s', { intervalS: 10 }),
  vary('samples every 30 s', { intervalS: 30 }),
  vary('samples every 300 s', { intervalS: 300 }),
  vary('1.4 kW', { powerW: 1400 }),
  vary('3.7 kW', { powerW: 3700 }),
  vary('11 kW', { powerW: 11_000 }),
  vary('latency 0.2 s', { latencyMs: 200 }),
  vary('latency 5 s', { latencyMs: 5000 }),
  vary('2 sessions of 11 kW', { sessions: 2, powerW: 11_000 }),
  vary('4 sessions of 22 kW', { sessions: 4 }),
  vary('noise 20 %', { shape: 'noisy' }),
  vary('noise 20 %, power', { shape: 'noisy', powerMeter: 'true' }),
  vary('tapering', { shape: 'tapering' }),
  vary('tapering, power', { shape: 'tapering', powerMeter: 'true' }),
  vary('tapering, 300 s', { shape: 'tapering', intervalS: 300 }),
  vary('tapering, 300 s, power', { shape: 'tapering', intervalS: 300, powerMeter: 'true' }),
  vary('pausing', { shape: 'pausing' }),
  vary('pausing, 10 s', { shape: 'pausing', intervalS: 10 }),
  vary('no TriggerMessage', { answering: 'none' }),
  vary('no TriggerMessage, noise', { answering: 'none', shape: 'noisy' }),
  vary('no TriggerMessage, tapering', { answering: 'none', shape: 'tapering' }),
  vary('no TriggerMessage, taper, 300 s', { answering: 'none', shape: 'tapering', intervalS: 300 }),
  vary('no TriggerMessage, pausing', { answering: 'none', shape: 'pausing' }),
  vary('repeats its sample when asked', { answering: 'repeated' }),
  vary('register 10 Wh', { resolutionWh: 10 }),
  vary('register 100 Wh', { resolutionWh: 100 }),
  vary('register 100 Wh, 7 kW, 30 s', { resolutionWh: 100, powerW: 7000, intervalS: 30 }),
  vary('register 1 kWh', { resolutionWh: 1000 }),
  vary('register 1 kWh, 7 kW, 30 s', { resolutionWh: 1000, powerW: 7000, intervalS: 30 }),
  vary('register 1 kWh, power ×10, taper', {
    resolutionWh: 1000,
    powerW: 10_000,
    intervalS: 30,
    powerMeter: 'tenfold',
    shape: 'tapering',
  }),
];
