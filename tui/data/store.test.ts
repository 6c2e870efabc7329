// The store: changes are gathered, the picture can be frozen, nothing is lost meanwhile.
import t from 'tap';
import { createManualClock } from '../../src/runtime/manual-clock.ts';
import { connector, madeUpCharger, madeUpSession, madeUpSite } from '../../test/kit/made-up-site.ts';
import { firstSnapshot, type Snapshot } from './snapshot.ts';
import { SnapshotStore } from './store.ts';

function watched(first: Snapshot = madeUpSite) {
  const clock = createManualClock();
  const store = new SnapshotStore(clock, first);
  const seen: Snapshot[] = [];
  store.subscribe(() => seen.push(store.shown()));
  return { clock, store, seen };
}

t.test('a burst of changes is seen once in a quarter of a second', (t) => {
  const { clock, store, seen } = watched();
  for (let i = 1; i <= 50; i += 1) {
    store.change((snapshot) => ({ ...snapshot, clockOffsetMs: i }));
    clock.advance(10);
  }
  clock.advance(250);
  t.ok(seen.length >= 3 && seen.length <= 4, `seen ${seen.length} times in half a second`);
  t.equal(seen.at(-1)?.clockOffsetMs, 50, 'the last one is not lost');
  t.end();
});

t.test('the first change after a rest is seen at once', (t) => {
  const { clock, store, seen } = watched();
  clock.advance(5_000);
  store.change((snapshot) => ({ ...snapshot, clockOffsetMs: 1 }));
  clock.advance(0);
  t.equal(seen.length, 1);
  t.end();
});

t.test('a change that changes nothing is not told', (t) => {
  const { clock, store, seen } = watched();
  store.change((snapshot) => snapshot);
  clock.advance(1_000);
  t.equal(seen.length, 0);
  t.end();
});

t.test('a frozen picture stands still; what happened meanwhile is there when it goes on', (t) => {
  const { clock, store, seen } = watched();
  store.freeze(true);
  store.change((snapshot) => ({ ...snapshot, clockOffsetMs: 7 }));
  clock.advance(1_000);
  t.equal(store.shown(), madeUpSite);
  t.equal(store.latest().clockOffsetMs, 7);
  store.freeze(false);
  t.equal(seen.length, 1);
  t.equal(store.shown().clockOffsetMs, 7);
  t.end();
});

t.test('events and what was read come in the order in which they came', (t) => {
  const { clock, store } = watched(firstSnapshot);
  const at = '2026-11-22T13:32:07Z';
  const session = (energyWh: number) => madeUpSession(1, 'CP-1', 1, { energyWh });
  store.happened({ kind: 'session', at, session: session(1) });
  store.change((snapshot) => ({ ...snapshot, sessions: [session(2)] }));
  store.happened({ kind: 'session', at, session: session(3) });
  store.happened({ kind: 'charger', at, charger: madeUpCharger('CP-1', [connector(1, 'Charging', 1)]) });
  clock.advance(1_000);
  t.equal(store.shown().sessions?.[0]?.energyWh, 3);
  t.equal(store.shown().chargers?.length, 1);
  t.end();
});

t.test('for a screen reader changes come seldom, but the first picture at once', (t) => {
  const clock = createManualClock();
  const store = new SnapshotStore(clock, firstSnapshot, 5_000);
  let seen = 0;
  store.subscribe(() => (seen += 1));
  store.change((snapshot) => ({ ...snapshot, clockOffsetMs: 1 }));
  clock.advance(0);
  store.change((snapshot) => ({ ...snapshot, chargers: [] }));
  clock.advance(100);
  t.equal(seen, 2);
  store.change((snapshot) => ({ ...snapshot, clockOffsetMs: 2 }));
  clock.advance(4_000);
  t.equal(seen, 2);
  clock.advance(1_000);
  t.equal(seen, 3);
  t.end();
});
