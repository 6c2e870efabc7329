// Timestamps as charge points write them: what is read, what is not believed, and what cannot be read.
import fc from 'fast-check';
import t from 'tap';
import { EARLIEST_PLAUSIBLE_MS, eventTime, MAX_AHEAD_MS, parseTimestamp } from './timestamp.ts';

const NOON = Date.UTC(2026, 10, 30, 12, 0, 5);

void t.test('the same moment in the many ways chargers write it', (t) => {
  const same = [
    '2026-11-30T12:00:05Z',
    '2026-11-30T12:00:05z',
    '2026-11-30t12:00:05Z',
    '2026-11-30 12:00:05Z',
    '2026-11-30T12:00:05 Z',
    '  2026-11-30T12:00:05Z ',
    '2026-11-30T12:00:05',
    '2026-11-30T12:0:5Z',
    '2026-11-30T15:00:05+03:00',
    '2026-11-30T15:00:05+0300',
    '2026-11-30T15:00:05+03',
    '2026-11-30T06:30:05-05:30',
    '2026-12-01T02:00:05+14:00',
    '2026-11-30T12:00:05.000Z',
    '2026-11-30T12:00:05,0Z',
  ];
  for (const text of same) t.equal(parseTimestamp(text), NOON, text);
  t.end();
});

void t.test('fractions of any length are cut to milliseconds', (t) => {
  for (const [fraction, ms] of [
    ['5', 500],
    ['12', 120],
    ['123', 123],
    ['301252', 301],
    ['123456789', 123],
    ['999999999', 999],
  ] as const)
    t.equal(parseTimestamp(`2026-11-30T12:00:05.${fraction}Z`), NOON + ms, fraction);
  t.end();
});

void t.test('parts that may be left out', (t) => {
  t.equal(parseTimestamp('2026-11-30T12:00Z'), Date.UTC(2026, 10, 30, 12), 'seconds');
  t.equal(parseTimestamp('2026-11-30'), Date.UTC(2026, 10, 30), 'the time');
  t.equal(parseTimestamp('2026-1-5T00:00:00Z'), Date.UTC(2026, 0, 5), 'leading zeros');
  t.end();
});

void t.test('edges of the calendar: leap days, leap seconds, 24:00', (t) => {
  t.equal(parseTimestamp('2028-02-29T00:00:00Z'), Date.UTC(2028, 1, 29));
  t.equal(parseTimestamp('2026-02-29T00:00:00Z'), null, 'no leap year');
  t.equal(parseTimestamp('2100-02-29T00:00:00Z'), null, 'nor this one');
  t.equal(parseTimestamp('2026-04-30T00:00:00Z'), Date.UTC(2026, 3, 30));
  t.equal(parseTimestamp('2026-04-31T00:00:00Z'), null);
  t.equal(parseTimestamp('2016-12-31T23:59:60Z'), Date.UTC(2016, 11, 31, 23, 59, 59), 'a leap second');
  t.equal(parseTimestamp('2016-12-31T23:59:61Z'), null);
  t.equal(parseTimestamp('2026-11-30T24:00:00Z'), Date.UTC(2026, 11, 1));
  t.equal(parseTimestamp('2026-11-30T25:00:00Z'), null);
  t.equal(parseTimestamp('2026-11-30T12:59:00Z'), Date.UTC(2026, 10, 30, 12, 59));
  t.equal(parseTimestamp('2026-11-30T12:60:00Z'), null);
  t.equal(parseTimestamp('2026-12-01T00:00:00Z'), Date.UTC(2026, 11, 1));
  t.equal(parseTimestamp('2026-13-01T00:00:00Z'), null);
  t.equal(parseTimestamp('2026-00-10T00:00:00Z'), null);
  t.equal(parseTimestamp('2026-11-00T00:00:00Z'), null);
  t.end();
});

void t.test('what is no timestamp is not read', (t) => {
  const junk = [
    '',
    ' ',
    'now',
    '1700000000',
    'T12:00:00Z',
    '2026-11-30T',
    '2026-11-30T12',
    '30.11.2026 12:00',
  ];
  junk.push(
    '2026-11-30T12:00:05ZZ',
    '2026-11-30T12:00:05+3',
    '2026-11-30T12:00:05Z junk',
    '٢٠٢٦-11-30T12:00:05Z',
  );
  for (const text of junk) t.equal(parseTimestamp(text), null, JSON.stringify(text));
  t.end();
});

void t.test('a long text is refused, however it is made', (t) => {
  const head = '2026-11-30T12:00:05.';
  t.equal(parseTimestamp(`${head}${'1'.repeat(43)}Z`), NOON + 111, '64 characters are read');
  t.equal(parseTimestamp(`${head}${'1'.repeat(44)}Z`), null, '65 are not');
  for (const filler of ['1', ' ', '\n', '\t'])
    t.equal(parseTimestamp(`${head}${filler.repeat(1_000_000)}!`), null);
  t.end();
});

void t.test('whatever moment is written as ISO 8601 is read back, whatever text comes does no harm', (t) => {
  const moment = fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(fc.property(moment, (date) => parseTimestamp(date.toISOString()) === date.getTime()));
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const atMs = parseTimestamp(text);
      return atMs === null || Number.isSafeInteger(atMs);
    }),
  );
  t.end();
});

void t.test("a charge point's clock is believed from 2020 until ten minutes from now", (t) => {
  const at = (ms: number) => eventTime(new Date(ms).toISOString(), NOON);
  t.same(at(NOON - 3_600_000), { atMs: NOON - 3_600_000, isPlausible: true }, 'an hour late');
  t.same(at(EARLIEST_PLAUSIBLE_MS), { atMs: EARLIEST_PLAUSIBLE_MS, isPlausible: true });
  t.same(at(EARLIEST_PLAUSIBLE_MS - 1), { atMs: NOON, isPlausible: false });
  t.same(at(12_000), { atMs: NOON, isPlausible: false }, '1970');
  t.same(at(NOON + MAX_AHEAD_MS), { atMs: NOON + MAX_AHEAD_MS, isPlausible: true });
  t.same(at(NOON + MAX_AHEAD_MS + 1), { atMs: NOON, isPlausible: false });
  t.same(eventTime(undefined, NOON), { atMs: NOON, isPlausible: false }, 'none');
  t.same(eventTime('junk', NOON), { atMs: NOON, isPlausible: false }, 'junk');
  t.end();
});
