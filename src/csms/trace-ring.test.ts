// The ring against a plain list of lines: whatever is added, dropped and read, it tells the same.
import fc from 'fast-check';
import t from 'tap';
import type { TraceLine } from '../domain/trace.ts';
import { lengthOf, TraceRing } from './trace-ring.ts';

const kind = fc.constantFrom<TraceLine['kind']>('in', 'out', 'connected', 'disconnected');
/** Some longer than the largest chunk, and all that UTF-8 can say. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.integer({ min: 0, max: 70_000 }).map((length) => 'ä'.repeat(length)),
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('add' as const), kind, text, atMs: fc.double() }) },
  fc.record({ does: fc.constant('drop' as const), lines: fc.nat(5) }),
  fc.record({ does: fc.constant('shorten' as const), length: fc.nat(100_000) }),
);

function bytesOf(line: TraceLine): number {
  return lengthOf(line) - line.text.length + Buffer.byteLength(line.text);
}

void t.test('it tells what a list of lines would tell', (t) => {
  fc.assert(
    fc.property(fc.nat(10), fc.array(step, { maxLength: 60 }), (lastSeq, steps) => {
      const ring = new TraceRing(lastSeq);
      let list: TraceLine[] = [];
      let length = 0;
      const sum = () => list.reduce((all, line) => all + bytesOf(line), 0);
      for (const one of steps) {
        if (one.does === 'add') {
          length += ring.add(one.atMs, one.kind, one.text);
          list.push({ seq: ring.lastSeq, atMs: one.atMs, kind: one.kind, text: one.text });
        } else if (one.does === 'drop') {
          const seq = ring.firstSeq + one.lines - 1;
          length -= ring.dropThrough(seq);
          list = list.filter((line) => line.seq > seq);
        } else {
          length -= ring.shorten(one.length);
          while (sum() > one.length) list.shift();
        }
      }
      t.strictSame(ring.lines(), list);
      t.strictSame(
        ring.lines(lastSeq + 3),
        list.filter((line) => line.seq > lastSeq + 3),
      );
      t.equal(ring.length, sum());
      t.equal(ring.length, length, 'what add, dropThrough and shorten return adds up');
      t.equal(ring.isEmpty, list.length === 0);
      t.equal(ring.firstSeq, list[0]?.seq ?? ring.lastSeq + 1);
    }),
    { numRuns: 60 },
  );
  t.end();
});

void t.test('the first lines up to a length: one at least, and the one that reaches it', (t) => {
  const ring = new TraceRing(0);
  for (const word of ['one', 'two', 'three']) ring.add(0, 'in', word);
  const wordsUpTo = (length: number) => ring.lines(0, length).map((line) => line.text);
  const [first] = ring.lines();
  const firstLength = first ? lengthOf(first) : 0;
  t.strictSame(wordsUpTo(1), ['one']);
  t.strictSame(wordsUpTo(firstLength), ['one']);
  t.strictSame(wordsUpTo(firstLength + 1), ['one', 'two']);
  t.strictSame(wordsUpTo(Infinity), ['one', 'two', 'three']);
  t.end();
});
