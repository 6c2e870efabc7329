// The form of the time that a charger is told: the configured one, unless it hangs up on it.
import t from 'tap';
import { createManualClock } from '../../runtime/manual-clock.ts';
import { silentLog } from '../../runtime/log.ts';
import { TimeFormats } from './time-format.ts';

const WHOLE = '1970-01-01T00:00:00Z';

function create(configured: 's' | 'ms' = 's') {
  const clock = createManualClock();
  const times = new TimeFormats({ configuredFor: () => configured, clock, log: silentLog });
  /** Tells the time, then the charger hangs up after as long. */
  const hangUpAfter = (ms: number) => {
    const told = times.currentTime('CP1');
    clock.advance(ms);
    times.hungUp('CP1');
    return told.includes('.') ? 'ms' : 's';
  };
  return { clock, times, hangUpAfter };
}

t.test('a charger that hangs up twice in a row is told the time in the other form', (t) => {
  const { times, hangUpAfter } = create();
  t.same(
    [hangUpAfter(100), hangUpAfter(4000), hangUpAfter(60_000), hangUpAfter(60_000)],
    ['s', 's', 'ms', 'ms'],
  );
  t.equal(times.currentTime('CP2'), '1970-01-01T00:02:04Z', 'another charger is told as before');
  t.end();
});

t.test('a connection that lasts longer in between begins the count anew', (t) => {
  const { hangUpAfter } = create();
  t.same([hangUpAfter(100), hangUpAfter(5001), hangUpAfter(100), hangUpAfter(5001)], ['s', 's', 's', 's']);
  t.end();
});

t.test('a charger that was not told the time does not hang up on it', (t) => {
  const { times } = create();
  times.currentTime('CP1');
  for (let time = 0; time < 5; time += 1) times.hungUp('CP1');
  t.equal(times.currentTime('CP1'), WHOLE);
  t.end();
});

t.test('where no form helps the configured one stays', (t) => {
  const { hangUpAfter } = create('ms');
  const told = [1, 2, 3, 4, 5, 6, 7, 8].map(() => hangUpAfter(0));
  t.same(told, ['ms', 'ms', 's', 's', 'ms', 'ms', 'ms', 'ms']);
  t.end();
});
