// What a charger measures at a moment, as its profile writes it into a MeterValue.
import type { RequestOf } from '../ocpp/v16/messages.ts';
import { registerText } from './meter.ts';
import type { Measurand, Profile } from './profile.ts';

export type MeterValue = RequestOf<'MeterValues'>['meterValue'][number];
type SampledValue = MeterValue['sampledValue'][number];
export type ReadingContext = 'Sample.Periodic' | 'Sample.Clock' | 'Trigger' | 'Transaction.End';

const VOLTS = 230;
const PHASES = 3;

export interface Measured {
  /** What the register shows, in Wh. */
  readonly registerWh: number;
  readonly powerW: number;
  /** From 0 to 1; null when no car is there to say. */
  readonly stateOfCharge: number | null;
}

export function meterValue(
  profile: Profile,
  timestamp: string,
  context: ReadingContext,
  measurands: readonly Measurand[],
  measured: Measured,
): MeterValue {
  const sampledValue = measurands.flatMap((measurand) => {
    const sample = sampled(profile, measurand, measured);
    return sample === null ? [] : [{ ...sample, context, measurand }];
  });
  return { timestamp, sampledValue };
}

/** A moment by the clock of a charger. */
export function timestampOf({ timestampDigits, clockAheadMs }: Profile, nowMs: number): string {
  const text = new Date(nowMs + clockAheadMs).toISOString();
  return timestampDigits === 3 ? text : text.replace(/\.\d+Z$/, 'Z');
}

function sampled(profile: Profile, measurand: Measurand, measured: Measured): SampledValue | null {
  const { register, samples } = profile;
  const { registerWh, powerW, stateOfCharge } = measured;
  switch (measurand) {
    case 'Energy.Active.Import.Register': {
      const value = registerText(register, registerWh);
      return register.unitTag === null ? { value } : { value, unit: register.unitTag };
    }
    case 'Power.Active.Import':
      return { value: String(Math.round(powerW * samples.powerFactor)), unit: 'W' };
    case 'Current.Import':
      return { value: (powerW / (VOLTS * PHASES)).toFixed(1), unit: 'A' };
    case 'Voltage':
      return { value: String(VOLTS), unit: 'V' };
    case 'SoC':
      return stateOfCharge === null
        ? null
        : { value: String(Math.floor(stateOfCharge * 100)), unit: 'Percent' };
  }
}
