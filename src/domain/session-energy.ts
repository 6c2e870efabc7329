// What a session's samples and its end come to: meterStop closes the register, in whatever base or unit it is.
import { addEnergy, totalWh, WH_PER_KWH, type EnergyByDay } from './energy.ts';
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
/** 63 A on three phases: the most that is usual without direct current. */
const MAX_AC_POWER_W = 43_500;
const MS_PER_HOUR = 3_600_000;

/** The energy as far as the samples go: of a running session, or one whose end told no register. */
export function sampledEnergy({ energyByDay, flags }: EnergyAccount): SessionEnergy {
  return { energyByDay, flags };
}

/**
 * The energy with `stop` (meterStop, or the next meterStart where the stop was lost) as the last reading. It counts
 * where it continues the samples' register, unless they began at 0 below meterStart and it rather goes on from there;
 * else, as the difference to meterStart, where that is about what the samples say, or a thousand times that or a
 * thousandth: then the larger of the two holds, and the session is flagged. Otherwise the samples stand. Without samples
 * the difference is all there is.
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
  if (isContinued) {
    const tailWh = hasSamples ? tailFromStart(account, last, stop) : null;
    return withTail(account, tailWh ?? above, last.atMs, stop.atMs, context, account.flags);
  }
  if (!hasSamples)
    return { energyByDay: account.energyByDay, flags: withFlag(account.flags, 'stopContradicts') };
  if (above < 0 && above >= -JITTER_WH) return sampledEnergy(account);
  const sampledWh = totalWh(account.energyByDay);
  const differenceWh = account.start === null ? -1 : stop.wh - account.start.wh;
  const tailWh = Math.max(0, differenceWh - sampledWh);
  if (differenceWh >= 0 && isAbout(differenceWh, sampledWh, TOLERANCE_WH)) {
    return withTail(account, tailWh, last.atMs, stop.atMs, context, account.flags);
  }
  // Samples in kWh that say Wh come out at a thousandth of it; start and stop in kWh the other way round.
  const isThousandfold = isAbout(differenceWh, sampledWh * WH_PER_KWH, WH_PER_KWH);
  if (sampledWh > 0 && (isThousandfold || isAbout(differenceWh * WH_PER_KWH, sampledWh, WH_PER_KWH))) {
    return withTail(account, tailWh, last.atMs, stop.atMs, context, withFlag(account.flags, 'unitsDiffer'));
  }
  return { energyByDay: account.energyByDay, flags: withFlag(account.flags, 'stopContradicts') };
}

/**
 * What flowed after samples that began at 0 below meterStart, where meterStop goes on from meterStart and could hardly go
 * on from the samples: a lifetime that is still small is within reach of 400 kW, and is not the energy of a session. Null
 * otherwise: slower than that it may be a register that began anew before the first sample, which must not lose energy.
 */
function tailFromStart(account: EnergyAccount, last: RegisterReading, stop: RegisterReading): number | null {
  const { start } = account;
  const sampledWh = totalWh(account.energyByDay);
  if (start === null || last.wh >= start.wh || sampledWh !== last.wh) return null;
  const differenceWh = stop.wh - start.wh;
  const isAsMuch = differenceWh >= sampledWh || isAbout(differenceWh, sampledWh, WH_PER_KWH);
  if (differenceWh < 0 || !isAsMuch) return null;
  const shownW = (sampledWh * MS_PER_HOUR) / Math.max(1, last.atMs - start.atMs);
  const likelyW = Math.max(MAX_AC_POWER_W, 2 * shownW);
  if (isPlausible(stop.wh - last.wh, last.atMs, stop.atMs, likelyW)) return null;
  return Math.max(0, differenceWh - sampledWh);
}

function isAbout(wh: number, otherWh: number, toleranceWh: number): boolean {
  return Math.abs(wh - otherWh) <= Math.max(toleranceWh, TOLERANCE_SHARE * otherWh);
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
