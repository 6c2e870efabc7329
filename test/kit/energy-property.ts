// The promise of the whole engine as a property: however messages are repeated, delayed, reordered and interrupted, each Wh
// that chargers told of is booked once, on its card and in its month. For fast-check; the suite is test/properties/.
import fc from 'fast-check';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import type { SiteState } from '../../src/domain/site-state.ts';
import { createMemoryCrashStore, createSqliteCrashStore } from './crash-store.ts';
import { configOf, EngineSite } from './engine-site.ts';
import { CHARGER_SETTINGS, KINDS, type Style } from './model-charger.ts';
import { energyOf } from './model-session.ts';
import type { Action, Message, Step } from './model-step.ts';
import { ModelWorld } from './model-world.ts';

const MONTHS = ['2026-11', '2026-12'] as const;
/** A and B share one quota, LOCKED may not charge and does, STRANGER is in no file. */
const TAGS = ['A', 'B', 'RICH', 'LOCKED', 'STRANGER'];
const ZONE = 'Europe/Istanbul';
const TURN_MS = Date.parse('2026-12-01T00:00:00+03:00');
/** So that most runs live through the turn of the month. */
const BEGIN = '2026-11-30T19:00:00+03:00';
const ONE_RUN_ON_DISK_IN = 50;

const CONFIG = configOf(`chargers: {settings: {${CHARGER_SETTINGS}}}`, ZONE);
const USERS = [
  sampleUser('A', { account: 'flat 1' }),
  sampleUser('B', { account: 'flat 1' }),
  sampleUser('RICH', { isUnlimited: true }),
  sampleUser('LOCKED', { isBlocked: true }),
];

/** What goes wrong around one message. */
interface Trouble {
  readonly kind:
    | 'none'
    | 'twice'
    | 'answerLost'
    | 'crashBeforeCommit'
    | 'crashInCommit'
    | 'crashAfterAnswer'
    | 'reconnect';
  /** A repetition has the message id of the first time. */
  readonly keepsId: boolean;
  readonly wrap: 'plain' | 'bom' | 'nul' | 'blanks' | 'behindHeartbeat';
  /** Which earlier message comes again after it. */
  readonly repeated: number | null;
}

export interface Trace {
  /** Indexes of KINDS: the connectors that take part. */
  readonly places: readonly number[];
  readonly steps: readonly Step[];
  /** One for each message, in turn. */
  readonly troubles: readonly Trouble[];
  readonly isOnDisk: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  bucket: fc.constantFrom(...(['plain', 'plain', 'tagged', 'phases', 'contexts', 'crowded'] as const)),
  id: fc.constantFrom(...(['named', 'named', 'named', 'text', 'none', 'zero', 'minus'] as const)),
  isTextual: fc.boolean(),
});

const action = fc.constantFrom<Action[]>(
  ...(['start', 'start', 'start', 'sample', 'sample', 'sample', 'sample', 'sample', 'sample'] as const),
  ...(['stop', 'stop', 'startWhileOpen', 'loseStop', 'holdStop', 'releaseStop', 'sampleAfterStop'] as const),
  ...(['boot', 'comeBackNewestFirst'] as const),
  ...(['resetRegister', 'goOffline', 'goOffline', 'comeBack', 'comeBackNewestFirst'] as const),
);

const step: fc.Arbitrary<Step> = fc.record({
  place: fc.nat(2),
  action,
  idTag: fc.constantFrom(...TAGS),
  seconds: fc.oneof(fc.integer({ min: 15, max: 120 }), fc.integer({ min: 15, max: 3600 })),
  power: fc.integer({ min: 0, max: 100 }),
  style,
  hasData: fc.boolean(),
});

const trouble: fc.Arbitrary<Trouble> = fc.record({
  kind: fc.constantFrom<Trouble['kind'][]>(
    ...(['none', 'none', 'none', 'none', 'none', 'none', 'twice', 'answerLost', 'reconnect'] as const),
    ...(['crashBeforeCommit', 'crashInCommit', 'crashAfterAnswer'] as const),
  ),
  keepsId: fc.boolean(),
  wrap: fc.constantFrom<Trouble['wrap'][]>(
    'plain',
    'plain',
    'plain',
    'bom',
    'nul',
    'blanks',
    'behindHeartbeat',
  ),
  repeated: fc.option(fc.nat(999), { freq: 2, nil: null }),
});

export const anyTrace: fc.Arbitrary<Trace> = fc.record({
  places: fc.uniqueArray(fc.nat(KINDS.length - 1), { minLength: 1, maxLength: 3 }),
  steps: fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
  troubles: fc.array(trouble, { minLength: 1, maxLength: 40, size: 'max' }),
  // Without bias: fast-check likes small numbers more than others.
  isOnDisk: fc.noBias(fc.nat(ONE_RUN_ON_DISK_IN - 1)).map((number) => number === ONE_RUN_ON_DISK_IN - 1),
});

