// Simulated chargers in number, and the people who come with cards and cars. The same seed makes the same site.
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Car } from './car.ts';
import { ChargePoint } from './charge-point.ts';
import type { Connector } from './connector.ts';
import { ChargerGroup, type ChargerRow, type TellEvent } from './charger-group.ts';
import type { SimulatorEvent } from './event.ts';
import { chargingClock, type ChargingClock } from './pace.ts';
import type { Profile } from './profile.ts';
import { between, seededRandom, type Random } from './random.ts';

const ID_DIGITS = 3;

const MINUTE_MS = 60_000;
/** In charging time, at least and at most: until the first car comes, until the next one does, and how long one stays. */
const FIRST_PAUSE_MS = [1_000, 5_000] as const;
const PAUSE_MS = [MINUTE_MS, 10 * MINUTE_MS] as const;
const STAY_MS = [20 * MINUTE_MS, 90 * MINUTE_MS] as const;
/** One car in so many pauses now and then. */
const PAUSING_CAR_IN = 5;

export interface FleetOptions {
  readonly url: string;
  readonly chargers: number;
  /** In turn. */
  readonly profiles: readonly [Profile, ...Profile[]];
  /** The cards that come, in turn. */
  readonly idTags: readonly [string, ...string[]];
  /** Of every car. */
  readonly powerW: number;
  readonly clock: Clock;
  readonly speed: number;
  readonly seed: number;
  readonly tell: TellEvent;
}

interface Place {
  readonly chargePoint: ChargePoint;
  readonly connector: Connector;
  readonly random: Random;
  cancel: CancelTimer;
}

export class Fleet {
  readonly #options: FleetOptions;
  readonly #charging: ChargingClock;
  readonly #group: ChargerGroup;
  readonly #places = new Map<string, Place>();
  #cards = 0;
  #isOver = false;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#group = new ChargerGroup(options.clock);
    this.#charging = chargingClock(options.clock, options.speed);
    for (let index = 0; index < options.chargers; index += 1) this.#add(index);
  }

  start(): void {
    this.#group.connect();
  }

  /** Ends all sessions and connections, politely as far as the time allows. */
  async end(): Promise<void> {
    this.#isOver = true;
    for (const place of this.#places.values()) place.cancel();
    await this.#group.end();
  }

  report(): readonly ChargerRow[] {
    return this.#group.report();
  }

  #add(index: number): void {
    const { url, profiles, clock, speed, seed, tell } = this.#options;
    const id = `SIM${String(index + 1).padStart(ID_DIGITS, '0')}`;
    const profile = profiles[index % profiles.length] ?? profiles[0];
    const random = seededRandom(seed * 1_000_003 + index);
    const chargePoint = new ChargePoint({
      ...{ id, url, profile, clock, speed, random },
      nextCar: () => this.#nextCar(random),
      tell: (event) => {
        this.#follow(id, event);
        tell(id, event);
      },
    });
    this.#group.add(chargePoint, profile);
    for (const connector of chargePoint.connectors) {
      this.#places.set(placeKey(id, connector.connectorId), {
        chargePoint,
        connector,
        random,
        cancel: () => undefined,
      });
    }
  }

  /** People come when the charger is there for the first time, and when the one before has left or was refused. */
  #follow(id: string, event: SimulatorEvent): void {
    if (event.kind === 'stopped' || event.kind === 'refused') {
      const place = this.#places.get(placeKey(id, event.connectorId));
      if (place !== undefined) this.#plan(place, PAUSE_MS);
    } else if (event.kind === 'connected') {
      for (const place of this.#places.values())
        if (place.chargePoint.id === id && place.chargePoint.tally.connections === 1)
          this.#plan(place, FIRST_PAUSE_MS);
    }
  }

  /** What happens next at a connector: whoever charges leaves, or somebody comes. */
  #plan(place: Place, [least, most]: readonly [number, number]): void {
    place.cancel();
    if (this.#isOver) return;
    const { connector, random } = place;
    place.cancel = this.#charging.after(between(random, least, most), () => {
      if (connector.isCharging) connector.stop('Local', 0);
      else if (connector.isFree) {
        this.#plan(place, STAY_MS);
        connector.authorize(this.#nextIdTag(), this.#nextCar(random));
      } else this.#plan(place, PAUSE_MS);
    });
  }

  #nextIdTag(): string {
    const { idTags } = this.#options;
    this.#cards += 1;
    return idTags[(this.#cards - 1) % idTags.length] ?? idTags[0];
  }

  #nextCar(random: Random): Car {
    return {
      maxPowerW: this.#options.powerW,
      batteryWh: between(random, 40_000, 80_000),
      startsAt: between(random, 10, 60) / 100,
      tapersAbove: 0.8,
      ...(between(random, 1, PAUSING_CAR_IN) === 1
        ? { pauses: { afterMs: 15 * MINUTE_MS, forMs: 5 * MINUTE_MS } }
        : {}),
    };
  }
}

function placeKey(id: string, connectorId: number): string {
  return `${id} ${connectorId}`;
}
