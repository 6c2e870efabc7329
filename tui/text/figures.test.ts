// Figures and times as people read them.
import t from 'tap';
import { count, kw, kwh, percent, plural } from './figures.ts';
import { duration, msOf, shortDuration, siteTimes } from './times.ts';

t.test('energy and power have one decimal, and thousands stand apart', (t) => {
  t.equal(kwh(18_411), '18.4 kWh');
  t.equal(kwh(1_284_649), '1 284.6 kWh');
  t.equal(kwh(-40), '0.0 kWh', 'less than nothing is shown when it can be seen');
  t.equal(kwh(-4_800), '-4.8 kWh');
  t.equal(kw(7_204), '7.2 kW');
  t.equal(count(1_234_567), '1 234 567');
  t.equal(plural(1, 'session'), '1 session');
  t.equal(plural(2, 'day'), '2 days');
  t.end();
});

t.test('a quota is 100 % only when all of it is used', (t) => {
  t.equal(percent(0.9999), '99 %');
  t.equal(percent(1), '100 %');
  t.equal(percent(1.026), '102 %');
  t.equal(percent(0), '0 %');
  t.end();
});

t.test('how long something has been so is told in the two largest units', (t) => {
  const minute = 60_000;
  t.equal(duration(12_400), '12 s');
  t.equal(duration(41 * minute), '41 min');
  t.equal(duration(153 * minute), '2 h 33');
  t.equal(duration((4 * 24 + 2) * 60 * minute), '4 d 02 h');
  t.equal(shortDuration((4 * 24 + 2) * 60 * minute), '4 d');
  t.equal(duration(-5_000), '0 s', 'a clock that is a little behind');
  t.end();
});

t.test('times are those of the site, on both sides of midnight and of the change of clocks', (t) => {
  const times = siteTimes('Europe/Berlin');
  const ms = (iso: string) => Date.parse(iso);
  t.equal(times.clock(ms('2026-11-22T13:32:07Z')), '14:32:07');
  t.equal(times.full(ms('2026-11-22T13:32:07Z')), 'Sun 22 Nov 14:32:07');
  t.equal(times.clock(ms('2026-11-22T23:00:00Z')), '00:00:00');
  t.equal(times.clock(ms('2026-10-25T00:30:00Z')), '02:30:00');
  t.equal(times.clock(ms('2026-10-25T01:30:00Z')), '02:30:00');
  t.equal(times.short(ms('2026-11-22T13:00:00Z'), ms('2026-11-22T13:32:07Z')), '14:00');
  t.equal(times.short(ms('2026-11-21T13:00:00Z'), ms('2026-11-22T13:32:07Z')), '21 Nov 14:00');
  t.equal(times.month('2026-11'), 'Nov 2026');
  t.equal(times.month('nonsense'), 'nonsense');
  t.equal(
    siteTimes('Mars/Base').clock(ms('2026-11-22T13:32:07Z')).length,
    8,
    'a zone that is not known here',
  );
  t.end();
});

t.test('a time that is none is no time', (t) => {
  t.equal(msOf(null), null);
  t.equal(msOf('soon'), null);
  t.equal(msOf('1970-01-01T00:00:01Z'), 1_000);
  t.end();
});
