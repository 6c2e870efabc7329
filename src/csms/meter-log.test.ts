// [METER] lines: the first reading of a session and then one a minute are for everybody, each reading is for who looks closer.
import t from 'tap';
import { sampleSession, withEnergy } from '../domain/sample.fixture.ts';
import type { LogLevel } from '../runtime/log.ts';
import { createLog } from '../runtime/log-output.ts';
import { MeterLog } from './meter-log.ts';

function meterLog(level: LogLevel) {
  const lines: string[] = [];
  const log = createLog({ level, format: 'text', write: (line) => lines.push(line.slice(25).trimEnd()) });
  return { lines, meter: new MeterLog(log) };
}

const session = withEnergy(sampleSession(17), { '2026-11-30': 1500 });

void t.test('each session is told of once a minute, however often its charger tells', (t) => {
  const { lines, meter } = meterLog('info');
  for (let second = 0; second < 300; second += 10) {
    meter.reading(session, second * 1000);
    meter.reading(sampleSession(18), second * 1000);
  }
  t.equal(lines.length, 2 * 5);
  t.equal(
    lines[0],
    'INFO  [METER] reading charger=CP1 connector=1 transaction=17 user=A registerWh=1000 energyWh=1500',
  );
  t.end();
});

void t.test('a minute is not up before it is, and a clock that was set back does not silence it', (t) => {
  const { lines, meter } = meterLog('info');
  for (const atMs of [100_000, 159_999]) meter.reading(session, atMs);
  t.equal(lines.length, 1);
  meter.reading(session, 160_000);
  t.equal(lines.length, 2);
  meter.reading(session, 5_000);
  t.equal(lines.length, 3);
  t.end();
});

void t.test('the others are there at debug', (t) => {
  const { lines, meter } = meterLog('debug');
  for (const atMs of [0, 10_000, 20_000]) meter.reading(session, atMs);
  t.match(lines, [/^INFO {2}\[METER\]/, /^DEBUG \[METER\]/, /^DEBUG \[METER\]/]);
  t.end();
});

void t.test('a session that has ended is forgotten, and late samples of any number fill no memory', (t) => {
  const { lines, meter } = meterLog('info');
  meter.reading(session, 0);
  meter.ended(session);
  meter.reading(session, 1000);
  t.equal(lines.length, 2, 'it is the first of it again');
  for (let id = 100; id < 5_101; id++) meter.reading(sampleSession(id), 2000);
  lines.length = 0;
  meter.reading(session, 3000);
  meter.reading(sampleSession(5_100), 3000);
  t.equal(lines.length, 1, 'the one told longest ago was forgotten, the newest was not');
  t.end();
});
