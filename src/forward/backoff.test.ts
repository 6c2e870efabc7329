// Pauses between attempts: doubling to a bound, spread, and as long as the receiver asks for within reason.
import t from 'tap';
import { Backoff, retryAfterMs } from './backoff.ts';

void t.test('the first pause is a second, then twice as long each time, up to the bound', (t) => {
  const backoff = new Backoff(60_000, () => 0);
  const waits = Array.from({ length: 8 }, () => backoff.next(null));
  t.strictSame(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  backoff.reset();
  t.equal(backoff.next(null), 1000, 'after a success it begins anew');
  t.end();
});

void t.test('chance makes a pause shorter by a fifth at most', (t) => {
  t.equal(new Backoff(60_000, () => 0.999_999).next(null), 800);
  t.equal(new Backoff(60_000, () => 0.5).next(null), 900);
  t.end();
});

void t.test('a receiver that asks for more time gets it, and for less not', (t) => {
  const backoff = new Backoff(60_000, () => 0);
  t.equal(backoff.next(30_000), 30_000);
  t.equal(backoff.next(10), 2000);
  t.equal(backoff.next(86_400_000), 3_600_000, 'an hour at most');
  t.end();
});

void t.test('Retry-After is seconds or a date', (t) => {
  const now = Date.UTC(2026, 10, 30, 12);
  for (const [header, expected] of [
    [null, null],
    ['120', 120_000],
    [' 0 ', 0],
    ['Mon, 30 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 30 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
  ] as const)
    t.equal(retryAfterMs(header, now), expected, String(header));
  t.end();
});
