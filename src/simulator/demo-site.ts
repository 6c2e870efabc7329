// The chargers of the demo and what happens there: a past of some weeks, then visits that begin at once and go on.
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Car } from './car.ts';
import { ChargePoint } from './charge-point.ts';
import { demoUsers, UNKNOWN_CARD } from './demo-users.ts';
import type { SimulatorEvent } from './event.ts';
import { Meter } from './meter.ts';
import { pastSession, type PastCall } from './past-session.ts';
import type { Profile } from './profile.ts';
import { generic } from './profiles/generic.ts';
import { livoltek } from './profiles/livoltek.ts';
import { schneiderEvlink } from './profiles/schneider-evlink.ts';
import { between, seededRandom, type Random } from './random.ts';

const SEED = 7;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Nobody is there in the minutes before the demo begins. */
const PAST_ENDS_MS = HOUR_MS / 3;
const PAST_STAY_MS = [HOUR_MS, 4 * HOUR_MS] as const;
const PAST_PAUSE_MS = [6 * HOUR_MS, 48 * HOUR_MS] as const;
/** From the end of one visit to the next: long enough to see it free, short enough to wait for. */
const PAUSE_MS = [20 * SECOND_MS, 60 * SECOND_MS] as const;
const STAY_MS = [90 * SECOND_MS, 300 * SECOND_MS] as const;
/** One charger's line is bad: it is lost so long after it was there, and comes back by itself. */
const LINE_HOLDS_MS = [40 * SECOND_MS, 90 * SECOND_MS] as const;
/** Fast enough to see numbers move. */
const SAMPLE_EVERY_S = '5';
const FINISH_WITHIN_MS = 1_500;

interface Place {
  readonly id: string;
  readonly profile: Profile;
  readonly hasBadLine?: true;
  /** A connector that is out of order. */
  readonly faultyConnector?: number;
}

const places: readonly Place[] = [
  { id: 'GARAGE_01', profile: quickly(generic) },
  { id: 'GARAGE_02', profile: quickly(generic), faultyConnector: 2 },
  { id: 'YARD_01', profile: quickly(livoltek) },
  { id: 'YARD_02', profile: quickly(schneiderEvlink) },
  { id: 'GATE_01', profile: quickly(schneiderEvlink) },
  { id: 'GATE_02', profile: { ...quickly(generic), connectors: 1 }, hasBadLine: true },
];

/** Who comes first, and when after his charger is there: asked before, it could only say no; the second of them uses up his quota while one looks on. */
const firstVisits: readonly (readonly [
  id: string,
  connectorId: number,
  idTag: string,
  kW: number,
  afterMs: number,
])[] = [
  ['GARAGE_01', 1, '04A1B2C301', 22, 0],
  ['GARAGE_01', 2, '04A1B2C302', 22, 50],
  ['GARAGE_02', 1, '04A1B2C303', 11, 100],
  ['YARD_01', 1, '04A1B2C304', 7.4, 150],
  ['YARD_02', 1, '04A1B2C305', 11, 200],
  ['GATE_01', 1, '04A1B2C307', 11, 3_000],
  ['GATE_02', 1, UNKNOWN_CARD, 11, 5_000],
];

function quickly(profile: Profile): Profile {
  const { samples } = profile;
  const { MeterValueSampleInterval } = profile.configuration;
  const sampleInterval = { ...MeterValueSampleInterval, value: SAMPLE_EVERY_S };
  return {
    ...profile,
    // A power ten times too large is true of one brand, and would be wondered at by everybody who looks.
    samples: { ...samples, powerFactor: 1 },
    configuration: { ...profile.configuration, MeterValueSampleInterval: sampleInterval },
  };
}

export interface DemoMessage extends PastCall {
  readonly chargePointId: string;
}

export interface DemoSiteOptions {
  readonly clock: Clock;
  readonly tell: (chargePointId: string, event: SimulatorEvent) => void;
}

export class DemoSite {
  readonly #options: DemoSiteOptions;
  readonly #random = seededRandom(SEED);
  readonly #meters = new Map<string, Meter>();
  readonly #chargePoints = new Map<string, ChargePoint>();
  readonly #timers = new Map<string, CancelTimer>();
  /** Chargers that have been there. */
  readonly #opened = new Set<string>();
  #isOver = false;

