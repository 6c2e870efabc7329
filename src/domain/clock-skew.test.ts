// A charger's clock that is off by whole half hours is believed only after several live messages over some time.
import t from 'tap';
import { learnSkew, NO_SKEW, type ClockSkew } from './clock-skew.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const MINUTE = 60_000;

/** Messages by minute of the server's time, and how far ahead in minutes the charger's clock is in each. */
function learned(...messages: [minute: number, aheadMinutes: number][]): ClockSkew {
  return messages.reduce(
    (skew, [minute, ahead]) => learnSkew(skew, NOW + (minute + ahead) * MINUTE, NOW + minute * MINUTE),
    NO_SKEW,
  );
}

void t.test('a stable skew is learned after four messages over ten minutes, not before', (t) => {
  t.equal(learned([0, 120], [4, 120], [8, 120]).skewMs, 0, 'three messages');
  t.equal(learned([0, 120], [1, 120], [2, 120], [9, 120]).skewMs, 0, 'nine minutes');
  t.equal(learned([0, 120], [1, 120], [2, 120], [10, 120]).skewMs, 120 * MINUTE);
  t.equal(learned([0, 60], [5, 61], [8, 59], [12, 60]).skewMs, 60 * MINUTE, 'within two minutes');
  t.equal(learned([0, 330], [5, 330], [8, 330], [12, 330]).skewMs, 330 * MINUTE, 'half hours too');
  t.end();
});

void t.test('a clock that seems to be behind takes three times the evidence: a queue looks like it', (t) => {
  const late = (count: number, everyMin: number) =>
    learned(...Array.from({ length: count }, (_, i) => [i * everyMin, -60] as [number, number])).skewMs;
  t.equal(late(11, 3), 0, 'eleven messages');
  t.equal(late(12, 2), 0, '22 minutes');
  t.equal(late(12, 3), -60 * MINUTE);
  t.end();
});

void t.test('what fits no half hour, or is older than any zone, says nothing', (t) => {
  t.same(learned([0, 15], [5, 15], [8, 15], [12, 15]), NO_SKEW, 'drift');
  t.same(learned([0, -900], [5, -900], [8, -900], [12, -900]), NO_SKEW, '15 hours: an offline queue');
  t.equal(learned([0, 840], [5, 840], [8, 840], [12, 840]).skewMs, 840 * MINUTE, '14 hours');
  t.end();
});

void t.test('a queue delivered at once is no skew, and a corrected clock is believed again', (t) => {
  t.equal(learned([0, -30], [0, -60], [0, -90], [0, -120], [11, -30]).skewMs, 0);
  const wrong: [number, number][] = [
    [0, 60],
    [4, 60],
    [8, 60],
    [12, 60],
  ];
  t.equal(learned(...wrong, [13, 0], [15, 0], [20, 0]).skewMs, 60 * MINUTE, 'not at once');
  t.equal(learned(...wrong, [13, 0], [15, 0], [20, 0], [24, 0]).skewMs, 0);
  t.end();
});

void t.test('nothing new is the same object', (t) => {
  const known = learned([0, 0], [5, 0], [10, 0], [15, 0]);
  t.equal(learnSkew(known, NOW + 20 * MINUTE, NOW + 20 * MINUTE), known);
  t.end();
});
