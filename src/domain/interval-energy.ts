// Energy.Active.Import.Interval: what flowed since the last sample, for chargers that tell no register. Summed to one.
import {
  countSample,
  lastReading,
  openAccount,
  withFlag,
  type MeterContext,
  type RegisterReading,
} from './energy-account.ts';
import { bookSample, type Session } from './session.ts';

/** Whether the samples of this session are counted by intervals. */
function countsByInterval({ account }: Session): boolean {
  return account.flags.includes('intervalsSummed');
}

/** Books what flowed until `atMs`, unless the register tells. A sum cannot see a repetition: the caller does. */
export function bookInterval(session: Session, wh: number, atMs: number, context: MeterContext): Session {
  const { account } = session;
  if (account.lines.length > 0 && !countsByInterval(session)) return session;
  const from = lastReading(account) ?? { wh: 0, atMs: session.startedMs };
  const start = account.start ?? from;
  const summed = { ...account, start, flags: withFlag(account.flags, 'intervalsSummed') };
  return bookSample({ ...session, account: summed }, { wh: from.wh + wh, atMs }, context);
}

/** Books a register. It takes the place of intervals where it goes on from meterStart, and is left alone where it does not. */
export function bookRegister(session: Session, sample: RegisterReading, context: MeterContext): Session {
  if (!countsByInterval(session)) return bookSample(session, sample, context);
  if (session.meterStartWh === null) return session;
  const account = openAccount({ wh: session.meterStartWh, atMs: session.startedMs });
  const isContinued = !countSample(account, sample, context).flags.includes('baselineFromSample');
  return isContinued ? bookSample({ ...session, account }, sample, context) : session;
}
