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
  /** What was counted between these two, to be taken back with it. */
  readonly lastStep: EnergyByDay;
  readonly energyByDay: EnergyByDay;
  readonly flags: readonly MeterFlag[];
}

/** No connector gives more than this; what a longer gap could have given at most is judged by it. */
const MAX_POWER_W = 400_000;
const GRACE_MS = 60_000;
const MS_PER_HOUR = 3_600_000;

/** A register that goes back by no more than this is jittering, not starting anew. */
const JITTER_WH = 100;

/** A reading this much older than the newest one is a late one: the register has passed it already. */
const LATE_MS = 10_000;

export const EMPTY_ACCOUNT: EnergyAccount = {
  last: null,
  beforeLast: null,
  lastStep: {},
  energyByDay: {},
  flags: [],
};

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

function withFlag(account: EnergyAccount, flag: MeterFlag): EnergyAccount {
  return account.flags.includes(flag) ? account : { ...account, flags: flagged(account, flag) };
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
  // One that shows more than a register that began anew may be from before it did; what it tells is counted already.
  if (isLate && (reading.wh <= last.wh || account.flags.includes('registerRestarted'))) return account;
  // Never back in time: a session's energy is counted along the arrival of its readings.
  const current = { wh: reading.wh, atMs: Math.max(reading.atMs, last.atMs) };
  if (current.wh < last.wh) return countBackward(account, last, current, calendar);
  const { beforeLast } = account;
  if (beforeLast && isResumed(beforeLast, last, current)) {
    return countForward(takeBackLast(account, beforeLast), beforeLast, current, calendar);
  }
  return countForward(account, last, current, calendar);
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
  // Nothing flowed. Should a late meterStop tell otherwise (a register that began anew), it flowed before this reading.
  if (above === 0) return account;
  if (above > 0 && (!hasSamples || isPlausible(above, last.atMs, reading.atMs))) {
    return countForward(account, last, { wh: reading.wh, atMs: Math.max(reading.atMs, last.atMs) }, calendar);
  }
  const isJitter = above < 0 && above >= -JITTER_WH;
  return isJitter ? account : withFlag(account, 'lastContradicts');
}

/** After one lower value the register goes on where it was, further than power could bring it: it never began anew. */
function isResumed(beforeLast: RegisterReading, last: RegisterReading, current: RegisterReading): boolean {
  return (
    last.wh < beforeLast.wh &&
    current.wh >= beforeLast.wh &&
    !isPlausible(current.wh - last.wh, last.atMs, current.atMs) &&
    isPlausible(current.wh - beforeLast.wh, beforeLast.atMs, current.atMs)
  );
}

/** The account as it was before its last reading, which the next one contradicts. */
function takeBackLast(account: EnergyAccount, beforeLast: RegisterReading): EnergyAccount {
  return {
    last: beforeLast,
    beforeLast: null,
    lastStep: {},
    energyByDay: subtractEnergy(account.energyByDay, account.lastStep),
    flags: flagged(account, 'spikeTakenBack'),
  };
}

function countForward(
  account: EnergyAccount,
  last: RegisterReading,
  current: RegisterReading,
  calendar: SiteCalendar,
): EnergyAccount {
  const wh = current.wh - last.wh;
  if (wh === 0) return current.atMs === last.atMs ? account : { ...account, last: current };
  const lastStep = calendar.spread(wh, last.atMs, current.atMs);
  return {
    last: current,
    beforeLast: last,
    lastStep,
    energyByDay: addEnergy(account.energyByDay, lastStep),
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
      return countForward(takeBackLast(account, beforeLast), beforeLast, current, calendar);
    }
  }
  if (drop <= JITTER_WH) return account;
  if (!isRestart) return withFlag(account, 'registerWentBack');
  // What the register shows since it began at 0 has flowed, unless no charger could have given it in that time.
  const hasFlowed = isPlausible(current.wh, last.atMs, current.atMs);
  const lastStep = hasFlowed ? calendar.spread(current.wh, last.atMs, current.atMs) : {};
  return {
    last: current,
    beforeLast: last,
    lastStep,
    energyByDay: addEnergy(account.energyByDay, lastStep),
    flags: flagged(account, 'registerRestarted'),
  };
}