/** What a good number of runs must have met, or the property says little. */
export const INTERESTING: readonly string[] = [
  ...[
    'runsOnDisk',
    'sessionsOverTheTurn',
    'wh:2026-11',
    'wh:2026-12',
    'wh:denied',
    'start',
    'startWhileOpen',
  ],
  ...[
    'stop',
    'stopLost',
    'stopHeld',
    'stopAfterNextStart',
    'stopWithoutId',
    'transactionData',
    'reset',
    'boot',
  ],
  ...[
    'sampleAfterStop',
    'sampleForgotten',
    'offline',
    'queueDelivered',
    'newestFirst',
    'repeatedLater',
    'twice',
  ],
  ...['answerLost', 'reconnect', 'crashBeforeCommit', 'crashInCommit', 'crashAfterAnswer'],
  ...['id:named', 'id:text', 'id:none', 'id:zero', 'id:minus'],
  ...['bucket:plain', 'bucket:tagged', 'bucket:phases', 'bucket:contexts', 'bucket:crowded'],
  ...['wrap:bom', 'wrap:nul', 'wrap:blanks', 'wrap:behindHeartbeat'],
];

/** How often each thing happened. */
export type Tally = Map<string, number>;

function count(tally: Tally, what: string, by = 1): void {
  tally.set(what, (tally.get(what) ?? 0) + by);
}

function wrapped(text: string, wrap: Trouble['wrap']): string {
  switch (wrap) {
    case 'plain':
      return text;
    case 'bom':
      return `\ufeff${text}`;
    case 'nul':
      return `${text}\0`;
    case 'blanks':
      return ` \r\n${text}\r\n`;
    case 'behindHeartbeat':
      return `[2,"h","Heartbeat",{}]${text}`;
  }
}

/** A message that has left once: it can only be repeated. */
interface Said {
  readonly message: Message;
  readonly payload: object;
  readonly id: string;
}

/** One life of a site and its chargers. */
class Run {
  readonly #trace: Trace;
  readonly #tally: Tally;
  readonly #site: EngineSite;
  readonly #world: ModelWorld;
  readonly #said: Said[] = [];
  #messages = 0;

  constructor(trace: Trace, tally: Tally) {
    this.#trace = trace;
    this.#tally = tally;
    const store = trace.isOnDisk ? createSqliteCrashStore() : createMemoryCrashStore();
    this.#site = new EngineSite({ now: BEGIN, config: CONFIG, users: USERS, store });
    this.#world = new ModelWorld(trace.places, this.#site.clock.now());
  }

  async live(): Promise<void> {
    try {
      for (const step of this.#trace.steps) {
        this.#site.clock.advance(step.seconds * 1000);
        this.#world.take(step, this.#site.clock.now());
        await this.#deliverAll();
      }
      this.#world.settle();
      await this.#deliverAll();
      this.#compare();
      await this.#site.crash();
      this.#compare();
      this.#count();
    } finally {
      await this.#site.close();
    }
  }

  async #deliverAll(): Promise<void> {
    for (const [chargePointId, queue] of this.#world.queues) {
      if (this.#world.isOffline(chargePointId)) continue;
      for (const message of queue.splice(0)) await this.#deliver(message);
    }
  }

