// A session of days ago as the messages that its charger sent then: for a site that begins with a history. It sends nothing.
import type { RequestOf } from '../ocpp/v16/messages.ts';
import type { Car } from './car.ts';
import { startStopValue, type Meter } from './meter.ts';
import type { Profile } from './profile.ts';
import { meterValue, timestampOf } from './reading.ts';
import { Session } from './session.ts';

/** From sample to sample; closer ones would make a month of history slow to write. */
const SAMPLE_EVERY_MS = 30 * 60_000;

export interface PastVisit {
  readonly connectorId: number;
  readonly idTag: string;
  readonly car: Car;
  /** When the car came and left; EpochMs. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PastCall {
  readonly atMs: number;
  readonly connectorId: number;
  readonly action: 'StartTransaction' | 'MeterValues' | 'StopTransaction';
  /** For the transaction id that the start is answered with. */
  readonly payload: (transactionId: number) => object;
}

/** The messages in their order; the meter has counted what flowed. */
export function pastSession(profile: Profile, meter: Meter, visit: PastVisit): PastCall[] {
  const { connectorId, idTag, car, fromMs, toMs } = visit;
  const session = new Session({ idTag, car, meter, atMs: fromMs });
  const start: RequestOf<'StartTransaction'> = {
    connectorId,
    idTag,
    meterStart: startStopValue(profile.register, session.startWh),
    timestamp: timestampOf(profile, fromMs),
  };
  const calls: PastCall[] = [{ atMs: fromMs, connectorId, action: 'StartTransaction', payload: () => start }];
  for (let atMs = fromMs + SAMPLE_EVERY_MS; atMs < toMs; atMs += SAMPLE_EVERY_MS) {
    session.flow(atMs, Infinity);
    const measured = { registerWh: meter.shownWh, powerW: session.powerW(Infinity), stateOfCharge: null };
    const measurands = ['Energy.Active.Import.Register', 'Power.Active.Import'] as const;
    const value = meterValue(profile, timestampOf(profile, atMs), 'Sample.Periodic', measurands, measured);
    const payload = (transactionId: number) => ({ connectorId, transactionId, meterValue: [value] });
    calls.push({ atMs, connectorId, action: 'MeterValues', payload });
  }
  session.flow(toMs, Infinity);
  const stop = {
    idTag,
    meterStop: startStopValue(profile.register, meter.shownWh),
    timestamp: timestampOf(profile, toMs),
    reason: 'EVDisconnected',
  } as const;
  const payload = (transactionId: number) => ({ ...stop, transactionId });
  return [...calls, { atMs: toMs, connectorId, action: 'StopTransaction', payload }];
}
