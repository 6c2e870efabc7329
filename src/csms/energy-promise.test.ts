// The promise: whatever order, repetition, delay and interruption of the same messages, each Wh that flowed is booked once,
// on the card that charged and the month in which it flowed.
import { deepEqual } from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import { SiteState } from '../domain/site-state.ts';
import { ChargingModel, type Delivery, type Step } from '../../test/kit/charging-model.ts';
import { Site } from '../../test/kit/services.ts';

const TAGS = ['A', 'B', 'STRANGER'];
const MONTHS = ['2026-11', '2026-12'];
const ZONE = 'Europe/Istanbul';
/** So that most runs live through the turn of the month. */
const BEGIN = '2026-11-30T18:00:00+03:00';

/** What goes wrong around a message, and which earlier one comes again after it. */
interface Trouble {
  readonly kind: 'none' | 'twice' | 'answerLost' | 'crashBeforeCommit' | 'crashAfter';
  readonly repeated: number | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  connector: fc.nat(2),
  action: fc.constantFrom<Step['action'][]>(
    ...(['start', 'start', 'sample', 'sample', 'sample', 'sample', 'stop'] as const),
    ...(['loseStop', 'resetRegister', 'goOffline', 'comeBack'] as const),
  ),
  idTag: fc.constantFrom(...TAGS),
  seconds: fc.oneof(fc.integer({ min: 15, max: 120 }), fc.integer({ min: 15, max: 7200 })),
  power: fc.integer({ min: 0, max: 100 }),
  isTerse: fc.boolean(),
});

const trouble: fc.Arbitrary<Trouble> = fc.record({
  kind: fc.constantFrom<Trouble['kind'][]>(
    'none',
    'none',
    'none',
    'twice',
    'answerLost',
    'crashBeforeCommit',
    'crashAfter',
  ),
  repeated: fc.option(fc.nat(), { freq: 2, nil: undefined }),
});

async function deliver(site: Site, message: Delivery, { kind }: Trouble): Promise<void> {
  if (kind === 'crashBeforeCommit') {
    message(site);
    site.restart();
  }
  message(site);
  if (kind === 'twice') message(site);
  await site.services.journal.durable();
  if (kind === 'crashAfter' || kind === 'answerLost') site.restart();
  if (kind === 'answerLost') message(site);
  await site.services.journal.durable();
}

/** Delivers what the chargers that are online have to say; any message said before may come again in between. */
async function deliverAll(
  site: Site,
  model: ChargingModel,
  said: Delivery[],
  next: () => Trouble,
): Promise<void> {
  for (const [chargePointId, queue] of model.queues) {
    if (model.isOffline(chargePointId)) continue;
    for (const message of queue.splice(0)) {
      const { kind, repeated } = next();
      await deliver(site, message, { kind, repeated });
      said.push(message);
      if (repeated !== undefined)
        await deliver(site, said[repeated % said.length]!, { kind: 'none', repeated });
    }
  }
}

const booked = (state: SiteState) =>
  MONTHS.flatMap((month) => TAGS.map((tag) => `${month} ${tag} ${state.usedWh(month, tag)}`));

const expected = (model: ChargingModel) =>
  MONTHS.flatMap((month) => TAGS.map((tag) => `${month} ${tag} ${model.ledger.get(`${month} ${tag}`) ?? 0}`));

function fromScratch(site: Site): SiteState {
  const state = new SiteState(site.calendar);
  for (const record of site.store.load(0).records) state.apply(record);
  return state;
}

/** Returns the ledger: Wh by `month tag`. */
async function run(
  steps: readonly Step[],
  troubles: fc.Stream<Trouble>,
): Promise<ReadonlyMap<string, number>> {
  const site = new Site({
    now: BEGIN,
    timeZone: ZONE,
    users: [sampleUser('A'), sampleUser('B', { isUnlimited: true })],
  });
  const model = new ChargingModel(site.calendar, site.clock.now());
  const said: Delivery[] = [];
  const next = () => troubles.next().value as Trouble;
  for (const taken of steps) {
    site.clock.advance(taken.seconds * 1000);
    model.take(taken, site.clock.now());
    await deliverAll(site, model, said, next);
  }
  model.everybodyComesBack();
  await deliverAll(site, model, said, next);
  deepEqual(booked(site.services.journal.live), expected(model), 'as it flowed');
  deepEqual(booked(site.services.durable), expected(model), 'what is shown');
  deepEqual(booked(fromScratch(site)), expected(model), 'a fold from scratch of what is on disk');
  const delivered = (state: SiteState) => ['CP1', 'CP2'].map((id) => state.deliveredWh(id));
  deepEqual(delivered(fromScratch(site)), delivered(site.services.journal.live));
  site.services.enforcer.close();
  return model.ledger;
}

void t.test('each Wh that flowed is booked once, on its card and in its month', async (t) => {
  const flowed = new Map<string, number>();
  const steps = fc.array(step, { minLength: 1, maxLength: 40, size: 'max' });
  await fc.assert(
    fc.asyncProperty(steps, fc.infiniteStream(trouble), async (taken, troubles) => {
      for (const [key, wh] of await run(taken, troubles)) {
        const month = key.slice(0, 7);
        flowed.set(month, (flowed.get(month) ?? 0) + wh);
      }
    }),
    { numRuns: 300 },
  );
  for (const month of MONTHS) t.ok(flowed.get(month), `energy flowed in ${month}`);
});