  async #deliver(message: Message): Promise<void> {
    const { troubles } = this.#trace;
    const trouble = troubles[this.#messages % troubles.length]!;
    this.#messages += 1;
    const { chargePointId } = message;
    const said = { message, payload: message.payload(false), id: String(this.#messages) };
    const { kind } = trouble;
    if (kind !== 'none') count(this.#tally, kind);
    if (trouble.wrap !== 'plain') count(this.#tally, `wrap:${trouble.wrap}`);
    if (kind === 'reconnect') this.#site.connect(chargePointId);
    if (kind === 'crashBeforeCommit' || kind === 'crashInCommit') {
      if (kind === 'crashBeforeCommit') this.#site.loseCommits();
      this.#site.hear(chargePointId, this.#textOf(said, trouble));
      // Handed to the store, which may have it or not when the server dies.
      if (kind === 'crashInCommit') void this.#site.engine.services.journal.durable();
      await this.#site.crash();
    }
    if (kind === 'answerLost') {
      await this.#site.say(chargePointId, this.#textOf(said, trouble));
      this.#site.connect(chargePointId);
    }
    await this.#say(said, trouble);
    if (kind === 'twice') await this.#say(said, trouble);
    if (kind === 'crashAfterAnswer') await this.#site.crash();
    message.left();
    if (message.isRepeatable) this.#said.push(said);
    await this.#repeat(trouble);
  }

  /** Some message of some time ago comes once more: a charger that missed its answer, or empties its queue twice. */
  async #repeat(trouble: Trouble): Promise<void> {
    const { repeated } = trouble;
    const again = repeated === null ? undefined : this.#said[repeated % this.#said.length];
    if (!again || this.#world.isOffline(again.message.chargePointId)) return;
    count(this.#tally, 'repeatedLater');
    await this.#say(again, trouble);
  }

  async #say(said: Said, trouble: Trouble): Promise<void> {
    const { message } = said;
    const answers = await this.#site.say(message.chargePointId, this.#textOf(said, trouble));
    count(this.#tally, 'answers', answers.length);
    const [type, , payload] = JSON.parse(answers.at(-1)!) as [number, string, { transactionId?: number }];
    if (type !== 3) throw new Error(`refused: ${answers.at(-1)}`);
    const { session } = message;
    if (message.action !== 'StartTransaction' || !session) return;
    const id = payload.transactionId!;
    if (session.transactionId !== 0) compare('answer to a repetition', id, session.transactionId);
    session.transactionId = id;
  }

  #textOf({ message, payload, id }: Said, { keepsId, wrap }: Trouble): string {
    const messageId = keepsId ? id : `${id}-${this.#tally.get('answers') ?? 0}`;
    return wrapped(JSON.stringify([2, messageId, message.action, payload]), wrap);
  }

  #expected(): Record<string, number> {
    const totals: Record<string, number> = {};
    for (const session of this.#world.sessions) {
      for (const [index, wh] of energyOf(session, TURN_MS).entries()) {
        const key = `${MONTHS[index]!} ${session.idTag}`;
        totals[key] = (totals[key] ?? 0) + wh;
      }
    }
    return totals;
  }

  #compare(): void {
    const expected = sorted(this.#expected());
    const { services, calendar } = this.#site.engine;
    const { live } = services.journal;
    const sum = (record: Record<string, number>) => Object.values(record).reduce((all, wh) => all + wh, 0);
    for (const [name, state] of Object.entries({ live, durable: services.durable })) {
      compare(`${name}: kept totals`, keptTotals(state), expected);
      compare(
        `${name}: folded by hand`,
        foldedTotals(state, (day) => calendar.monthOf(day)),
        expected,
      );
      compare(`${name}: sessions`, [...state.sessions()].length, this.#world.sessions.length);
      const running = [...state.runningSessions()].map((session) => session.transactionId);
      compare(`${name}: running`, running.sort(), this.#world.runningIds().sort());
      const chargers = new Set(KINDS.map((kind) => kind.chargePointId));
      const delivered = [...chargers].reduce((all, id) => all + state.deliveredWh(id), 0);
      compare(`${name}: delivered`, delivered, sum(expected));
    }
  }

  #count(): void {
    const tally = this.#tally;
    count(tally, 'runs');
    if (this.#trace.isOnDisk) count(tally, 'runsOnDisk');
    count(tally, 'sessions', this.#world.sessions.length);
    count(tally, 'messages', this.#messages);
    for (const [what, times] of this.#world.happened) count(tally, what, times);
    for (const session of this.#world.sessions) {
      const [before, after] = energyOf(session, TURN_MS);
      if (before > 0 && after > 0) count(tally, 'sessionsOverTheTurn');
      count(tally, 'wh:2026-11', before);
      count(tally, 'wh:2026-12', after);
      if (session.idTag === 'STRANGER' || session.idTag === 'LOCKED')
        count(tally, 'wh:denied', before + after);
    }
  }
}

/** Lives through a trace and throws where the engine and the model differ. */
export async function checkTrace(trace: Trace, tally: Tally): Promise<void> {
  await new Run(trace, tally).live();
}

/** What differed, seed, path and the shortest trace; null when nothing failed. */
export function failureOf(result: fc.RunDetails<[Trace]>): string | null {
  if (!result.failed) return null;
  const cause = result.errorInstance instanceof Error ? result.errorInstance.stack : undefined;
  return `${cause ?? 'no error was thrown'}\n${fc.defaultReportMessage(result) ?? ''}`;
}

/** What came to nothing is left out. */
function sorted(totals: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(totals)
      .filter(([, wh]) => wh !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function keptTotals(state: SiteState): Record<string, number> {
  const entries = MONTHS.flatMap((month) =>
    [...state.usedInMonth(month)].map(([tag, wh]) => [`${month} ${tag}`, wh] as const),
  );
  return sorted(Object.fromEntries(entries));
}

/** From the sessions themselves. */
function foldedTotals(state: SiteState, monthOf: (day: string) => string): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { idTag, energyByDay } of state.sessions()) {
    for (const [day, wh] of Object.entries(energyByDay)) {
      const key = `${monthOf(day)} ${idTag}`;
      totals[key] = (totals[key] ?? 0) + wh;
    }
  }
  return sorted(totals);
}

/** Throws, so that fast-check looks for the shortest trace that does the same. */
function compare(what: string, found: unknown, expected: unknown): void {
  const [is, shouldBe] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== shouldBe) throw new Error(`${what}: ${is} instead of ${shouldBe}`);
}
