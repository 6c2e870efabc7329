// From what a register showed, one sample after the other, to the energy that flowed, by day. Power never bills.
import { addEnergy, type EnergyByDay } from './energy.ts';
import type { SiteCalendar } from './site-calendar.ts';

/** What a register showed at a moment. */
export interface RegisterReading {
  readonly wh: number;
  readonly atMs: number;
}

export type MeterFlag =
  | 'baselineFromSample'
  | 'implausibleJump'
  | 'registerRestarted'
  | 'registerWentBack'
  | 'valueTakenBack'
  | 'stopContradicts'
  | 'unitsDiffer'
  | 'intervalsSummed'
  | 'aboveMaxPower';

/**
 * Samples that continue one another, ending at `last`, and the energy of the session when that was read. Chargers leave
 * a line and come back: a single value is wrong, or lifetime and session registers alternate. A sample that continues
 * an older line replaces what was counted since that line was left; a register that began anew goes on beside it.
 */
interface Line {
  readonly last: RegisterReading;
  readonly energyAtLast: EnergyByDay;
  /** When its first sample was taken. */
  readonly begunMs: number;
}

/** What the samples of a session have shown. Immutable. */
export interface EnergyAccount {
  /** meterStart: another kind of message than the samples, so perhaps of another base or unit. */
  readonly start: RegisterReading | null;
  /** The current one first, at most MAX_LINES. Empty before the first sample. */
  readonly lines: readonly Line[];
  /** The current line before its last rise: a rise that the next sample does not confirm is taken back to it. */
  readonly previous: Line | null;
  readonly energyByDay: EnergyByDay;
  readonly flags: readonly MeterFlag[];
}

/** How a register is judged: the charger's most power (its settings, or MAX_POWER_W) and the days of its site. */
export interface MeterContext {
  readonly calendar: SiteCalendar;
  readonly maxPowerW: number;
}

/** No connector gives more than this. */
export const MAX_POWER_W = 400_000;
const GRACE_MS = 60_000;
const MS_PER_HOUR = 3_600_000;

/** A register that goes back by no more than this is jittering, not starting anew. */
export const JITTER_WH = 100;

/** Clocks and transmission may disagree by this much without one sample being older than another. */
const LATE_MS = 10_000;

const MAX_LINES = 3;

export function openAccount(start: RegisterReading | null): EnergyAccount {
  return { start, lines: [], previous: null, energyByDay: {}, flags: [] };
}

/** An account that goes on from a sample that others have counted up to (take-over). */
export function accountFrom(last: RegisterReading | null): EnergyAccount {
  const lines = last === null ? [] : [{ last, energyAtLast: {}, begunMs: last.atMs }];
  return { ...openAccount(null), lines };
}

/** The newest sample that counted, else meterStart. */
export function lastReading(account: EnergyAccount): RegisterReading | null {
  return account.lines[0]?.last ?? account.start;
}

/** Whether power could have moved a register so far in that time. */
export function isPlausible(wh: number, fromMs: number, toMs: number, maxPowerW: number): boolean {
  return wh <= (maxPowerW * (Math.max(0, toMs - fromMs) + GRACE_MS)) / MS_PER_HOUR;
}

export function withFlag(flags: readonly MeterFlag[], flag: MeterFlag): readonly MeterFlag[] {
  return flags.includes(flag) ? flags : [...flags, flag];
}

/** Counts a sample. Returns the same object when it changes nothing. */
export function countSample(
  account: EnergyAccount,
  sample: RegisterReading,
  context: MeterContext,
): EnergyAccount {
  const current = account.lines[0];
  if (!current) return countFirst(account, sample, context);
  if (isLate(account, current, sample)) return countLate(account, sample, context);
  // Within the tolerance a register that went on is believed; energy never runs back in time.
  const reading = { wh: sample.wh, atMs: Math.max(sample.atMs, current.last.atMs) };
  if (reading.wh === current.last.wh && reading.atMs === current.last.atMs) return account;
  if (isJitter(current, reading)) return account;
  const index = lineFor(account.lines, reading, context);
  if (index >= 0) return continueLine(account, index, reading, context);
  return reading.wh > current.last.wh
    ? jump(account, current, reading, context)
    : goBack(account, current, reading, context);
}

