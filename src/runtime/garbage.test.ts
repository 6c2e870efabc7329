// When garbage is collected: after a surge, while nothing else is to be done, and not again for what is in use.
import t from 'tap';
import { ownGarbage, watchGarbage } from './garbage.ts';
import { silentLog } from './log.ts';
import { createManualClock } from './manual-clock.ts';

const MIB = 1024 * 1024;
const ROUND_MS = 10_000;

function site() {
  const clock = createManualClock();
  const heap = { liveMib: 40, garbageMib: 0, busy: 0, collections: 0 };
  const cancel = watchGarbage({
    clock,
    log: silentLog,
    heapBytes: () => (heap.liveMib + heap.garbageMib) * MIB,
    busyShare: () => heap.busy,
    collect() {
      heap.collections += 1;
      heap.garbageMib = 0;
    },
  });
  const round = (change: Partial<typeof heap> = {}) => {
    Object.assign(heap, change);
    clock.advance(ROUND_MS);
    return heap.collections;
  };
  return { round, cancel };
}

void t.test('a small site is left alone', (t) => {
  const { round } = site();
  t.equal(round({ garbageMib: 5 }), 0);
  t.end();
});

void t.test('a surge is cleared away once it is over, and only once', (t) => {
  const { round } = site();
  t.equal(round({ liveMib: 70, garbageMib: 150, busy: 0.8 }), 0, 'not while it lasts');
  t.equal(round({ busy: 0.05 }), 1);
  t.equal(round(), 1);
  t.equal(round({ garbageMib: 40 }), 1, 'little garbage is no surge');
  t.equal(round({ garbageMib: 60 }), 2);
  t.end();
});

void t.test('what is in use is not looked through again', (t) => {
  const { round } = site();
  t.equal(round({ liveMib: 500, garbageMib: 0 }), 1);
  for (let rounds = 0; rounds < 5; rounds += 1) t.equal(round({ liveMib: 510 }), 1);
  t.end();
});

void t.test('it ends when it is cancelled', (t) => {
  const { round, cancel } = site();
  cancel();
  t.equal(round({ garbageMib: 500 }), 0);
  t.end();
});

void t.test('of this process it is really collected', (t) => {
  const own = ownGarbage();
  let garbage: unknown[] = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
  const withIt = own.heapBytes();
  garbage = [garbage.length];
  own.collect();
  t.ok(withIt - own.heapBytes() > 20 * MIB);
  t.equal(garbage[0], 1_000_000);
  t.equal(typeof globalThis.gc, 'undefined', 'nobody else is given the way to it');
  const share = own.busyShare();
  t.ok(share >= 0 && share <= 1);
  t.end();
});
