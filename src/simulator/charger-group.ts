// Simulated chargers in number: connected one after the other, ended together, and what each has done. Who charges there is
// the matter of fleet.ts and stage.ts.
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { ChargePoint } from './charge-point.ts';
import type { SimulatorEvent, Tally } from './event.ts';
import type { Profile } from './profile.ts';

/** From one charger's first connection to the next one's; of many, all are there within the time below. */
const CONNECT_EVERY_MS = 100;
const ALL_CONNECT_WITHIN_MS = 10_000;
/** Time for the last messages; closing the connections comes after it. */
const FINISH_WITHIN_MS = 10_000;

export interface ChargerRow {
  readonly id: string;
  readonly profile: string;
  readonly tally: Readonly<Tally>;
}

export type TellEvent = (chargePointId: string, event: SimulatorEvent) => void;

interface Member {
  readonly chargePoint: ChargePoint;
  readonly profile: Profile;
}

export class ChargerGroup {
  readonly #clock: Clock;
  readonly #members: Member[] = [];
  readonly #cancelConnects: CancelTimer[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(chargePoint: ChargePoint, profile: Profile): void {
    this.#members.push({ chargePoint, profile });
  }

  connect(): void {
    const everyMs = Math.min(CONNECT_EVERY_MS, ALL_CONNECT_WITHIN_MS / this.#members.length);
    for (const [index, { chargePoint }] of this.#members.entries())
      this.#cancelConnects.push(this.#clock.after(index * everyMs, () => chargePoint.connect()));
  }

  /** Ends all sessions and connections, politely as far as the time allows. */
  async end(): Promise<void> {
    for (const cancel of this.#cancelConnects) cancel();
    const chargePoints = this.#members.map(({ chargePoint }) => chargePoint);
    const late = Promise.withResolvers<undefined>();
    const cancel = this.#clock.after(FINISH_WITHIN_MS, () => late.resolve(undefined));
    await Promise.race([Promise.all(chargePoints.map((one) => one.finish())), late.promise]);
    cancel();
    await Promise.all(chargePoints.map((one) => one.disconnect()));
  }

  report(): readonly ChargerRow[] {
    return this.#members.map(({ chargePoint: { id, tally }, profile }) => ({
      ...{ id, tally },
      profile: profile.name,
    }));
  }
}
