// Days and months of a site: short and long days, reset days, and energy spread over midnight without losing a Wh.
import fc from 'fast-check';
import t from 'tap';
import { totalWh } from './energy.ts';
import { createSiteCalendar } from './site-calendar.ts';

const HOUR = 3_600_000;
const at = (time: string) => Date.parse(time);

void t.test('days have 23, 24 or 25 hours where clocks are changed', (t) => {
  const hours = (zone: string, time: string) => {
    const { startMs, endMs } = createSiteCalendar(zone, 1).dayAt(at(time));
    return (endMs - startMs) / HOUR;
  };
  t.equal(hours('Europe/Berlin', '2026-03-29T10:00:00Z'), 23);
  t.equal(hours('Europe/Berlin', '2026-03-30T10:00:00Z'), 24);
  t.equal(hours('Europe/Berlin', '2026-10-25T10:00:00Z'), 25);
  t.equal(hours('Europe/Istanbul', '2026-03-29T10:00:00Z'), 24, 'not in Istanbul');
  t.equal(hours('Australia/Lord_Howe', '2026-10-04T10:00:00Z'), 23.5, 'half an hour on Lord Howe');
  t.end();
});

void t.test('a day begins at its own midnight, or when the skipped one is over', (t) => {
  const istanbul = createSiteCalendar('Europe/Istanbul', 1);
  t.equal(istanbul.dayAt(at('2026-11-30T20:59:59.999Z')).day, '2026-11-30');
  t.equal(istanbul.dayAt(at('2026-11-30T21:00:00Z')).day, '2026-12-01');
  t.equal(istanbul.monthAt(at('2026-11-30T20:59:59.999Z')), '2026-11');
  t.equal(istanbul.monthAt(at('2026-11-30T21:00:00Z')), '2026-12');
  const beirut = createSiteCalendar('Asia/Beirut', 1).dayAt(at('2026-03-29T10:00:00Z'));
  t.equal(
    new Date(beirut.startMs).toISOString(),
    '2026-03-28T22:00:00.000Z',
    '00:00 does not exist: it begins at 01:00',
  );
  t.end();
});

void t.test('a day looked up before is found again, also among many', (t) => {
  const calendar = createSiteCalendar('Europe/Berlin', 1);
  const first = calendar.dayAt(at('2026-01-01T12:00:00Z'));
  for (let day = 0; day < 200; day += 1) {
    const found = calendar.dayAt(first.startMs + day * 24 * HOUR + 12 * HOUR);
    t.ok(found.startMs <= first.startMs + day * 24 * HOUR + 12 * HOUR, found.day);
  }
  t.same(calendar.dayAt(first.startMs), first, 'its first millisecond');
  t.same(calendar.dayAt(first.endMs - 1), first, 'its last one');
  t.same(calendar.dayAt(first.endMs - 0.5), first, 'also with a fraction');
  t.not(calendar.dayAt(first.endMs).day, first.day);
  t.end();
});

void t.test('the billing month turns on the reset day', (t) => {
  const first = createSiteCalendar('UTC', 1);
  t.equal(first.monthOf('2026-11-30'), '2026-11');
  t.equal(first.monthOf('2026-12-01'), '2026-12');
  const fifteenth = createSiteCalendar('UTC', 15);
  t.equal(fifteenth.monthOf('2026-12-14'), '2026-11');
  t.equal(fifteenth.monthOf('2026-12-15'), '2026-12');
  t.equal(fifteenth.monthOf('2027-01-14'), '2026-12');
  t.equal(createSiteCalendar('UTC', 28).monthOf('2026-03-27'), '2026-02');
  t.equal(first.monthAfter('2026-11'), '2026-12');
  t.equal(first.monthAfter('2026-12'), '2027-01');
  t.end();
});

void t.test('a month spans what is billed to it, in the time zone of the site', (t) => {
  const span = (calendar: ReturnType<typeof createSiteCalendar>, month: string) => {
    const { startMs, endMs } = calendar.spanOf(month);
    t.equal(calendar.monthAt(startMs), month);
    t.equal(calendar.monthAt(startMs - 1) === month, false);
    t.equal(calendar.monthAt(endMs - 1), month);
    t.equal(calendar.monthAt(endMs), calendar.monthAfter(month));
    return (endMs - startMs) / HOUR;
  };
  t.equal(span(createSiteCalendar('UTC', 1), '2026-11'), 30 * 24);
  t.equal(span(createSiteCalendar('UTC', 15), '2026-12'), 31 * 24);
  t.equal(span(createSiteCalendar('Europe/Berlin', 1), '2026-10'), 31 * 24 + 1, 'clocks are set back in it');
  t.end();
});

void t.test('energy is spread over midnight as if it had flowed evenly', (t) => {
  const calendar = createSiteCalendar('UTC', 1);
  const midnight = at('2026-12-01T00:00:00Z');
  t.same(calendar.spread(1000, midnight - HOUR, midnight), { '2026-11-30': 1000 }, 'up to midnight');
  t.same(calendar.spread(1000, midnight, midnight + HOUR), { '2026-12-01': 1000 }, 'from midnight');
  t.same(calendar.spread(1000, midnight - HOUR, midnight + 3 * HOUR), {
    '2026-11-30': 250,
    '2026-12-01': 750,
  });
  t.same(
    calendar.spread(3, midnight - HOUR, midnight + HOUR),
    { '2026-11-30': 2, '2026-12-01': 1 },
    'whole Wh',
  );
  t.same(
    calendar.spread(1, midnight - 1, midnight + HOUR),
    { '2026-12-01': 1 },
    'days without energy are left out',
  );
  t.same(calendar.spread(72, midnight - 24 * HOUR, midnight + 48 * HOUR), {
    '2026-11-30': 24,
    '2026-12-01': 24,
    '2026-12-02': 24,
  });
  t.same(calendar.spread(5, midnight, midnight), { '2026-12-01': 5 }, 'no length');
  t.same(calendar.spread(5, midnight + HOUR, midnight - HOUR), { '2026-12-01': 5 }, 'backward');
  t.end();
});

void t.test('a day of 23 or 25 hours gets its share', (t) => {
  const calendar = createSiteCalendar('Europe/Berlin', 1);
  const spring = calendar.spread(7100, at('2026-03-28T00:00:00+01:00'), at('2026-03-31T00:00:00+02:00'));
  t.same(spring, { '2026-03-28': 2400, '2026-03-29': 2300, '2026-03-30': 2400 });
  const autumn = calendar.spread(4900, at('2026-10-25T00:00:00+02:00'), at('2026-10-27T00:00:00+01:00'));
  t.same(autumn, { '2026-10-25': 2500, '2026-10-26': 2400 });
  t.end();
});

void t.test('what is spread sums to what flowed, in any zone, over any span', (t) => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Istanbul',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Pacific/Apia',
  );
  const moment = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });
  fc.assert(
    fc.property(zones, moment, fc.nat(10 * 24 * HOUR), fc.nat(1_000_000), (zone, fromMs, lengthMs, wh) => {
      const calendar = createSiteCalendar(zone, 1);
      const energy = calendar.spread(wh, fromMs, fromMs + lengthMs);
      t.ok(Object.values(energy).every((part) => Number.isInteger(part) && part >= 0));
      const days = Object.keys(energy).sort();
      t.ok(
        days.every(
          (day) => day >= calendar.dayAt(fromMs).day && day <= calendar.dayAt(fromMs + lengthMs).day,
        ),
      );
      return totalWh(energy) === wh;
    }),
    { numRuns: 200 },
  );
  t.end();
});
