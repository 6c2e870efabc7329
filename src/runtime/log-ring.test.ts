// The newest lines in memory: bounded, in order, and told as they come.
import t from 'tap';
import { createLog } from './log-output.ts';
import { LogRing } from './log-ring.ts';
import { createManualClock } from './manual-clock.ts';

function ringOf(capacity: number) {
  const clock = createManualClock();
  const ring = new LogRing(clock, capacity);
  return { clock, ring, shown: () => [...ring.kept()].map(({ seq, message }) => `${seq} ${message}`) };
}

void t.test('the newest are kept, the oldest first', (t) => {
  const { ring, shown } = ringOf(3);
  t.same(shown(), []);
  const after: string[][] = [];
  for (const message of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
    ring.add('info', 'DATA', message);
    after.push(shown());
  }
  t.same(after[1], ['1 a', '2 b']);
  t.same(after[2], ['1 a', '2 b', '3 c']);
  t.same(after[3], ['2 b', '3 c', '4 d']);
  t.same(after[6], ['5 e', '6 f', '7 g']);
  t.end();
});

void t.test(
  'a line has its moment, level, tag and fields; listeners are told of it until they end that',
  (t) => {
    const { clock, ring } = ringOf(3);
    clock.advance(1500);
    const told: object[] = [];
    const end = ring.subscribe((line) => told.push(line));
    ring.add('warn', 'METER', 'odd', { charger: 'CP1' });
    const line = {
      seq: 1,
      atMs: 1500,
      level: 'warn',
      tag: 'METER',
      message: 'odd',
      fields: { charger: 'CP1' },
    };
    t.strictSame(told, [line]);
    t.strictSame([...ring.kept()], [line]);
    end();
    ring.add('info', 'DATA', 'more');
    t.equal(told.length, 1);
    t.end();
  },
);

void t.test('it keeps what the log lets through, and no more', (t) => {
  const { ring, shown } = ringOf(3);
  const log = createLog({ level: 'info', format: 'text', write: () => undefined, ring });
  log.debug('DATA', 'too small');
  log.info('DATA', 'kept');
  t.same(shown(), ['1 kept']);
  t.end();
});
