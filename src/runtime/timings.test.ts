// Times by name: each has its own, and names that nobody expects share one.
import t from 'tap';
import { Timings } from './timings.ts';

void t.test('each name has its times and failures', (t) => {
  const timings = new Timings();
  timings.observe('b', 1);
  timings.observe('a', 2, true);
  timings.observe('a', 4);
  t.same(
    timings.all().map(({ name, took, failed }) => [name, took.count, took.maxMs, failed]),
    [
      ['a', 2, 4, 1],
      ['b', 1, 1, 0],
    ],
  );
  t.same([timings.total().count, timings.total().sumMs], [3, 7]);
  t.equal(timings.of('a'), timings.of('a'));
  t.end();
});

void t.test('any number of names fills no memory: the late ones are counted together', (t) => {
  const timings = new Timings();
  for (let i = 0; i < 1000; i++) timings.observe(`name ${i}`, 1);
  t.equal(timings.all().length, 201);
  t.equal(timings.of('name 999').name, 'other');
  t.equal(timings.of('other').took.count, 800);
  t.end();
});
