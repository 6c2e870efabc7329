// One session at a connector: who charges, what car, how much has flowed, what limits it. It sends nothing.
import type { RequestOf } from '../ocpp/v16/messages.ts';
import { charged, stateOfCharge, unplugged, wantedPowerW, type Car, type Charge } from './car.ts';
import type { Meter } from './meter.ts';

export type StopTransactionReason = NonNullable<RequestOf<'StopTransaction'>['reason']>;

export interface SessionOptions {
  readonly idTag: string;
  readonly car: Car;
  readonly meter: Meter;
  /** When it begins, by the charging clock. */
  readonly atMs: number;
}

export class Session {
  readonly idTag: string;
  /** What meterStart said when it began, in Wh. */
  readonly startWh: number;
  /** Null until the StartTransaction is answered. */
  transactionId: number | null = null;
  readonly #car: Car;
  readonly #meter: Meter;
  #charge: Charge = unplugged;
  #seenMs: number;

  constructor({ idTag, car, meter, atMs }: SessionOptions) {
    meter.beginSession();
    this.idTag = idTag;
    this.startWh = meter.startStopWh;
    this.#car = car;
    this.#meter = meter;
    this.#seenMs = atMs;
  }

  /** Lets flow what has flowed until `atMs` of the charging clock, at no more than `limitW`. */
  flow(atMs: number, limitW: number): void {
    const before = this.#charge.takenWh;
    this.#charge = charged(this.#car, this.#charge, atMs - this.#seenMs, limitW);
    this.#seenMs = atMs;
    this.#meter.add(this.#charge.takenWh - before);
  }

  /** What flows now. */
  powerW(limitW: number): number {
    return Math.min(limitW, wantedPowerW(this.#car, this.#charge));
  }

  /** From 0 to 1. */
  get stateOfCharge(): number {
    return stateOfCharge(this.#car, this.#charge);
  }

  status(limitW: number): 'Charging' | 'SuspendedEV' | 'SuspendedEVSE' {
    if (limitW <= 0) return 'SuspendedEVSE';
    return this.powerW(limitW) > 0 ? 'Charging' : 'SuspendedEV';
  }
}
