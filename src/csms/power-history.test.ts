// Power by the minute: the mean of each full minute, the last hour of them.
import t from 'tap';
import { createManualClock } from '../runtime/manual-clock.ts';
import { PowerHistory } from './power-history.ts';

const NOON_MS = Date.UTC(2026, 10, 30, 12);

function historyOf(powerW: (second: number) => number) {
  const clock = createManualClock();
  clock.advance(NOON_MS);
  const history = new PowerHistory(clock, () => powerW((clock.now() - NOON_MS) / 1000));
  return { clock, history };
}

void t.test('a minute is told when it is full, as the mean of it', (t) => {
  const { clock, history } = historyOf((second) => (second < 40 ? 6000 : 0));
  clock.advance(59_000);
  t.same(history.minutes(), []);
  clock.advance(11_000);
  t.same(history.minutes(), [{ atMs: NOON_MS, powerW: 3600 }]);
  history.close();
  t.equal(clock.pending(), 0);
  t.end();
});

void t.test('an hour is kept, the oldest first', (t) => {
  const { clock, history } = historyOf((second) => Math.floor(second / 60));
  clock.advance(90 * 60_000 + 10_000);
  const minutes = history.minutes();
  t.equal(minutes.length, 60);
  t.same(minutes[0], { atMs: NOON_MS + 30 * 60_000, powerW: 30 });
  t.same(minutes.at(-1), { atMs: NOON_MS + 89 * 60_000, powerW: 89 });
  t.end();
});
