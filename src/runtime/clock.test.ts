// Time: the system's clock, and what repeats by any clock.
import t from 'tap';
import { createManualClock } from '../runtime/manual-clock.ts';
import { buildInfo } from './build-info.ts';
import { every, systemClock } from './clock.ts';
import { atEndOfTurn } from './turn.ts';
import { workerEntry } from './worker-entry.ts';

void t.test('every repeats until it is cancelled, also from within', (t) => {
  const clock = createManualClock();
  let fired = 0;
  const cancel = every(clock, 1000, () => (fired += 1));
  clock.advance(999);
  t.equal(fired, 0);
  clock.advance(3001);
  t.equal(fired, 4);
  cancel();
  clock.advance(10_000);
  t.equal(fired, 4);
  const once = every(clock, 1000, () => {
    fired += 1;
    once();
  });
  clock.advance(10_000);
  t.equal(fired, 5);
  t.equal(clock.pending(), 0);
  t.end();
});

void t.test("the system's clock tells the time, and a cancelled timer does not fire", async (t) => {
  const beforeMs = Date.now();
  const nowMs = systemClock.now();
  t.ok(nowMs >= beforeMs && nowMs <= Date.now());
  const began = systemClock.monotonicMs();
  const fired: string[] = [];
  const cancel = systemClock.after(0, () => fired.push('cancelled'));
  cancel();
  // Its timers do not hold the process; this one does until it has fired.
  const hold = setInterval(() => undefined, 1000);
  await new Promise<void>((resolve) => {
    systemClock.after(5, () => {
      fired.push('kept');
      resolve();
    });
  });
  clearInterval(hold);
  cancel();
  t.same(fired, ['kept']);
  t.ok(systemClock.monotonicMs() > began);
});

void t.test('the end of the turn comes after promises and before the next message', async (t) => {
  const order: string[] = [];
  const ended = new Promise<void>((resolve) => {
    atEndOfTurn(() => {
      order.push('end of turn');
      resolve();
    });
  });
  order.push('now');
  await Promise.resolve();
  order.push('promise');
  await ended;
  t.same(order, ['now', 'promise', 'end of turn']);
});

void t.test('what is asked for at the end of a turn still belongs to it, and comes last', async (t) => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    atEndOfTurn(() => {
      order.push('first');
      atEndOfTurn(() => order.push('asked for meanwhile'));
      setImmediate(() => {
        order.push('next turn');
        resolve();
      });
    });
    atEndOfTurn(() => order.push('second'));
  });
  t.same(order, ['first', 'second', 'asked for meanwhile', 'next turn']);
});

void t.test('from source, the build is that of package.json and the worker a file', (t) => {
  t.match(buildInfo(), { version: /^\d+\.\d+\.\d+/, commit: 'unknown', date: 'unknown' });
  const { source, isSource } = workerEntry();
  t.ok(isSource);
  t.match(String(source), /\/src\/store\/sqlite\/writer\.worker\.ts$/);
  t.end();
});
