// The charging profiles that a charger was given, as far as they matter here: the limit of their first period. Schedules are not followed.
import type { RequestOf } from '../ocpp/v16/messages.ts';

type ChargingProfile = RequestOf<'SetChargingProfile'>['csChargingProfiles'];

const VOLTS = 230;
const PHASES = 3;

interface Limit {
  /** 0 is all connectors. */
  readonly connectorId: number;
  readonly purpose: ChargingProfile['chargingProfilePurpose'];
  readonly stackLevel: number;
  readonly limitW: number;
}

/** In W; a limit in A is taken for three phases unless it says another number. */
export function limitWOf({ chargingSchedule }: ChargingProfile): number {
  const period = chargingSchedule.chargingSchedulePeriod[0];
  if (period === undefined) return Infinity;
  if (chargingSchedule.chargingRateUnit === 'W') return period.limit;
  return period.limit * VOLTS * (period.numberPhases ?? PHASES);
}

export class ChargingLimits {
  /** By chargingProfileId. */
  readonly #limits = new Map<number, Limit>();

  set(connectorId: number, profile: ChargingProfile): void {
    const { chargingProfileId, chargingProfilePurpose: purpose, stackLevel } = profile;
    // One profile for a purpose and stack level: a second replaces it (OCPP 1.6 §3.13.2).
    this.#remove(
      (one) => one.connectorId === connectorId && one.purpose === purpose && one.stackLevel === stackLevel,
    );
    this.#limits.set(chargingProfileId, { connectorId, purpose, stackLevel, limitW: limitWOf(profile) });
  }

  /** False when there is nothing to clear. */
  clear(asked: RequestOf<'ClearChargingProfile'>): boolean {
    if (asked.id !== undefined) return this.#limits.delete(asked.id);
    return this.#remove(
      (one) =>
        (asked.connectorId === undefined || one.connectorId === asked.connectorId) &&
        (asked.chargingProfilePurpose === undefined || one.purpose === asked.chargingProfilePurpose) &&
        (asked.stackLevel === undefined || one.stackLevel === asked.stackLevel),
    );
  }

  /** A TxProfile ends with its transaction. */
  transactionEnded(connectorId: number): void {
    this.#remove((one) => one.connectorId === connectorId && one.purpose === 'TxProfile');
  }

  /** In W, Infinity when nothing limits the connector. */
  limitW(connectorId: number): number {
    const here = [...this.#limits.values()].filter((one) => [0, connectorId].includes(one.connectorId));
    const ofTransaction = highest(here, 'TxProfile') ?? highest(here, 'TxDefaultProfile') ?? Infinity;
    return Math.min(ofTransaction, highest(here, 'ChargePointMaxProfile') ?? Infinity);
  }

  #remove(isMeant: (limit: Limit) => boolean): boolean {
    const meant = [...this.#limits].filter(([, limit]) => isMeant(limit));
    for (const [id] of meant) this.#limits.delete(id);
    return meant.length > 0;
  }
}

/** The limit of the profile that counts among those of one purpose: the one with the highest stack level. */
function highest(limits: readonly Limit[], purpose: Limit['purpose']): number | undefined {
  const stack = limits.filter((one) => one.purpose === purpose).sort((a, b) => b.stackLevel - a.stackLevel);
  return stack[0]?.limitW;
}
