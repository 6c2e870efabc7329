// How fast an address may connect: at once, later, and not at all; and that others do not suffer for it.
import t from 'tap';
import { createManualClock } from '../runtime/manual-clock.ts';
import { ConnectionRate, CONNECTIONS_PER_SECOND } from './connection-rate.ts';

void t.test('a second’s worth comes at once, more waits its turn, and too much is turned away', (t) => {
  const clock = createManualClock();
  clock.advance(3_600_000);
  const rate = new ConnectionRate(clock);
  const waits = Array.from({ length: 10_000 }, () => rate.waitOf('10.0.0.1'));
  const atOnce = waits.filter((wait) => wait === 0).length;
  t.ok(Math.abs(atOnce - CONNECTIONS_PER_SECOND) <= 1, `${atOnce} at once`);
  const waiting = waits.filter((wait) => wait !== null && wait > 0);
  t.ok(waiting.length >= 20 * CONNECTIONS_PER_SECOND - 1, `${waiting.length} wait`);
  t.ok(
    waiting.every((wait, n) => n === 0 || (wait ?? 0) > (waiting[n - 1] ?? 0)),
    'one after the other',
  );
  t.equal(waits.at(-1), null);
  t.equal(rate.waitOf('10.0.0.2'), 0, 'another address is not meant');
  clock.advance(1_000);
  t.not(rate.waitOf('10.0.0.1'), null, 'and a second later there is room again');
  clock.advance(60_000);
  t.equal(rate.waitOf('10.0.0.1'), 0);
  t.end();
});

void t.test('programs on this machine are never kept waiting', (t) => {
  const rate = new ConnectionRate(createManualClock());
  for (const address of ['127.0.0.1', '127.9.9.9', '::1']) {
    t.ok(
      Array.from({ length: 10_000 }, () => rate.waitOf(address)).every((wait) => wait === 0),
      address,
    );
  }
  t.end();
});
