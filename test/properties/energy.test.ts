// The promise of the whole engine, from frames to the store: each Wh that a charger told of is booked once, on its card and
// in its month. `npm run test:properties` runs it at length.
import fc from 'fast-check';
import t from 'tap';
import { anyTrace, checkTrace, failureOf, INTERESTING, type Tally } from '../kit/energy-property.ts';

const RUNS = 2_000;
/** For a slow machine, and while the shortest trace is looked for when one fails. */
const TIME_LIMIT_MS = 400_000;
/** Over 2,000 runs each of these has come to several times as much. */
const LEAST = 10;

/** Another one each time; `npm run test:properties -- --runs 2000 --seed N` draws the same traces again. */
const seed = Date.now() % 1_000_000_000;

// tap's own limit, when the file is run by itself, is shorter.
t.setTimeout(TIME_LIMIT_MS + 15_000);

t.test('each Wh that was told is booked once, on its card and in its month', async (t) => {
  t.comment(`seed ${seed}`);
  const tally: Tally = new Map();
  const result = await fc.check(
    fc.asyncProperty(anyTrace, (trace) => checkTrace(trace, tally)),
    { numRuns: RUNS, seed, interruptAfterTimeLimit: TIME_LIMIT_MS },
  );
  t.equal(failureOf(result), null, `seed ${seed}`);
  if (result.failed) return;
  t.equal(result.numRuns, RUNS, 'all runs within the time');
  t.comment(Object.fromEntries([...tally].sort()));
  for (const what of INTERESTING) t.ok((tally.get(what) ?? 0) >= LEAST, `often enough: ${what}`);
});
