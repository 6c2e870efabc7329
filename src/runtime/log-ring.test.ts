// The newest lines in memory: bounded, in order, and told as they come.
import t from 'tap';
import { createLog } from './log-output.ts';
import { LogRing, type KeptLine } from './log-ring.ts';

const LINE: Omit<KeptLine, 'seq'> = {
  ...{ atMs: 1500, level: 'warn', tag: 'METER', message: 'odd' },
  fields: { charger: 'CP1' },
};

function ringOf(capacity: number) {
  const ring = new LogRing(capacity);
  return { ring, shown: () => [...ring.kept()].map(({ seq, message }) => `${seq} ${message}`) };
}

void t.test('the newest are kept, the oldest first', (t) => {
  const { ring, shown } = ringOf(3);
  t.same(shown(), []);
  const after: string[][] = [];
  for (const message of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
    ring.add({ ...LINE, message });
    after.push(shown());
  }
  t.same(after[1], ['1 a', '2 b']);
  t.same(after[2], ['1 a', '2 b', '3 c']);
  t.same(after[3], ['2 b', '3 c', '4 d']);
  t.same(after[6], ['5 e', '6 f', '7 g']);
  t.end();
});

void t.test('listeners are told of each line until they end that', (t) => {
  const { ring } = ringOf(3);
  const told: object[] = [];
  const end = ring.subscribe((line) => told.push(line));
  ring.add(LINE);
  t.strictSame(told, [{ seq: 1, ...LINE }]);
  t.strictSame([...ring.kept()], told);
  end();
  ring.add({ ...LINE, message: 'more' });
  t.equal(told.length, 1);
  t.end();
});

void t.test('it keeps what the log lets through, and no more', (t) => {
  const { ring, shown } = ringOf(3);
  const log = createLog({ level: 'info', format: 'text', write: () => undefined, ring });
  log.debug('DATA', 'too small');
  log.info('DATA', 'kept');
  t.same(shown(), ['1 kept']);
  t.end();
});
