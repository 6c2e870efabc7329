// The fold: the same records give the same totals, in whatever order and however often they are applied.
import fc from 'fast-check';
import t from 'tap';
import { newChargePoint } from './charge-point.ts';
import type { RecordVersion } from './record.ts';
import { sampleEntry, sampleRecord, sampleSession, withEnergy } from './sample.fixture.ts';
import { sessionId, type Session } from './session.ts';
import { createSiteCalendar } from './site-calendar.ts';
import { SiteState } from './site-state.ts';

const calendar = createSiteCalendar('UTC', 1);
const END = {
  atMs: Date.UTC(2026, 10, 30, 13),
  evidence: 'meterStop',
  register: { wh: 1500, atMs: 0 },
  reason: 'Local',
} as const;

const recordOf = (session: Session) => sampleRecord('session', sessionId(session), session);

function folded(...records: readonly RecordVersion[]): SiteState {
  const state = new SiteState(calendar);
  for (const record of records) state.apply(record);
  return state;
}

/** Everything that a state tells, in an order of its own. */
function told(state: SiteState) {
  const ids = (sessions: Iterable<Session>) => [...sessions].map(sessionId).sort();
  const used = (month: string) => ['A', 'B', 'C'].map((tag) => state.usedWh(month, tag));
  return {
    sessions: ids(state.sessions()),
    running: ids(state.runningSessions()),
    ofTag: ['A', 'B', 'C'].map((tag) => ids(state.runningOfTag(tag))),
    ofChargePoint: ['CP1', 'CP2'].map((id) => ids(state.runningOfChargePoint(id))),
    used: [used('2026-11'), used('2026-12')],
    granted: ['A', 'B', 'C'].map((tag) => state.grantedWh('2026-11', tag)),
    delivered: ['CP1', 'CP2'].map((id) => state.deliveredWh(id)),
    flowed: ['2026-11-29', '2026-11-30', '2026-12-01'].map((day) => state.flowedWh(day)),
  };
}

void t.test(
  'what a tag has used is the energy of its sessions by month, running ones included, and its entries',
  (t) => {
    const overMidnight = withEnergy(sampleSession(1), {
      '2026-11-29': 100,
      '2026-11-30': 50,
      '2026-12-01': 7,
    });
    const ended = {
      ...withEnergy(sampleSession(2, { chargePointId: 'CP2' }), { '2026-11-30': 1000 }),
      end: END,
    };
    const state = folded(
      recordOf(overMidnight),
      recordOf(ended),
      recordOf(withEnergy(sampleSession(3, { idTag: 'B' }), { '2026-11-30': 9 })),
      sampleRecord('entry', 'o', sampleEntry('o', { type: 'openingBalance', wh: 20_000 })),
      sampleRecord('entry', 'a', sampleEntry('a', { wh: -5000 })),
      sampleRecord('entry', 'g', sampleEntry('g', { type: 'grant', wh: 3000 })),
    );
    t.equal(state.usedWh('2026-11', 'A'), 100 + 50 + 1000 + 20_000 - 5000);
    t.equal(state.usedWh('2026-12', 'A'), 7);
    t.equal(state.usedWh('2026-11', 'B'), 9);
    t.equal(state.usedWh('2026-11', 'nobody'), 0);
    t.equal(state.grantedWh('2026-11', 'A'), 3000, 'a grant is no use');
    t.equal(state.grantedWh('2026-12', 'A'), 0, 'and good for its month alone');
    t.equal(state.deliveredWh('CP1'), 166, 'entries were delivered by no charger');
    t.equal(state.deliveredWh('CP2'), 1000);
    t.equal(state.flowedWh('2026-11-29'), 100);
    t.equal(state.flowedWh('2026-11-28'), 0);
    t.same([...state.usedInMonth('2026-12')], [['A', 7]]);
    t.same([...state.usedInMonth('2027-01')], []);
    t.end();
  },
);

void t.test('a newer version of a session replaces what the older one counted', (t) => {
  const session = withEnergy(sampleSession(1), { '2026-11-30': 500 });
  const state = folded(recordOf(session));
  state.apply(recordOf(withEnergy(session, { '2026-11-30': 200, '2026-12-01': 10 })));
  t.equal(state.usedWh('2026-11', 'A'), 200, 'also downward, after a spike');
  t.equal(state.usedWh('2026-12', 'A'), 10);
  t.equal(state.deliveredWh('CP1'), 210);
  state.apply(recordOf({ ...withEnergy(session, { '2026-11-30': 200 }), idTag: 'B' }));
  t.equal(state.usedWh('2026-11', 'A'), 0, 'the tag was corrected');
  t.equal(state.usedWh('2026-11', 'B'), 200);
  t.same(told(state).ofTag, [[], ['CP1/1'], []]);
  t.end();
});

void t.test('an entry is immutable: the same id again changes nothing', (t) => {
  const entry = sampleRecord('entry', 'a', sampleEntry('a', { wh: 100 }));
  t.equal(folded(entry, entry, { ...entry, rev: 2 }).usedWh('2026-11', 'A'), 100);
  t.equal(
    folded(entry, sampleRecord('entry', 'b', sampleEntry('b', { wh: 100 }))).usedWh('2026-11', 'A'),
    200,
  );
  t.end();
});

