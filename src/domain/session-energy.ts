// What a session's samples and its end come to: meterStop closes the register, in whatever base or unit it is.
import { addEnergy, totalWh, type EnergyByDay } from './energy.ts';
import {
  isPlausible,
  JITTER_WH,
  lastReading,
  withFlag,
  type EnergyAccount,
  type MeterContext,
  type MeterFlag,
  type RegisterReading,
} from './energy-account.ts';

export interface SessionEnergy {
  readonly energyByDay: EnergyByDay;
  readonly flags: readonly MeterFlag[];
}

/** meterStop − meterStart and the samples are the same energy when they differ by no more than this. */
const TOLERANCE_WH = 2_000;
const TOLERANCE_SHARE = 0.1;

/** The energy as far as the samples go: of a running session, or one whose end told no register. */
export function sampledEnergy({ energyByDay, flags }: EnergyAccount): SessionEnergy {
  return { energyByDay, flags };
}

/**
 * The energy with `stop` (meterStop, or the next meterStart where the stop was lost) as the last reading. It counts
 * where it continues the samples' register; else, as the difference to meterStart, where that is about what the samples
 * say, if need be in kWh. Otherwise the samples stand. Without samples the difference is all there is.
 */
export function closedEnergy(
  account: EnergyAccount,
  stop: RegisterReading,
  context: MeterContext,
): SessionEnergy {
  const last = lastReading(account);
  if (last === null) return sampledEnergy(account);
  const hasSamples = account.lines.length > 0;
  const above = stop.wh - last.wh;
  const isContinued =
    above >= 0 && (!hasSamples || isPlausible(above, last.atMs, stop.atMs, context.maxPowerW));
  if (isContinued) return withTail(account, above, last.atMs, stop.atMs, context, account.flags);
  if (!hasSamples)
    return { energyByDay: account.energyByDay, flags: withFlag(account.flags, 'stopContradicts') };
  if (above < 0 && above >= -JITTER_WH) return sampledEnergy(account);
  const difference = account.start === null ? null : stop.wh - account.start.wh;
  const sampledWh = totalWh(account.energyByDay);
  for (const scale of [1, 1000, 0.001]) {
    const wh = difference === null || difference < 0 ? null : Math.round(difference * scale);
    if (wh === null || !isAbout(wh, sampledWh)) continue;
    const flags = scale === 1 ? account.flags : withFlag(account.flags, 'stopRescaled');
    return withTail(account, Math.max(0, wh - sampledWh), last.atMs, stop.atMs, context, flags);
  }
  return { energyByDay: account.energyByDay, flags: withFlag(account.flags, 'stopContradicts') };
}

function isAbout(wh: number, sampledWh: number): boolean {
  return Math.abs(wh - sampledWh) <= Math.max(TOLERANCE_WH, TOLERANCE_SHARE * sampledWh) && wh > 0;
}

function withTail(
  account: EnergyAccount,
  wh: number,
  fromMs: number,
  toMs: number,
  { calendar }: MeterContext,
  flags: readonly MeterFlag[],
): SessionEnergy {
  const { energyByDay } = account;
  return {
    energyByDay: wh === 0 ? energyByDay : addEnergy(energyByDay, calendar.spread(wh, fromMs, toMs)),
    flags,
  };
}
