// Any trace that chargers, offline queues, repetitions and power failures can produce: the energy is that of a simple model.
import fc from 'fast-check';
import t from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import { SiteState } from '../domain/site-state.ts';
import { Site } from '../../test/kit/services.ts';

const MONTHS = ['2026-11', '2026-12'] as const;
const TURN_MS = Date.UTC(2026, 11, 1);
const TAGS = ['A', 'B', 'STRANGER'] as const;
const PLACES = [
  { chargePointId: 'CP1', connectorId: 1 },
  { chargePointId: 'CP1', connectorId: 2 },
  { chargePointId: 'CP2', connectorId: 1 },
];
const RUNS = 600;
/** For a slow machine, and for finding the shortest trace when one fails. */
const TIME_LIMIT_MS = 15_000;
const MAX_POWER_W = 22_000;
/** Repetitions come later than that: nobody repeats a message before its answer could have come. */
const LEAST_STEP_S = 11;

/** CP1 has lifetime registers; those of CP2 start at 0 with every session. */
const isRelative = (chargePointId: string) => chargePointId === 'CP2';

interface ModelSession {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly idTag: string;
  transactionId: number;
  state: 'running' | 'nextStart' | 'stopped';
  known: { wh: number; atMs: number };
  whByMonth: [number, number];
  /** Before the next start ended it: its own stop, late, says better what flowed. */
  beforeGap: { known: ModelSession['known']; whByMonth: [number, number] } | null;
}

/** What flowed since the last known value, evenly, on both sides of the turn of the month. */
function book(session: ModelSession, wh: number, atMs: number): void {
  const { known, whByMonth } = session;
  const flowed = wh - known.wh;
  const untilMs = Math.max(atMs, known.atMs);
  const share = (TURN_MS - known.atMs) / Math.max(1, untilMs - known.atMs);
  const before = known.atMs >= TURN_MS ? 0 : untilMs <= TURN_MS ? flowed : Math.round(flowed * share);
  whByMonth[0] += before;
  whByMonth[1] += flowed - before;
  session.known = { wh, atMs: untilMs };
}

type Delivery = () => void;

interface Step {
  readonly kind:
    'start' | 'flow' | 'meter' | 'stop' | 'loseStop' | 'lateStop' | 'repeat' | 'toggle' | 'restart';
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly idTag: (typeof TAGS)[number];
  readonly seconds: number;
  /** 0 to 1: of the greatest power, or of the list to choose from. */
  readonly share: number;
  /** The transaction id is left out where the message can be understood without. */
  readonly isAnonymous: boolean;
  /** The power fails before the message is on disk, so the charger has no answer and sends it again. */
  readonly isInterrupted: boolean;
}

/** The chargers as they are, and what of it their messages have told so far. */
class World {
  readonly site = new Site({
    now: '2026-11-30T20:00:00Z',
    users: [sampleUser('A', { quotaWh: 8000 }), sampleUser('B', { isUnlimited: true })],
  });
  readonly told: ModelSession[] = [];
  readonly #delivered: Delivery[] = [];
  readonly #queues = new Map<string, Delivery[]>();
  readonly #offline = new Set<string>();
  readonly #registers = new Map<string, number>();
  readonly #charging = new Map<string, ModelSession>();
  readonly #lostStops: (() => void)[] = [];

  step(step: Step): void {
    const { chargePointId, connectorId, seconds, share } = step;
    const place = `${chargePointId}/${connectorId}`;
    this.site.clock.advance(seconds * 1000);
    const charging = this.#charging.get(place);
    if (step.kind === 'restart') this.site.restart();
    else if (step.kind === 'toggle') this.#toggle(chargePointId);
    else if (step.kind === 'repeat') this.#delivered[Math.floor(share * this.#delivered.length)]?.();
    else if (step.kind === 'lateStop') this.#lostStops.shift()?.();
    else if (step.kind === 'start') this.#start(step, place);
    else if (!charging) return;
    else if (step.kind === 'flow') {
      const wh = Math.floor((share * MAX_POWER_W * seconds) / 3600);
      this.#registers.set(place, this.#register(place) + wh);
    } else if (step.kind === 'meter') this.#meter(step, place, charging);
    else this.#stop(step, place, charging);
  }

