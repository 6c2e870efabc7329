// Points in time as the shared files write them: whole seconds, cut off and never rounded up.
import t from 'tap';
import { utcTime } from './utc-time.ts';

void t.test('a moment is written to the second, in UTC', (t) => {
  const second = Date.UTC(2026, 10, 30, 23, 59, 59);
  t.equal(utcTime(second), '2026-11-30T23:59:59Z');
  t.equal(utcTime(second + 999), '2026-11-30T23:59:59Z', 'not yet the next day');
  t.equal(utcTime(second + 1000), '2026-12-01T00:00:00Z');
  t.equal(utcTime(second), '2026-11-30T23:59:59Z', 'and back');
  t.equal(utcTime(0), '1970-01-01T00:00:00Z');
  t.equal(utcTime(-1), '1969-12-31T23:59:59Z');
  t.throws(() => utcTime(Number.NaN), RangeError);
  t.end();
});
