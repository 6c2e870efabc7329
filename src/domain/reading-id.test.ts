// Ids of readings: the same for repetitions, different for whatever else a site can send.
import t from 'tap';
import { readingIdOf, readingIdText, type ReadingIdentity } from './reading-id.ts';

const READING: ReadingIdentity = {
  chargePointId: 'CP1',
  connectorId: 1,
  transactionId: 17,
  timestamp: '2026-11-30T12:00:00Z',
  registerWh: 88_200,
  intervalMilliWh: null,
  context: 'Sample.Periodic',
};

void t.test('a repetition has the same id', (t) => {
  t.equal(readingIdOf({ ...READING }), readingIdOf(READING));
  t.end();
});

void t.test('whatever differs makes it another one', (t) => {
  const others: Partial<ReadingIdentity>[] = [
    { chargePointId: 'CP2' },
    { chargePointId: 'CP11', connectorId: 1 },
    { connectorId: 2 },
    { transactionId: 18 },
    { transactionId: null },
    { timestamp: '2026-11-30T12:00:01Z' },
    { timestamp: '' },
    { registerWh: 88_201 },
    { registerWh: null },
    { registerWh: null, intervalMilliWh: 0 },
    { registerWh: null, intervalMilliWh: 88_200 },
    { registerWh: 88_200.5 },
    { context: 'Transaction.End' },
    { chargePointId: 'Straße 1' },
  ];
  const ids = new Set([READING, ...others.map((other) => ({ ...READING, ...other }))].map(readingIdOf));
  t.equal(ids.size, others.length + 1);
  t.end();
});

void t.test('half a million readings of a site have half a million ids of 48 bits', (t) => {
  const ids = new Set<number>();
  let [least, most] = [Infinity, 0];
  for (let charger = 0; charger < 500; charger += 1) {
    for (let sample = 0; sample < 1000; sample += 1) {
      const timestamp = new Date(Date.UTC(2026, 10, 30) + sample * 10_000).toISOString();
      const chargePointId = `CP${String(charger).padStart(3, '0')}`;
      const id = readingIdOf({ ...READING, chargePointId, timestamp, registerWh: 1000 + sample });
      [least, most] = [Math.min(least, id), Math.max(most, id)];
      ids.add(id);
    }
  }
  t.equal(ids.size, 500_000);
  t.ok(least >= 0 && most < 2 ** 48 && Number.isInteger(most));
  t.ok(least < 2 ** 32 && most > 2 ** 47, 'all of the 48 bits are used');
  t.end();
});

void t.test('as text it has 12 digits', (t) => {
  t.equal(readingIdText(0xabc123def456), 'abc123def456');
  t.equal(readingIdText(1), '000000000001');
  t.end();
});
