// How many answers are kept under keys. What a repeated key does to a route is in serve-routes.test.ts.
import t from 'tap';
import { createManualClock } from '../runtime/manual-clock.ts';
import { createIdempotency } from './idempotency.ts';
import { HttpProblem } from './problem.ts';

void t.test('a thousand answers are kept, and then the oldest goes', async (t) => {
  const once = createIdempotency(createManualClock());
  let runs = 0;
  const ask = (key: string) =>
    once({ key, scope: 'desk', body: Buffer.from('{}') }, () => {
      runs += 1;
      return Promise.resolve(new Response('done'));
    });
  for (let number = 0; number < 1000; number++) await ask(`key${number}`);
  await ask('key0');
  t.equal(runs, 1000, 'the first is known still');
  await ask('one-more');
  await ask('key1');
  t.equal(runs, 1001, 'the second is known still');
  await ask('key0');
  t.equal(runs, 1002, 'the first was the oldest');
});

void t.test(
  'a failure that may have had its effect is answered again; any other is tried again',
  async (t) => {
    const once = createIdempotency(createManualClock());
    for (const [mayHaveActed, expected] of [
      [true, 1],
      [false, 2],
    ] as const) {
      let runs = 0;
      const ask = () =>
        once({ key: `acted-${String(mayHaveActed)}`, scope: 'desk', body: Buffer.from('{}') }, () => {
          runs += 1;
          return Promise.reject(new HttpProblem('callTimeout', { mayHaveActed }));
        });
      await t.rejects(ask(), { code: 'callTimeout' });
      const again = await ask().catch((problem: unknown) => (problem as HttpProblem).toResponse());
      t.equal(again.status, 504);
      t.equal(again.headers.get('content-type'), 'application/problem+json');
      t.equal(runs, expected);
    }
  },
);
