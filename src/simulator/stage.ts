// A scenario as it happens: its chargers, and each step at its moment. The same scenario and seed give the same play.
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import { ChargePoint } from './charge-point.ts';
import { ChargerGroup, type ChargerRow, type TellEvent } from './charger-group.ts';
import { chargingClock } from './pace.ts';
import { between, seededRandom, type Random } from './random.ts';
import type { Scenario, Step } from './scenario.ts';

/** The play begins when all chargers are there; those that are not by then miss what was meant for them. */
const WAIT_FOR_CHARGERS_MS = 30_000;

/** Whoever is started from afar at a scenario's charger. */
const USUAL_CAR = { maxPowerW: 11_000, batteryWh: 60_000, startsAt: 0.2, tapersAbove: 0.8 };

export interface StageOptions {
  readonly url: string;
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly speed: number;
  readonly seed: number;
  readonly tell: TellEvent;
}

export class Stage {
  readonly #options: StageOptions;
  readonly #group: ChargerGroup;
  readonly #chargePoints = new Map<string, ChargePoint>();
  readonly #timers: CancelTimer[] = [];
  readonly #random: Random;
  readonly #missing: Set<string>;
  readonly #over = Promise.withResolvers<undefined>();
  #hasBegun = false;

  constructor(options: StageOptions) {
    const { url, scenario, clock, speed, seed, tell } = options;
    this.#missing = new Set(scenario.chargers.map(({ id }) => id));
    this.#options = options;
    this.#group = new ChargerGroup(clock);
    this.#random = seededRandom(seed);
    for (const [index, { id, profile }] of scenario.chargers.entries()) {
      const random = seededRandom(seed * 1_000_003 + index);
      const chargePoint = new ChargePoint({
        ...{ id, url, profile, clock, speed, random },
        nextCar: () => USUAL_CAR,
        tell: (event) => {
          tell(id, event);
          if (event.kind === 'connected') this.#arrived(id);
        },
      });
      this.#chargePoints.set(id, chargePoint);
      this.#group.add(chargePoint, profile);
    }
  }

  start(): void {
    this.#group.connect();
    this.#timers.push(this.#options.clock.after(WAIT_FOR_CHARGERS_MS, () => this.#begin()));
  }

  /** Resolves when the scenario has come to its end; where it has none, never. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  async end(): Promise<void> {
    for (const cancel of this.#timers) cancel();
    await this.#group.end();
  }

  report(): readonly ChargerRow[] {
    return this.#group.report();
  }

  #arrived(id: string): void {
    this.#missing.delete(id);
    if (this.#missing.size === 0) this.#begin();
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { clock, speed, scenario } = this.#options;
    const { steps, endsAfterMs } = scenario;
    const charging = chargingClock(clock, speed);
    if (endsAfterMs !== null)
      this.#timers.push(charging.after(endsAfterMs, () => this.#over.resolve(undefined)));
    for (const step of steps)
      for (let time = 0; time < step.times; time += 1)
        for (const id of step.chargerIds) {
          const atMs = step.atMs + time * step.everyMs + between(this.#random, 0, step.withinMs);
          this.#timers.push(charging.after(atMs, () => this.#do(step, id)));
        }
  }

  #do(step: Step, id: string): void {
    const chargePoint = this.#chargePoints.get(id);
    const connector = chargePoint?.connectors.find((one) => one.connectorId === step.connectorId);
    if (!chargePoint || !connector) return;
    const { action } = step;
    switch (action.kind) {
      case 'tap':
        connector.tap(cardOf(step, id, action.idTags), action.car);
        break;
      case 'unplug':
        connector.stop('EVDisconnected', 0);
        break;
      case 'fault':
        connector.fault(action.errorCode);
        break;
      case 'repair':
        connector.fault('NoError');
        break;
      case 'cutLine':
        chargePoint.cutLine(action.forMs / this.#options.speed);
        break;
      case 'losePower':
        chargePoint.losePower();
    }
  }
}

/** A card of its own for each charger, as far as there are enough. */
function cardOf({ chargerIds }: Step, id: string, idTags: readonly [string, ...string[]]): string {
  return idTags[chargerIds.indexOf(id) % idTags.length] ?? idTags[0];
}
