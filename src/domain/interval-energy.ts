// Energy.Active.Import.Interval: what flowed since the last sample, for chargers that tell no register. Summed to one.
import {
  countSample,
  lastReading,
  openAccount,
  withFlag,
  type MeterContext,
  type RegisterReading,
} from './energy-account.ts';
import { bookSample, type Session, type SummedIntervals } from './session.ts';

/** Whether the samples of this session are counted by intervals. */
function countsByInterval({ account }: Session): boolean {
  return account.flags.includes('intervalsSummed');
}

/** What flowed from the sample before until `atMs`. `readingId` is equal for its repetitions. */
export interface Interval {
  readonly milliWh: number;
  readonly atMs: number;
  readonly readingId: number;
}

/** Kept with the session, as a sum cannot see a repetition: a charger repeats what it got no answer for, however late. */
const INTERVALS_REMEMBERED = 256;

const MILLI = 1000;
const NONE_SUMMED = { restMilliWh: 0, ids: [] } as const;

/** Books an interval, once, unless the register tells. */
export function bookInterval(
  session: Session,
  { milliWh, atMs, readingId }: Interval,
  context: MeterContext,
): Session {
  const { account } = session;
  const { restMilliWh, ids }: SummedIntervals = session.intervals ?? NONE_SUMMED;
  if (ids.includes(readingId)) return session;
  if (account.lines.length > 0 && !countsByInterval(session)) return session;
  const from = lastReading(account) ?? { wh: 0, atMs: session.startedMs };
  const start = account.start ?? from;
  const summed = { ...account, start, flags: withFlag(account.flags, 'intervalsSummed') };
  const milli = restMilliWh + milliWh;
  const wh = Math.round(milli / MILLI);
  const intervals = {
    restMilliWh: milli - wh * MILLI,
    ids: [...ids.slice(1 - INTERVALS_REMEMBERED), readingId],
  };
  return bookSample({ ...session, account: summed, intervals }, { wh: from.wh + wh, atMs }, context);
}

/** Books a register. It takes the place of intervals where it goes on from meterStart, and is left alone where it does not. */
export function bookRegister(session: Session, sample: RegisterReading, context: MeterContext): Session {
  if (!countsByInterval(session)) return bookSample(session, sample, context);
  if (session.meterStartWh === null) return session;
  const account = openAccount({ wh: session.meterStartWh, atMs: session.startedMs });
  const isContinued = !countSample(account, sample, context).flags.includes('baselineFromSample');
  return isContinued ? bookSample({ ...session, account }, sample, context) : session;
}
