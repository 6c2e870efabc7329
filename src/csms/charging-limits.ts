// Charging profiles that kwota sets for a session that runs on: least current for a used-up quota, or the charger's own guard of it.
import type { Session } from '../domain/session.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';
import { fieldsOf } from './meter-log.ts';
import { statusOf, type ChargingProfile, type Remote } from './remote.ts';
import { connectorOf, ownProfileId, type Restorations } from './restorations.ts';

/** IEC 61851: less than this is no charging. */
const LEAST_CURRENT_A = 6;
/** Of one phase; the limit in amperes is meant for each phase. */
const VOLTAGE_V = 230;
/** What gives no more than this has one phase (32 A). */
const MOST_OF_ONE_PHASE_W = 7_500;
/** Above what others may have set for the transaction; some take only the lowest (ABB). */
const STACK_LEVELS = [1, 0] as const;

type Periods = ChargingProfile['chargingSchedule']['chargingSchedulePeriod'];

/** A limit in both units: chargers take one or the other (Huawei only W, many only A). */
interface Limit {
  readonly unit: 'A' | 'W';
  readonly periods: Periods;
}

/** unanswered: it may come to be later, or have come to be. */
export type LimitOutcome = 'taken' | 'refused' | 'unanswered';

/** Nothing was sent, or no answer came: another form would fare no better. */
const UNANSWERED = new Set(['offline', 'cancelled', 'queueFull', 'timeout']);

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

  /** The least current that a car charges with. `maxPowerW`: of the connector; null: not known. */
  throttle(session: Session, maxPowerW: number | null, isWanted: () => boolean): Promise<LimitOutcome> {
    const watts = LEAST_CURRENT_A * VOLTAGE_V * phasesOf(maxPowerW);
    return this.#set(session, 'throttle', isWanted, [
      { unit: 'A', periods: [{ startPeriod: 0, limit: LEAST_CURRENT_A }] },
      { unit: 'W', periods: [{ startPeriod: 0, limit: watts }] },
    ]);
  }

  /** Full power for so long, then none, also when nobody can tell the charger so. */
  guard(session: Session, maxPowerW: number, forS: number, isWanted: () => boolean): Promise<LimitOutcome> {
    const fullA = Math.max(LEAST_CURRENT_A, Math.ceil(maxPowerW / (VOLTAGE_V * phasesOf(maxPowerW))));
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
  ): Promise<LimitOutcome> {
    const { journal, remote, restorations, log } = this.#parts;
    const { chargePointId } = session;
    const connectorId = connectorOf(session, journal.live);
    if (connectorId === null) return 'refused';
    restorations.mark(chargePointId, connectorId, 'profile');
    await journal.durable();
    for (const stackLevel of STACK_LEVELS) {
      for (const limit of limits) {
        const csChargingProfiles = this.#profileOf(session, connectorId, stackLevel, limit);
        const payload = { connectorId, csChargingProfiles };
        const answer = statusOf(await remote.call(chargePointId, 'SetChargingProfile', payload, isWanted));
        log.info('COMMAND', `charging profile (${what})`, {
          ...fieldsOf(session),
          unit: limit.unit,
          stackLevel,
          answer,
        });
        if (answer === 'Accepted') return 'taken';
        if (UNANSWERED.has(answer)) return 'unanswered';
        // It knows no profiles at all: a third and fourth form would be noise.
        if (answer === 'NotImplemented') return 'refused';
      }
    }
    return 'refused';
  }

  #profileOf(
    { transactionId, chargePointId }: Session,
    connectorId: number,
    stackLevel: number,
    { unit, periods }: Limit,
  ): ChargingProfile {
    const { journal, clock } = this.#parts;
    // The charger counts the periods by its own clock, which may be hours off.
    const skewMs = journal.live.chargePoint(chargePointId)?.clockSkewMs ?? 0;
    return {
      chargingProfileId: ownProfileId(connectorId),
      transactionId,
      stackLevel,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Absolute',
      chargingSchedule: {
        startSchedule: new Date(clock.now() + skewMs).toISOString(),
        chargingRateUnit: unit,
        chargingSchedulePeriod: periods,
      },
    };
  }
}

function phasesOf(maxPowerW: number | null): number {
  return maxPowerW !== null && maxPowerW <= MOST_OF_ONE_PHASE_W ? 1 : 3;
}