/**
 * Older than the newest one. A register that went on may be a little older all the same, one that shows less is a sample
 * that was overtaken; at one and the same moment it is that where it lies between the last two.
 */
function isLate(account: EnergyAccount, { last }: Line, sample: RegisterReading): boolean {
  if (sample.wh >= last.wh) return sample.atMs < last.atMs - LATE_MS;
  const before = account.previous?.last ?? account.start;
  const isBetween = before !== null && sample.wh >= before.wh;
  return sample.atMs < last.atMs || (sample.atMs === last.atMs && isBetween);
}

function continues(line: Line, reading: RegisterReading, { maxPowerW }: MeterContext): boolean {
  const wh = reading.wh - line.last.wh;
  return wh >= 0 && isPlausible(wh, line.last.atMs, reading.atMs, maxPowerW);
}

/**
 * The line that the reading continues, the current one first; −1: none. After a single low value both may fit: then the
 * register began anew, for what has flowed must not be lost.
 */
function lineFor(lines: readonly Line[], reading: RegisterReading, context: MeterContext): number {
  return lines.findIndex((line) => continues(line, reading, context));
}

/** The first sample shows where its register stood at the start: at meterStart, at 0, or else where it is now. */
function countFirst(account: EnergyAccount, sample: RegisterReading, context: MeterContext): EnergyAccount {
  const { start } = account;
  const baseline = start === null ? null : baselineOf(start, sample, context);
  if (baseline === null) {
    const flags = withFlag(account.flags, 'baselineFromSample');
    return { ...account, lines: [{ last: sample, energyAtLast: {}, begunMs: sample.atMs }], flags };
  }
  const from: Line = { last: baseline, energyAtLast: account.energyByDay, begunMs: baseline.atMs };
  const line = extend(from, { wh: sample.wh, atMs: Math.max(sample.atMs, baseline.atMs) }, context);
  return { ...account, lines: [line], energyByDay: line.energyAtLast };
}

function baselineOf(
  start: RegisterReading,
  sample: RegisterReading,
  { maxPowerW }: MeterContext,
): RegisterReading | null {
  const isBaseline = ({ wh, atMs }: RegisterReading) =>
    sample.wh >= wh && isPlausible(sample.wh - wh, atMs, sample.atMs, maxPowerW);
  return [start, { wh: 0, atMs: start.atMs }].find(isBaseline) ?? null;
}

/** The line with the reading as its last one, and what flowed since counted. */
function extend(line: Line, reading: RegisterReading, { calendar }: MeterContext): Line {
  const wh = reading.wh - line.last.wh;
  const { energyAtLast } = line;
  return {
    ...line,
    last: reading,
    energyAtLast:
      wh === 0 ? energyAtLast : addEnergy(energyAtLast, calendar.spread(wh, line.last.atMs, reading.atMs)),
  };
}

function continueLine(
  account: EnergyAccount,
  index: number,
  reading: RegisterReading,
  context: MeterContext,
): EnergyAccount {
  const line = account.lines[index];
  if (!line) return account;
  const extended = extend(line, reading, context);
  const left = account.lines.filter((_, other) => other !== index);
  const others = index === 0 ? left : left.map((other) => alongside(other, line, reading, context));
  return {
    ...account,
    lines: [extended, ...others],
    previous: index > 0 ? null : reading.wh === line.last.wh ? account.previous : line,
    energyByDay: extended.energyAtLast,
    flags: index === 0 ? account.flags : withFlag(account.flags, 'valueTakenBack'),
  };
}

/** A line that was seen while `from` went on to `to` showed the same energy, not more: so it counts when it is seen again. */
function alongside(other: Line, from: Line, to: RegisterReading, { calendar }: MeterContext): Line {
  const fromMs = from.last.atMs;
  const sinceMs = other.last.atMs - fromMs;
  if (sinceMs < 0 || to.atMs === fromMs) return other;
  const wh = Math.round(((to.wh - from.last.wh) * sinceMs) / (to.atMs - fromMs));
  const part = wh === 0 ? {} : calendar.spread(wh, fromMs, other.last.atMs);
  return { ...other, energyAtLast: addEnergy(from.energyAtLast, part) };
}