  finish(): void {
    for (const chargePointId of [...this.#offline]) this.#toggle(chargePointId);
  }

  #register(place: string): number {
    return this.#registers.get(place) ?? 0;
  }

  #toggle(chargePointId: string): void {
    if (!this.#offline.delete(chargePointId)) this.#offline.add(chargePointId);
    else for (const delivery of this.#queues.get(chargePointId)?.splice(0) ?? []) delivery();
  }

  /** Now, or when the charger is online again. From then on it may be repeated, which tells nothing new. */
  #send(step: Step, message: () => void, model: () => void): void {
    const { chargePointId, isInterrupted } = step;
    const deliver = () => {
      if (isInterrupted) {
        this.site.store.pause();
        message();
        void this.site.services.journal.durable();
        this.site.restart();
      }
      message();
      // What the charger is answered after: the store in memory has it at once.
      void this.site.services.journal.durable();
      model();
      this.#delivered.push(message);
    };
    if (this.#offline.has(chargePointId)) {
      const queue = this.#queues.get(chargePointId) ?? [];
      this.#queues.set(chargePointId, [...queue, deliver]);
    } else deliver();
  }

  /** Also while another session is open there: its stop is lost, and this start is all there is to end it. */
  #start(step: Step, place: string): void {
    const { chargePointId, connectorId, idTag } = step;
    if (isRelative(chargePointId)) this.#registers.set(place, 0);
    const meterStart = this.#register(place);
    const atMs = this.site.clock.now();
    const timestamp = this.site.timestamp();
    const session: ModelSession = {
      ...{
        chargePointId,
        connectorId,
        idTag,
        transactionId: 0,
        state: 'running',
        whByMonth: [0, 0],
        beforeGap: null,
      },
      known: { wh: meterStart, atMs },
    };
    this.#charging.set(place, session);
    let answered = 0;
    this.#send(
      step,
      () => {
        const id = this.site.start({ chargePointId, connectorId, idTag, meterStart, timestamp });
        if (session.transactionId !== 0) compare('answer to a repetition', id, session.transactionId);
        answered = id;
      },
      () => {
        session.transactionId = answered;
        const isBefore = (other: ModelSession) =>
          other.chargePointId === chargePointId && other.connectorId === connectorId;
        const open = this.told.find((other) => isBefore(other) && other.state === 'running');
        if (open) open.beforeGap = { known: open.known, whByMonth: [...open.whByMonth] };
        if (open && meterStart > open.known.wh) book(open, meterStart, atMs);
        if (open) open.state = 'nextStart';
        this.told.push(session);
      },
    );
  }

  #meter(step: Step, place: string, session: ModelSession): void {
    const { chargePointId, connectorId, isAnonymous } = step;
    const [wh, atMs, timestamp] = [this.#register(place), this.site.clock.now(), this.site.timestamp()];
    this.#send(
      step,
      () => {
        const id = isAnonymous ? null : session.transactionId;
        this.site.meter(id, wh, { chargePointId, connectorId, timestamp });
      },
      () => book(session, wh, atMs),
    );
  }

  #stop(step: Step, place: string, session: ModelSession): void {
    const { chargePointId, isAnonymous } = step;
    const [wh, atMs, timestamp] = [this.#register(place), this.site.clock.now(), this.site.timestamp()];
    this.#charging.delete(place);
    let id: number | null | undefined;
    const send = () =>
      this.#send(
        step,
        () => {
          // Without an id it can be understood where nothing else is running.
          const others = this.told.filter((s) => s.chargePointId === chargePointId && s.state === 'running');
          const isOnly = others.length === 1 && others[0] === session;
          if (id === undefined) id = isAnonymous && isOnly ? null : session.transactionId;
          this.site.stop(id, wh, { chargePointId, timestamp });
        },
        () => {
          if (session.beforeGap) Object.assign(session, session.beforeGap);
          if (wh >= session.known.wh) book(session, wh, atMs);
          session.state = 'stopped';
        },
      );
    if (step.kind === 'loseStop') this.#lostStops.push(send);
    else send();
  }
}

/** Wh by month and tag: what came to nothing is left out. */
function totalsOf(parts: Iterable<readonly [string, string, number]>): Record<string, number> {
  const totals = new Map<string, number>();
  for (const [month, idTag, wh] of parts) {
    totals.set(`${month} ${idTag}`, (totals.get(`${month} ${idTag}`) ?? 0) + wh);
  }
  return Object.fromEntries([...totals].filter(([, wh]) => wh !== 0).sort());
}

