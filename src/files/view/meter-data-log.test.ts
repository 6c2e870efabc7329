// meter_data_log.json to the letter: the newest readings, newest last, and null where the charger did not say.
import t from 'tap';
import type { Reading } from '../../domain/reading.ts';
import { readingIdText } from '../../domain/reading-id.ts';
import { MeterDataLog } from './meter-data-log.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

function reading(seq: number, changed: Partial<Reading> = {}): Reading {
  return {
    seq,
    id: seq,
    at: Date.UTC(2025, 0, 15, 10, 35, 0, 250),
    chargePointId: 'LIVOLTEK_01',
    connectorId: 1,
    transactionId: 5,
    userName: 'John Doe',
    registerWh: 88_200,
    powerW: 7200,
    frequencyMilliHz: 50_000,
    ...changed,
  };
}

const sequence = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => reading(from + index));
const idsIn = (log: MeterDataLog) => (JSON.parse(log.render()) as Rows).map((row) => row['ID']);
const ids = (from: number, to: number) => sequence(from, to).map(({ id }) => readingIdText(id));

void t.test('a reading is a line as other programs know it', (t) => {
  const log = new MeterDataLog(500, [
    reading(1, { id: 0xabc123def456 }),
    reading(2, { frequencyMilliHz: 49_987 }),
  ]);
  const rest =
    '"timestamp":"2025-01-15T10:35:00Z","userName":"John Doe","chargerName":"LIVOLTEK_01","totalPower":7200,"deliveredEnergy":88.2';
  t.equal(
    log.render(),
    `[\n  {"ID":"abc123def456",${rest},"frequency":50},\n  {"ID":"000000000002",${rest},"frequency":49.987}\n]\n`,
  );
  t.end();
});

void t.test('what the charger did not say is null, and 0 is not', (t) => {
  const shown = (changed: Partial<Reading>) => {
    const [row] = JSON.parse(new MeterDataLog(1, [reading(1, changed)]).render()) as Rows;
    return [row?.['deliveredEnergy'], row?.['totalPower'], row?.['frequency']];
  };
  t.strictSame(shown({ registerWh: null, powerW: null, frequencyMilliHz: null }), [null, null, null]);
  t.strictSame(shown({ registerWh: 0, powerW: 0, frequencyMilliHz: 0 }), [0, 0, 0]);
  t.strictSame(shown({ registerWh: 1, powerW: -1, frequencyMilliHz: 1 }), [0.001, -1, 0.001]);
  t.end();
});

void t.test('no readings: an empty list', (t) => {
  t.equal(new MeterDataLog(500, []).render(), '[]\n');
  t.end();
});

void t.test('only the newest are shown, in the order they came', (t) => {
  const log = new MeterDataLog(3, sequence(1, 2));
  t.strictSame(idsIn(log), ids(1, 2), 'fewer than the most');
  log.add(sequence(3, 3));
  t.strictSame(idsIn(log), ids(1, 3), 'exactly as many');
  log.add(sequence(4, 4));
  t.strictSame(idsIn(log), ids(2, 4), 'one more');
  log.add([]);
  t.strictSame(idsIn(log), ids(2, 4), 'nothing new');
  t.end();
});

void t.test('it makes no difference whether readings come one by one, in heaps or with the start', (t) => {
  const newest = ids(36, 40);
  t.strictSame(idsIn(new MeterDataLog(5, sequence(1, 40))), newest, 'with the start');
  const heap = new MeterDataLog(5, sequence(1, 4));
  heap.add(sequence(5, 40));
  t.strictSame(idsIn(heap), newest, 'in a heap');
  const single = new MeterDataLog(5, []);
  for (let seq = 1; seq <= 40; seq += 1) {
    single.add([reading(seq)]);
    t.strictSame(idsIn(single), ids(Math.max(1, seq - 4), seq), `one by one, up to ${seq}`);
  }
  t.end();
});

void t.test('it makes no difference how often it was rendered meanwhile', (t) => {
  const often = new MeterDataLog(5, []);
  const once = new MeterDataLog(5, []);
  let seq = 0;
  for (const heap of [1, 0, 3, 2, 5, 6, 1, 11, 4, 0, 12, 2]) {
    const fresh = sequence(seq + 1, seq + heap);
    seq += heap;
    often.add(fresh);
    once.add(fresh);
    t.strictSame(idsIn(often), ids(Math.max(1, seq - 4), seq), `up to ${seq}`);
  }
  t.equal(often.render(), once.render());
  t.end();
});

void t.test('the list that was handed in stays its owner’s', (t) => {
  const given = sequence(1, 2);
  const log = new MeterDataLog(5, given);
  log.add(sequence(3, 3));
  given.push(reading(99));
  t.equal(given.length, 3);
  t.strictSame(idsIn(log), ids(1, 3));
  t.end();
});

void t.test('names from outside are kept to the letter, each reading on its own line', (t) => {
  const names = ['Seán "Jack" O\'Neill', 'a\\b', 'line\nbreak', '\u001b[2J', '__proto__', ''];
  const log = new MeterDataLog(
    10,
    names.map((name, seq) => reading(seq, { userName: name, chargePointId: name })),
  );
  const text = log.render();
  t.equal(text.split('\n').length, names.length + 3);
  const rows = JSON.parse(text) as Rows;
  t.strictSame(
    rows.map((row) => [row['userName'], row['chargerName']]),
    names.map((name) => [name, name]),
  );
  t.end();
});
