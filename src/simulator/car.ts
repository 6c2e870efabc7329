// What a car takes while it is plugged in: power over time, as a pure function of how full it is. Knows no charger.

/** Power does not change within one step of the model. */
const STEP_MS = 10_000;
const MS_PER_HOUR = 3_600_000;
/** Of its full power, what a tapering car still takes just before it is full. */
const LAST_POWER = 0.1;

export interface Car {
  readonly maxPowerW: number;
  readonly batteryWh: number;
  /** State of charge when it is plugged in, from 0 to 1. */
  readonly startsAt: number;
  /** State of charge from which it takes less and less; 1 is a car that takes full power to the end. */
  readonly tapersAbove: number;
  /** It charges for so long and then takes nothing for so long, again and again. */
  readonly pauses?: { readonly afterMs: number; readonly forMs: number };
}

/** A car at a charger. Energy is what physics would say: what a meter makes of it is in meter.ts. */
export interface Charge {
  readonly takenWh: number;
  /** Since it was plugged in, in charging time. */
  readonly elapsedMs: number;
}

export const unplugged: Charge = { takenWh: 0, elapsedMs: 0 };

/** What the car takes now when the charger gives all it wants. */
export function wantedPowerW(car: Car, charge: Charge): number {
  const soc = stateOfCharge(car, charge);
  if (soc >= 1 || isPausing(car, charge)) return 0;
  if (soc <= car.tapersAbove) return car.maxPowerW;
  const rest = (1 - soc) / (1 - car.tapersAbove);
  return car.maxPowerW * (LAST_POWER + (1 - LAST_POWER) * rest);
}

/** From 0 to 1. */
export function stateOfCharge(car: Car, charge: Charge): number {
  return Math.min(1, car.startsAt + charge.takenWh / car.batteryWh);
}

/** The charge after `durationMs` more of charging time at no more than `limitW`. */
export function charged(car: Car, charge: Charge, durationMs: number, limitW: number): Charge {
  let { takenWh, elapsedMs } = charge;
  const roomWh = car.batteryWh * (1 - car.startsAt);
  for (let leftMs = durationMs; leftMs > 0; leftMs -= STEP_MS) {
    const stepMs = Math.min(STEP_MS, leftMs);
    const powerW = Math.min(limitW, wantedPowerW(car, { takenWh, elapsedMs }));
    takenWh = Math.min(roomWh, takenWh + (powerW * stepMs) / MS_PER_HOUR);
    elapsedMs += stepMs;
  }
  return { takenWh, elapsedMs };
}

function isPausing({ pauses }: Car, { elapsedMs }: Charge): boolean {
  if (pauses === undefined) return false;
  return elapsedMs % (pauses.afterMs + pauses.forMs) >= pauses.afterMs;
}
