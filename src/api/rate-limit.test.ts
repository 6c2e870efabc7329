// How many are counted, and how long one waits. What a route answers then is in serve-routes.test.ts.
import t from 'tap';
import { createManualClock } from '../runtime/manual-clock.ts';
import { HttpProblem } from './problem.ts';
import { createRateLimiter } from './rate-limit.ts';

const isLetIn = (ask: () => void) => {
  try {
    ask();
    return true;
  } catch (error) {
    if (error instanceof HttpProblem && error.code === 'tooManyRequests') return false;
    throw error;
  }
};

t.test('who asks again and again is never forgotten for others; who has not asked for long is', (t) => {
  const limit = createRateLimiter({ perSecond: 1, burst: 1 }, createManualClock());
  limit('first');
  limit('second');
  t.notOk(
    isLetIn(() => limit('first')),
    'refused, and remembered as the newer one',
  );
  for (let number = 2; number < 10_001; number++) limit(`other ${number}`);
  t.notOk(isLetIn(() => limit('first')));
  t.ok(
    isLetIn(() => limit('second')),
    'forgotten: the bucket is full again',
  );
  t.end();
});

t.test('a bucket fills up to its burst and not beyond, and being refused costs nothing', (t) => {
  const clock = createManualClock();
  const limit = createRateLimiter({ perSecond: 2, burst: 3 }, clock);
  const lettingIn = (times: number) =>
    Array.from({ length: times }, () => isLetIn(() => limit('one'))).filter(Boolean).length;
  t.equal(lettingIn(10), 3);
  clock.advance(500);
  t.equal(lettingIn(10), 1);
  clock.advance(3_600_000);
  t.equal(lettingIn(10), 3);
  t.end();
});
