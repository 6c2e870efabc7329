// Simulated chargers in number, and the people who come with cards and cars. The same seed makes the same site.
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Car } from './car.ts';
import { ChargePoint } from './charge-point.ts';
import type { Connector } from './connector.ts';
import type { SimulatorEvent, Tally } from './event.ts';
import { chargingClock, type ChargingClock } from './pace.ts';
import type { Profile } from './profile.ts';
import { between, seededRandom, type Random } from './random.ts';

/** From one charger's first connection to the next one's. */
const CONNECT_EVERY_MS = 100;
/** Time for the last messages; closing the connections comes after it. */
const FINISH_WITHIN_MS = 2_000;
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
  readonly tell: (chargePointId: string, event: SimulatorEvent) => void;
}

export interface FleetRow {
  readonly id: string;
  readonly profile: string;
  readonly tally: Readonly<Tally>;
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
  readonly #rows: { readonly chargePoint: ChargePoint; readonly profile: Profile }[] = [];
  readonly #places = new Map<string, Place>();
  readonly #cancelConnects: CancelTimer[] = [];
  #cards = 0;
  #isOver = false;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#charging = chargingClock(options.clock, options.speed);
    for (let index = 0; index < options.chargers; index += 1) this.#add(index);
  }

  start(): void {
    for (const [index, { chargePoint }] of this.#rows.entries()) {
      const cancel = this.#options.clock.after(index * CONNECT_EVERY_MS, () => chargePoint.connect());
      this.#cancelConnects.push(cancel);
    }
  }

  /** Ends all sessions and connections, politely as far as the time allows. */
  async end(): Promise<void> {
    this.#isOver = true;
    for (const cancel of this.#cancelConnects) cancel();
    for (const place of this.#places.values()) place.cancel();
    const chargePoints = this.#rows.map(({ chargePoint }) => chargePoint);
    const late = Promise.withResolvers<undefined>();
    const cancel = this.#options.clock.after(FINISH_WITHIN_MS, () => late.resolve(undefined));
    await Promise.race([Promise.all(chargePoints.map((one) => one.finish())), late.promise]);
    cancel();
    await Promise.all(chargePoints.map((one) => one.disconnect()));
  }

  report(): readonly FleetRow[] {
    return this.#rows.map(({ chargePoint: { id, tally }, profile }) => ({
      id,
      profile: profile.name,
      tally,
    }));
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
    this.#rows.push({ chargePoint, profile });
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
