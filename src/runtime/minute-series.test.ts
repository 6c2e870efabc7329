// A figure by the minute: the mean or the gain of each full minute, the last hour of them.
import t from 'tap';
import { createManualClock } from './manual-clock.ts';
import { MinuteSeries, type MinuteValue } from './minute-series.ts';

const NOON_MS = Date.UTC(2026, 10, 30, 12);

function seriesOf(kind: MinuteValue, look: (second: number) => number) {
  const clock = createManualClock();
  clock.advance(NOON_MS);
  const series = new MinuteSeries(clock, kind, () => look((clock.now() - NOON_MS) / 1000));
  return { clock, series };
}

void t.test('a minute is told when it is full, as the mean of it', (t) => {
  const { clock, series } = seriesOf('mean', (second) => (second < 40 ? 6000 : 0));
  clock.advance(59_000);
  t.same(series.minutes(), []);
  clock.advance(11_000);
  t.same(series.minutes(), [{ atMs: NOON_MS, value: 3600 }]);
  series.close();
  t.equal(clock.pending(), 0);
  t.end();
});

void t.test('a count is told by what it has gained', (t) => {
  const { clock, series } = seriesOf('gain', (second) => 1000 + 2 * second);
  clock.advance(130_000);
  t.same(series.minutes(), [
    { atMs: NOON_MS, value: 120 },
    { atMs: NOON_MS + 60_000, value: 120 },
  ]);
  t.end();
});

void t.test('an hour is kept, the oldest first', (t) => {
  const { clock, series } = seriesOf('mean', (second) => Math.floor(second / 60));
  clock.advance(90 * 60_000 + 10_000);
  const minutes = series.minutes();
  t.equal(minutes.length, 60);
  t.same(minutes[0], { atMs: NOON_MS + 30 * 60_000, value: 30 });
  t.same(minutes.at(-1), { atMs: NOON_MS + 89 * 60_000, value: 89 });
  t.end();
});
