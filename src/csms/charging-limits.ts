// Charging profiles that kwota sets for a session that runs on: least current for a used-up quota, or the charger's own guard of it.
import type { Session } from '../domain/session.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';
import { fieldsOf } from './meter-log.ts';
import { statusOf, type ChargingProfile, type Remote } from './remote.ts';
import { OWN_PROFILE_ID, type Restorations } from './restorations.ts';

/** IEC 61851: less than this is no charging. */
const LEAST_CURRENT_A = 6;
/** Of one phase; the limit in amperes is meant for each phase. */
const VOLTAGE_V = 230;
const PHASES = 3;
const STACK_LEVEL = 1;

type Periods = ChargingProfile['chargingSchedule']['chargingSchedulePeriod'];

/** A limit in both units: chargers take one or the other (Huawei only W, many only A). */
interface Limit {
  readonly unit: 'A' | 'W';
  readonly periods: Periods;
}

export interface ChargingLimitParts {
  readonly journal: Journal;
  readonly remote: Remote;
  readonly restorations: Restorations;
  readonly clock: Clock;
  readonly log: Log;
}

export class ChargingLimits {
  readonly #parts: ChargingLimitParts;

  constructor(parts: ChargingLimitParts) {
    this.#parts = parts;
  }

  /** The least current that a car charges with. Resolves with whether the charger took it. */
  throttle(session: Session, isWanted: () => boolean): Promise<boolean> {
    const watts = LEAST_CURRENT_A * VOLTAGE_V * PHASES;
    return this.#set(session, 'throttle', isWanted, [
      { unit: 'A', periods: [{ startPeriod: 0, limit: LEAST_CURRENT_A }] },
      { unit: 'W', periods: [{ startPeriod: 0, limit: watts }] },
    ]);
  }

  /** Full power for so long, then none, also when nobody can tell the charger so. */
  guard(session: Session, maxPowerW: number, forS: number, isWanted: () => boolean): Promise<boolean> {
    const fullA = Math.max(LEAST_CURRENT_A, Math.ceil(maxPowerW / (VOLTAGE_V * PHASES)));
    const periods = (limit: number): Periods => [
      { startPeriod: 0, limit },
      { startPeriod: Math.max(1, Math.floor(forS)), limit: 0 },
    ];
    return this.#set(session, 'guard', isWanted, [
      { unit: 'W', periods: periods(maxPowerW) },
      { unit: 'A', periods: periods(fullA) },
    ]);
  }

  async #set(
    session: Session,
    what: 'throttle' | 'guard',
    isWanted: () => boolean,
    limits: readonly Limit[],
  ): Promise<boolean> {
    const { journal, remote, restorations, clock, log } = this.#parts;
    const { chargePointId, connectorId } = session;
    restorations.mark(chargePointId, connectorId, 'profile');
    await journal.durable();
    let answer = 'not sent';
    for (const { unit, periods } of limits) {
      const payload = {
        connectorId,
        csChargingProfiles: profileOf(session, unit, periods, clock.now()),
      };
      answer = statusOf(await remote.call(chargePointId, 'SetChargingProfile', payload, isWanted));
      if (answer !== 'Rejected' && answer !== 'NotSupported') break;
    }
    log.info('COMMAND', `charging profile (${what})`, { ...fieldsOf(session), answer });
    return answer === 'Accepted';
  }
}

function profileOf(
  { transactionId }: Session,
  chargingRateUnit: 'A' | 'W',
  chargingSchedulePeriod: Periods,
  nowMs: number,
): ChargingProfile {
  return {
    chargingProfileId: OWN_PROFILE_ID,
    transactionId,
    stackLevel: STACK_LEVEL,
    chargingProfilePurpose: 'TxProfile',
    chargingProfileKind: 'Absolute',
    chargingSchedule: {
      startSchedule: new Date(nowMs).toISOString(),
      chargingRateUnit,
      chargingSchedulePeriod,
    },
  };
}
