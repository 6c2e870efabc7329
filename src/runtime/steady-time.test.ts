// Times that hold when the clock is set.
import t from 'tap';
import { createManualClock } from './manual-clock.ts';
import { createSteadyTime } from './steady-time.ts';

void t.test('it is the clock’s time until the clock is set, and then goes on as before', (t) => {
  const clock = createManualClock();
  clock.advance(1000);
  const steady = createSteadyTime(clock);
  clock.advance(500);
  t.equal(steady.now(), 1500);
  clock.step(3_600_000);
  clock.advance(500);
  t.equal(steady.now(), 2000);
  t.equal(steady.toClock(2500), 3_602_500);
  clock.step(-7_200_000);
  t.equal(steady.now(), 2000);
  t.equal(steady.toClock(1500), -3_598_500);
  t.end();
});

void t.test('what has just happened is as old as the clock says, unless that cannot be', (t) => {
  const clock = createManualClock();
  clock.advance(1000);
  const steady = createSteadyTime(clock);
  clock.advance(9000);
  t.equal(steady.ofRecent(9990), 9990);
  t.equal(steady.ofRecent(10_010), 10_000, 'from the future: the clock went back');
  clock.step(3_600_000);
  t.equal(steady.ofRecent(9990), 10_000 - 60_000, 'or forward');
  t.end();
});