function totalsOfState(state: SiteState): Record<string, number> {
  return totalsOf(
    MONTHS.flatMap((month) => [...state.usedInMonth(month)].map(([tag, wh]) => [month, tag, wh] as const)),
  );
}

/** Folded by hand, from the sessions themselves. */
function totalsOfSessions(state: SiteState): Record<string, number> {
  const days = [...state.sessions()].flatMap(({ idTag, energyByDay }) =>
    Object.entries(energyByDay).map(([day, wh]) => [day.slice(0, 7), idTag, wh] as const),
  );
  return totalsOf(days);
}

const anyStep = fc.record({
  place: fc.constantFrom(...PLACES),
  kind: fc.constantFrom(
    ...(['start', 'start', 'flow', 'flow', 'flow', 'meter', 'meter', 'meter', 'stop', 'repeat'] as const),
    ...(['repeat', 'repeat', 'loseStop', 'lateStop', 'toggle', 'restart'] as const),
  ),
  idTag: fc.constantFrom(...TAGS),
  seconds: fc.integer({ min: LEAST_STEP_S, max: 1200 }),
  // Not a double: most of those are next to nothing.
  share: fc.nat(999).map((n) => n / 1000),
  isAnonymous: fc.boolean(),
  isInterrupted: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

const step: fc.Arbitrary<Step> = anyStep.map(({ place, ...rest }) => ({ ...place, ...rest }));

void t.test('whatever is repeated, queued, lost or interrupted, the energy is what flowed', async (t) => {
  let [bookedWh, decemberWh] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 120, size: 'max' }), async (steps) => {
      const world = new World();
      for (const next of steps) world.step(next);
      world.finish();
      const { site, told } = world;
      const expected = totalsOf(
        told.flatMap(({ idTag, whByMonth }) =>
          whByMonth.map((wh, index) => [MONTHS[index] ?? '', idTag, wh] as const),
        ),
      );
      const { journal, durable } = site.services;
      await journal.durable();
      const fromScratch = new SiteState(site.calendar);
      for (const record of site.store.load(0).records) fromScratch.apply(record);
      const states = { live: journal.live, durable, fromScratch };
      for (const [name, state] of Object.entries(states)) {
        compare(`${name}: kept totals`, totalsOfState(state), expected);
        compare(`${name}: folded by hand`, totalsOfSessions(state), expected);
        const running = [...state.runningSessions()].map((s) => s.transactionId).sort((a, b) => a - b);
        const isRunning = told.filter((s) => s.state === 'running').map((s) => s.transactionId);
        compare(
          `${name}: running`,
          running,
          isRunning.sort((a, b) => a - b),
        );
        compare(`${name}: sessions`, [...state.sessions()].length, told.length);
      }
      site.services.enforcer.close();
      bookedWh += Object.values(expected).reduce((sum, wh) => sum + wh, 0);
      decemberWh += TAGS.reduce((sum, tag) => sum + (expected[`2026-12 ${tag}`] ?? 0), 0);
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: TIME_LIMIT_MS },
  );
  t.ok(bookedWh > 0, 'energy flowed');
  t.ok(decemberWh > 0, 'in both months');
});

/** Throws, so that fast-check looks for the shortest trace that does the same. */
function compare(what: string, found: unknown, expected: unknown): void {
  const [is, shouldBe] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== shouldBe) throw new Error(`${what}: ${is} instead of ${shouldBe}`);
}

void t.test('a stop that comes after the next start books to the month in which it flowed', (t) => {
  const site = new Site({ now: '2026-11-30T20:00:00Z' });
  const chargePointId = 'CP2';
  const id = site.start({ chargePointId });
  site.clock.advance(600_000);
  const timestamp = site.timestamp();
  site.clock.advance(24 * 3_600_000);
  site.start({ chargePointId, idTag: 'B' });
  site.stop(id, 500, { chargePointId, timestamp });
  const { live } = site.services.journal;
  t.equal(live.usedWh('2026-11', 'A'), 500, 'not when the register was next heard of, at 0 again');
  t.equal(live.usedWh('2026-12', 'A'), 0);
  t.end();
});