/** Further than power could have brought the register: booked all the same, unless the next sample goes back. */
function jump(
  account: EnergyAccount,
  current: Line,
  reading: RegisterReading,
  context: MeterContext,
): EnergyAccount {
  const line = { ...extend(current, reading, context), begunMs: reading.atMs };
  return leaveLine(account, line, 'implausibleJump');
}

function leaveLine(account: EnergyAccount, line: Line, flag: MeterFlag): EnergyAccount {
  return {
    ...account,
    lines: [line, ...account.lines].slice(0, MAX_LINES),
    previous: null,
    energyByDay: line.energyAtLast,
    flags: withFlag(account.flags, flag),
  };
}

/** So low that the register began anew. */
function isRestart({ last }: Line, { wh }: RegisterReading): boolean {
  return wh <= last.wh / 2;
}

function isJitter(current: Line, reading: RegisterReading): boolean {
  const drop = current.last.wh - reading.wh;
  return drop > 0 && drop <= JITTER_WH && !isRestart(current, reading);
}

/** Less than before: the end of a single wrong value, or a register that began anew. */
function goBack(
  account: EnergyAccount,
  current: Line,
  reading: RegisterReading,
  context: MeterContext,
): EnergyAccount {
  const hasRestarted = isRestart(current, reading);
  const { previous } = account;
  if (!hasRestarted && previous && continues(previous, reading, context)) {
    const line = extend(previous, reading, context);
    const flags = withFlag(account.flags, 'valueTakenBack');
    return {
      ...account,
      lines: [line, ...account.lines.slice(1)],
      previous: null,
      energyByDay: line.energyAtLast,
      flags,
    };
  }
  const isFromZero =
    hasRestarted && isPlausible(reading.wh, current.last.atMs, reading.atMs, context.maxPowerW);
  const begun: Line = {
    last: isFromZero ? { wh: 0, atMs: current.last.atMs } : reading,
    energyAtLast: current.energyAtLast,
    begunMs: reading.atMs,
  };
  if (hasRestarted) return leaveLine(account, extend(begun, reading, context), 'registerRestarted');
  // A step back, but no new beginning: it may go on from either, and where both fit the current line holds.
  const lines = [current, begun, ...account.lines.slice(1)].slice(0, MAX_LINES);
  return { ...account, lines, flags: withFlag(account.flags, 'registerWentBack') };
}

/**
 * A sample from before the newest one. On the current line it tells what is counted already; on a line that was left
 * since it tells more of it, and that much is added to whatever came later.
 */
function countLate(account: EnergyAccount, sample: RegisterReading, context: MeterContext): EnergyAccount {
  const wasLeftBefore = (line: Line) =>
    account.lines.some((later) => later.begunMs > line.begunMs && later.begunMs <= sample.atMs);
  const index = account.lines.findIndex(
    (line, at) =>
      at > 0 &&
      sample.wh > line.last.wh &&
      sample.atMs >= line.last.atMs &&
      continues(line, sample, context) &&
      !wasLeftBefore(line),
  );
  const line = account.flags.includes('registerRestarted') ? account.lines[index] : undefined;
  if (!line) return countSetBack(account, sample, context);
  const part = context.calendar.spread(sample.wh - line.last.wh, line.last.atMs, sample.atMs);
  const lines = account.lines.map((one, at) => ({
    ...one,
    last: at === index ? sample : one.last,
    energyAtLast: at <= index ? addEnergy(one.energyAtLast, part) : one.energyAtLast,
  }));
  return { ...account, lines, previous: null, energyByDay: addEnergy(account.energyByDay, part) };
}

/** Older by its timestamp and yet further on: the charger's clock was set back, and the register is what counts. */
function countSetBack(account: EnergyAccount, sample: RegisterReading, context: MeterContext): EnergyAccount {
  const current = account.lines[0];
  if (!current) return account;
  const reading = { wh: sample.wh, atMs: current.last.atMs };
  const isCounted = account.lines.some((line) => line.last.wh >= reading.wh);
  const isFurtherOn = !isCounted && continues(current, reading, context);
  return isFurtherOn ? continueLine(account, 0, reading, context) : account;
}
