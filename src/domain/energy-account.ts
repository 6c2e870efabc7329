// From what a register showed, one reading after the other, to the energy that flowed, by day. Power never bills.
import { addEnergy, subtractEnergy, type EnergyByDay } from './energy.ts';
import type { SiteCalendar } from './site-calendar.ts';

/** What a register showed at a moment. */
export interface RegisterReading {
  readonly wh: number;
  readonly atMs: number;
}

export type MeterFlag =
  'implausibleJump' | 'spikeTakenBack' | 'registerRestarted' | 'registerWentBack' | 'lastContradicts';

/** What is known of a register during a session, and the energy counted from it. Immutable. */
export interface EnergyAccount {
  /** The newest reading that counted; null until there is one. */
  readonly last: RegisterReading | null;
  /** The one before it, so that a single wrong value can be taken back. */
  readonly beforeLast: RegisterReading | null;
  readonly energyByDay: EnergyByDay;
  readonly flags: readonly MeterFlag[];
}

/** No connector gives more than this; what a longer gap could have given at most is judged by it. */
export const MAX_POWER_W = 400_000;
const GRACE_MS = 60_000;
const MS_PER_HOUR = 3_600_000;

/** A register that goes back by no more than this is jittering, not starting anew. */
const JITTER_WH = 100;

/** A reading this much older than the newest one is a late one: the register has passed it already. */
const LATE_MS = 10_000;

export const EMPTY_ACCOUNT: EnergyAccount = { last: null, beforeLast: null, energyByDay: {}, flags: [] };

/** An account that starts to count at this reading. */
export function openAccount(first: RegisterReading | null): EnergyAccount {
  return first ? { ...EMPTY_ACCOUNT, last: first } : EMPTY_ACCOUNT;
}

function isPlausible(wh: number, fromMs: number, toMs: number): boolean {
  return wh <= (MAX_POWER_W * (Math.max(0, toMs - fromMs) + GRACE_MS)) / MS_PER_HOUR;
}

function flagged(account: EnergyAccount, flag: MeterFlag): readonly MeterFlag[] {
  return account.flags.includes(flag) ? account.flags : [...account.flags, flag];
}

/** Counts a reading. Returns the same object when it changes nothing. */
export function countReading(
  account: EnergyAccount,
  reading: RegisterReading,
  calendar: SiteCalendar,
): EnergyAccount {
  const { last } = account;
  if (!last) return { ...account, last: reading };
  const isLate = reading.atMs < last.atMs - LATE_MS;
  if (isLate && reading.wh <= last.wh) return account;
  // Never back in time: a session's energy is counted along the arrival of its readings.
  const current = { wh: reading.wh, atMs: Math.max(reading.atMs, last.atMs) };
  return current.wh >= last.wh
    ? countForward(account, last, current, calendar)
    : countBackward(account, last, current, calendar);
}

/**
 * Counts a reading of another kind of message (meterStop, the next meterStart) that closes the account. It counts where
 * it can continue the samples' register: not below it, and not further above than power could have brought it. Without
 * samples there is nothing it could contradict.
 */
export function countLast(
  account: EnergyAccount,
  reading: RegisterReading,
  calendar: SiteCalendar,
): EnergyAccount {
  const { last, beforeLast } = account;
  if (!last) return account;
  const hasSamples = beforeLast !== null || Object.keys(account.energyByDay).length > 0;
  const above = reading.wh - last.wh;
  if (above >= 0 && (!hasSamples || isPlausible(above, last.atMs, reading.atMs))) {
    return countForward(account, last, { wh: reading.wh, atMs: Math.max(reading.atMs, last.atMs) }, calendar);
  }
  return above >= -JITTER_WH ? account : { ...account, flags: flagged(account, 'lastContradicts') };
}

function countForward(
  account: EnergyAccount,
  last: RegisterReading,
  current: RegisterReading,
  calendar: SiteCalendar,
): EnergyAccount {
  const wh = current.wh - last.wh;
  if (wh === 0) return current.atMs === last.atMs ? account : { ...account, last: current };
  return {
    last: current,
    beforeLast: last,
    energyByDay: addEnergy(account.energyByDay, calendar.spread(wh, last.atMs, current.atMs)),
    flags: isPlausible(wh, last.atMs, current.atMs) ? account.flags : flagged(account, 'implausibleJump'),
  };
}

/** The register shows less than before: a spike that is over, a register that began anew, or jitter. */
function countBackward(
  account: EnergyAccount,
  last: RegisterReading,
  current: RegisterReading,
  calendar: SiteCalendar,
): EnergyAccount {
  const drop = last.wh - current.wh;
  const { beforeLast } = account;
  const isRestart = current.wh <= last.wh / 2;
  if (beforeLast && drop > JITTER_WH && current.wh >= beforeLast.wh) {
    const jump = last.wh - beforeLast.wh;
    if (!isRestart || !isPlausible(jump, beforeLast.atMs, last.atMs)) {
      const wrong = calendar.spread(jump, beforeLast.atMs, last.atMs);
      const restored: EnergyAccount = {
        last: beforeLast,
        beforeLast: null,
        energyByDay: subtractEnergy(account.energyByDay, wrong),
        flags: flagged(account, 'spikeTakenBack'),
      };
      return countForward(restored, beforeLast, current, calendar);
    }
  }
  if (drop <= JITTER_WH) return account;
  if (!isRestart) return { ...account, flags: flagged(account, 'registerWentBack') };
  const restarted: EnergyAccount = {
    ...account,
    last: current,
    beforeLast: null,
    flags: flagged(account, 'registerRestarted'),
  };
  // What the register shows since it began at 0 has flowed, unless no charger could have given it in that time.
  if (!isPlausible(current.wh, last.atMs, current.atMs)) return restarted;
  return {
    ...restarted,
    energyByDay: addEnergy(account.energyByDay, calendar.spread(current.wh, last.atMs, current.atMs)),
  };
}