void t.test('a session is among the running ones until it has ended', (t) => {
  const session = sampleSession(1);
  const state = folded(recordOf(session), recordOf(sampleSession(2, { idTag: 'B', chargePointId: 'CP2' })));
  t.match(told(state), { running: ['CP1/1', 'CP2/2'], ofTag: [['CP1/1'], ['CP2/2'], []] });
  state.apply(recordOf({ ...session, end: END }));
  t.match(told(state), { running: ['CP2/2'], ofTag: [[], ['CP2/2'], []], ofChargePoint: [[], ['CP2/2']] });
  t.equal(state.session('CP1/1')?.end, END, 'and is known after');
  t.end();
});

void t.test('of two sessions with the same start key, the later one has it, in either order', (t) => {
  const [first, second] = [sampleSession(1, { startKey: 'k' }), sampleSession(2, { startKey: 'k' })];
  t.equal(folded(recordOf(first), recordOf(second)).byStartKey('k')?.transactionId, 2);
  t.equal(folded(recordOf(second), recordOf(first)).byStartKey('k')?.transactionId, 2);
  t.equal(folded(recordOf(first)).byStartKey('other'), undefined);
  t.end();
});

void t.test('chargers and the records of kwota itself are kept as last written', (t) => {
  const state = folded(
    sampleRecord('charger', 'CP1', newChargePoint('CP1', 1)),
    sampleRecord('charger', 'CP1', newChargePoint('CP1', 2), 2),
    sampleRecord('lease', 'transactionId', { to: 5 }),
    sampleRecord('site', 'transactionId', { to: 6 }),
  );
  t.equal(state.chargePoint('CP1')?.firstSeenMs, 2);
  t.equal([...state.chargePoints()].length, 1);
  t.same(state.other('lease', 'transactionId'), { to: 5 }, 'kinds do not mix');
  t.equal(state.other('lease', 'other'), undefined);
  t.end();
});

void t.test(
  'any order and any repetition gives the same state, and counting along gives what a fold from scratch gives',
  (t) => {
    const energy = fc.dictionary(
      fc.constantFrom('2026-11-29', '2026-11-30', '2026-12-01'),
      fc.integer({ min: 1, max: 9999 }),
    );
    const session = fc
      .record({
        transactionId: fc.integer({ min: 1, max: 6 }),
        versions: fc.array(energy, { minLength: 1, maxLength: 4 }),
        idTag: fc.constantFrom('A', 'B', 'C'),
        chargePointId: fc.constantFrom('CP1', 'CP2'),
        hasEnded: fc.boolean(),
      })
      .map(({ versions, hasEnded, ...changed }) => {
        const base = sampleSession(changed.transactionId, changed);
        const grown = versions.map((energyByDay) => withEnergy(base, energyByDay));
        return hasEnded ? [...grown, { ...grown.at(-1)!, end: END }] : grown;
      });
    const entry = fc.record({
      id: fc.constantFrom('e1', 'e2', 'e3', 'e4'),
      wh: fc.integer({ min: -999, max: 999 }),
      type: fc.constantFrom('adjustment' as const, 'grant' as const),
    });
    const sessions = fc.uniqueArray(session, {
      maxLength: 8,
      selector: (versions) => sessionId(versions[0]!),
    });
    const entries = fc.uniqueArray(entry, { maxLength: 4, selector: ({ id }) => id });
    const shuffle = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(sessions, entries, shuffle, (grown, made, random) => {
        const next = () => Number(random.next().value);
        const newest = [
          ...grown.map((versions) => recordOf(versions.at(-1)!)),
          ...made.map(({ id, ...changed }) => sampleRecord('entry', id, sampleEntry(id, changed))),
        ];
        const expected = told(folded(...newest));
        const anyOrder = [...newest, ...newest.filter(() => next() % 2 === 0)];
        for (let i = anyOrder.length - 1; i > 0; i -= 1) {
          const j = next() % (i + 1);
          [anyOrder[i], anyOrder[j]] = [anyOrder[j]!, anyOrder[i]!];
        }
        t.same(told(folded(...anyOrder)), expected);
        const along = [...grown.flatMap((versions) => versions.map(recordOf)), ...newest];
        t.same(told(folded(...along)), expected);
        const half = folded(...along.slice(0, along.length / 2));
        const before = told(half);
        const copy = half.copy();
        t.same(told(copy), before, 'a copy tells the same');
        for (const record of along) copy.apply(record);
        t.same(told(copy), expected, 'and goes on');
        t.same(told(half), before, 'by itself');
      }),
      { numRuns: 200 },
    );
    t.end();
  },
);

t.test('a forgotten charger is gone until it comes back, and what it delivered is still known', (t) => {
  const state = new SiteState(calendar);
  const met = { ...newChargePoint('CP1', 1), importedWh: 7 };
  state.apply(sampleRecord('charger', 'CP1', met));
  state.apply(sampleRecord('charger', 'CP1', { ...met, forgottenMs: 2 }, 2));
  t.strictSame([state.chargePoint('CP1'), [...state.chargePoints()]], [undefined, []]);
  t.equal(state.forgottenChargePoint('CP1')?.importedWh, 7);
  state.apply(sampleRecord('charger', 'CP1', met, 3));
  t.equal(state.chargePoint('CP1'), met);
  t.equal(state.forgottenChargePoint('CP1'), undefined);
  t.end();
});
