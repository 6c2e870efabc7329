// Histograms: counts, sums and maxima are exact, shares are right to a tenth, and buckets add up.
import fc from 'fast-check';
import t from 'tap';
import { COARSE_BOUNDS, Histogram } from './histogram.ts';

function of(...times: number[]): Histogram {
  const histogram = new Histogram();
  for (const ms of times) histogram.observe(ms);
  return histogram;
}

/** The time at this rank, counted exactly. */
function exact(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? 0;
}

void t.test('nothing was observed', (t) => {
  const none = new Histogram();
  t.same([none.count, none.sumMs, none.maxMs, none.quantile(0.5)], [0, 0, null, null]);
  t.end();
});

void t.test('a share is at most a tenth longer than it was, and never shorter', (t) => {
  const ms = fc.double({ min: 0.011, max: 900_000, noNaN: true });
  const many = fc.array(ms, { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(many, fc.constantFrom(0, 0.5, 0.95, 0.99, 1), (times, share) => {
      const told = of(...times).quantile(share) ?? 0;
      const is = exact(times, share);
      return told >= is * (1 - 1e-9) && told <= is * 1.1008;
    }),
  );
  t.end();
});

void t.test('count, sum and maximum are exact, also beyond all buckets', (t) => {
  const histogram = of(0, 0.001, 1, 2_000_000_000);
  t.equal(histogram.count, 4);
  t.equal(histogram.sumMs, 2_000_000_001.001);
  t.equal(histogram.maxMs, 2_000_000_000);
  t.ok((histogram.quantile(0.25) ?? 1) <= 0.01);
  t.equal(histogram.quantile(1), 1_000_000, 'the last bucket ends there');
  t.end();
});

void t.test('coarse buckets count what took no longer than their bound says', (t) => {
  const bounds = COARSE_BOUNDS.map(({ ms }) => Number(ms.toPrecision(3)));
  t.same(bounds.slice(0, 4), [0.1, 0.215, 0.464, 1]);
  t.equal(bounds.at(-1), 100_000);
  const histogram = of(0.05, 0.1, 0.99, 1, 1.2, 9.9, 10.1, 100_000, 100_001);
  const upTo = (ms: number) =>
    histogram.upTo(COARSE_BOUNDS.find((bound) => Number(bound.ms.toPrecision(3)) === ms)?.index ?? -1);
  t.same([0.1, 1, 10, 100_000].map(upTo), [2, 4, 6, 8]);
  t.end();
});

void t.test('several together are as if observed in one, and what came since a copy is told apart', (t) => {
  const all = Histogram.sumOf([of(1, 2), of(3), new Histogram()]);
  t.same([all.count, all.sumMs, all.maxMs], [3, 6, 3]);
  t.equal(all.quantile(0.5), of(1, 2, 3).quantile(0.5));
  const before = Histogram.sumOf([all]);
  all.observe(0.5);
  const since = all.since(before);
  t.same([since.count, since.sumMs], [1, 0.5]);
  t.ok(Math.abs((since.maxMs ?? 0) - 0.5) < 0.05, 'its maximum is not that of all');
  t.equal(before.count, 3, 'a copy does not move on');
  t.equal(all.since(all).quantile(0.95), null);
  t.end();
});