  constructor(options: DemoSiteOptions) {
    this.#options = options;
    for (const { id, profile } of places) {
      for (let connectorId = 1; connectorId <= profile.connectors; connectorId += 1) {
        const installedWh = between(this.#random, 400_000, 3_000_000);
        this.#meters.set(placeKey(id, connectorId), new Meter(profile.register, installedWh));
      }
    }
  }

  /** What the chargers said from `fromMs` until shortly before `nowMs`, in the order of time. */
  past(fromMs: number, nowMs: number): DemoMessage[] {
    const random = this.#random;
    const welcome = demoUsers.flatMap(({ idTag, visits }) => Array<string>(visits).fill(idTag));
    const messages: DemoMessage[] = [];
    for (const { id, profile } of places) {
      for (let connectorId = 1; connectorId <= profile.connectors; connectorId += 1) {
        const meter = this.#meterOf(id, connectorId);
        let atMs = fromMs + between(random, 0, DAY_MS);
        for (;;) {
          const toMs = atMs + between(random, ...PAST_STAY_MS);
          if (toMs > nowMs - PAST_ENDS_MS) break;
          const idTag = welcome[between(random, 0, welcome.length - 1)] ?? '';
          const visit = { connectorId, idTag, car: carOf(random, 1_000 * between(random, 4, 11)) };
          const calls = pastSession(profile, meter, { ...visit, fromMs: atMs, toMs });
          messages.push(...calls.map((call) => ({ ...call, chargePointId: id })));
          atMs = toMs + between(random, ...PAST_PAUSE_MS);
        }
      }
    }
    return messages.sort((a, b) => a.atMs - b.atMs);
  }

  /** The chargers connect to `url`, and people come. */
  start(url: string): void {
    const { clock } = this.#options;
    for (const place of places) {
      const { id, profile, faultyConnector } = place;
      const chargePoint = new ChargePoint({
        ...{ id, url, profile, clock, speed: 1, random: this.#random },
        installedWh: (connectorId) => this.#meterOf(id, connectorId).shownWh,
        nextCar: () => carOf(this.#random, 11_000),
        tell: (event) => this.#follow(place, event),
      });
      this.#chargePoints.set(id, chargePoint);
      if (faultyConnector !== undefined) chargePoint.connectors[faultyConnector - 1]?.fault('GroundFailure');
      chargePoint.connect();
    }
  }

  #firstVisits(at: string): void {
    for (const [id, connectorId, idTag, kW, afterMs] of firstVisits)
      if (id === at)
        this.#plan(placeKey(id, connectorId), afterMs, () => this.#visit(id, connectorId, idTag, kW * 1_000));
  }

  /** Ends all sessions and connections, politely as far as the time allows. */
  async end(): Promise<void> {
    this.#isOver = true;
    for (const cancel of this.#timers.values()) cancel();
    const chargePoints = [...this.#chargePoints.values()];
    const late = Promise.withResolvers<undefined>();
    const cancel = this.#options.clock.after(FINISH_WITHIN_MS, () => late.resolve(undefined));
    await Promise.race([Promise.all(chargePoints.map((one) => one.finish())), late.promise]);
    cancel();
    await Promise.all(chargePoints.map((one) => one.disconnect()));
  }

  #follow({ id, hasBadLine }: Place, event: SimulatorEvent): void {
    this.#options.tell(id, event);
    const chargePoint = this.#chargePoints.get(id);
    if (event.kind === 'stopped' || event.kind === 'refused') {
      const { connectorId } = event;
      this.#plan(placeKey(id, connectorId), between(this.#random, ...PAUSE_MS), () => {
        const idTag = this.#nextCard();
        this.#visit(id, connectorId, idTag, 1_000 * between(this.#random, 7, 22));
      });
    } else if (event.kind === 'connected') {
      if (!this.#opened.has(id)) this.#firstVisits(id);
      this.#opened.add(id);
      if (hasBadLine)
        this.#plan(id, between(this.#random, ...LINE_HOLDS_MS), () => chargePoint?.loseConnection());
    }
  }

  #visit(id: string, connectorId: number, idTag: string, powerW: number): void {
    const connector = this.#chargePoints.get(id)?.connectors[connectorId - 1];
    connector?.authorize(idTag, carOf(this.#random, powerW));
    this.#plan(placeKey(id, connectorId), between(this.#random, ...STAY_MS), () =>
      connector?.stop('Local', 0),
    );
  }

  /** Anybody, now and then also who may not. */
  #nextCard(): string {
    const cards = [...demoUsers.map(({ idTag }) => idTag), UNKNOWN_CARD];
    return cards[between(this.#random, 0, cards.length - 1)] ?? UNKNOWN_CARD;
  }

  #plan(key: string, afterMs: number, act: () => void): void {
    this.#timers.get(key)?.();
    if (!this.#isOver) this.#timers.set(key, this.#options.clock.after(afterMs, act));
  }

  #meterOf(id: string, connectorId: number): Meter {
    const meter = this.#meters.get(placeKey(id, connectorId));
    if (meter === undefined) throw new Error(`no meter at ${id} ${connectorId}`);
    return meter;
  }
}

function placeKey(id: string, connectorId: number): string {
  return `${id} ${connectorId}`;
}

function carOf(random: Random, maxPowerW: number): Car {
  const startsAt = between(random, 10, 50) / 100;
  const car = { maxPowerW, batteryWh: between(random, 40_000, 80_000), startsAt, tapersAbove: 0.8 };
  const isPausing = between(random, 1, 4) === 1;
  return isPausing ? { ...car, pauses: { afterMs: 60 * SECOND_MS, forMs: 30 * SECOND_MS } } : car;
}
