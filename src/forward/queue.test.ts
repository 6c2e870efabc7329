// What waits for the external API: in the order of each charger, over restarts, in memory only as far as there is room.
import t from 'tap';
import { MadeUpDisk, reading } from './forward.test-kit.ts';
import type { ForwardQueue, Parcel } from './queue.ts';
import { switchedOff } from './queue.ts';

/** Takes and settles all that can be taken, one after the other; the seqs of each parcel. */
function drain(queue: ForwardQueue): number[][] {
  const sent: number[][] = [];
  for (let parcel = queue.take(); parcel !== null; parcel = queue.take()) {
    sent.push(seqsOf(parcel));
    queue.done(parcel);
  }
  return sent;
}

function seqsOf(parcel: Parcel | null): number[] {
  return parcel === null ? [] : parcel.readings.map(({ seq }) => seq);
}

void t.test('nothing from before it was switched on is sent, and everything since', (t) => {
  const disk = new MadeUpDisk();
  disk.add(reading(1), reading(2));
  const queue = disk.open();
  t.strictSame(drain(queue), []);
  queue.add(disk.add(reading(3)));
  t.strictSame(drain(queue), [[3]]);
  t.end();
});

void t.test('one charger waits for nobody but itself', (t) => {
  const disk = new MadeUpDisk();
  const queue = disk.open();
  queue.add(disk.add(reading(1, 'A'), reading(2, 'A'), reading(3, 'B'), reading(4, 'C')));
  const first = queue.take();
  t.strictSame(seqsOf(first), [1]);
  t.strictSame([seqsOf(queue.take()), seqsOf(queue.take()), seqsOf(queue.take())], [[3], [4], []]);
  queue.done(first!);
  t.strictSame(seqsOf(queue.take()), [2]);
  t.end();
});

void t.test('what was given back comes again before what follows it', (t) => {
  const disk = new MadeUpDisk();
  const queue = disk.open();
  queue.add(disk.add(reading(1), reading(2)));
  queue.giveBack(queue.take()!);
  t.strictSame(drain(queue), [[1], [2]]);
  t.end();
});

void t.test('after a restart the rest is sent, and what was on its way once more', (t) => {
  const disk = new MadeUpDisk();
  const before = disk.open();
  before.add(disk.add(reading(1, 'A'), reading(2, 'B'), reading(3, 'A'), reading(4, 'B')));
  before.done(before.take()!);
  t.strictSame(seqsOf(before.take()), [2], 'on its way when the power is cut');
  const after = disk.open();
  t.equal(after.size, 3);
  t.equal(after.oldestMs, 2000);
  t.strictSame(drain(after), [[2], [3], [4]]);
  t.strictSame(drain(disk.open()), []);
  t.end();
});

void t.test('a parcel that was begun has the same readings again, whatever has come since', (t) => {
  const disk = new MadeUpDisk();
  const before = disk.open(3);
  before.add(disk.add(reading(1), reading(2), reading(3)));
  before.done(before.take()!);
  t.strictSame(seqsOf(before.take()), [2, 3]);
  before.add(disk.add(reading(4), reading(5)));
  t.strictSame(drain(disk.open(3)), [
    [2, 3],
    [4, 5],
  ]);
  t.end();
});

void t.test('the first of a charger goes by itself: it may have been on its way when all ended', (t) => {
  const disk = new MadeUpDisk();
  const before = disk.open();
  before.add(disk.add(...[1, 2, 3, 4].map((seq) => reading(seq))));
  t.strictSame(seqsOf(before.take()), [1]);
  t.strictSame(drain(disk.open(3)), [[1], [2, 3, 4]]);
  t.end();
});

void t.test('a parcel that was refused goes reading by reading', (t) => {
  const disk = new MadeUpDisk();
  const queue = disk.open(3);
  queue.add(disk.add(...[1, 2, 3, 4, 5, 6].map((seq) => reading(seq))));
  queue.done(queue.take()!);
  queue.split(queue.take()!);
  t.strictSame(drain(queue), [[2], [3], [4], [5, 6]]);
  t.end();
});

void t.test('a long queue waits in the meter log, and comes in order all the same', (t) => {
  const disk = new MadeUpDisk();
  const queue = disk.open(7);
  const all = Array.from({ length: 12_000 }, (_, index) => reading(index + 1, `CP${index % 5}`));
  for (let at = 0; at < all.length; at += 1_000) queue.add(disk.add(...all.slice(at, at + 1_000)));
  t.equal(queue.size, 12_000);
  const sent = drain(queue).flat();
  t.equal(new Set(sent).size, 12_000, 'each once');
  for (let charger = 0; charger < 5; charger += 1) {
    const own = sent.filter((seq) => (seq - 1) % 5 === charger);
    t.strictSame(
      own,
      own.toSorted((a, b) => a - b),
      `CP${charger}`,
    );
  }
  t.equal(queue.size, 0);
  t.ok((disk.book?.scannedSeq ?? 0) > 10_000, 'the next start looks at the end of it only');
  t.end();
});

void t.test('what is taken while it is switched off is never sent; what waited then still is', (t) => {
  const disk = new MadeUpDisk();
  disk.open().add(disk.add(reading(1), reading(2)));
  disk.book = switchedOff(disk.book, disk.lastSeq);
  disk.add(reading(3), reading(4));
  t.equal(switchedOff(disk.book, disk.lastSeq), null, 'off is off');
  const queue = disk.open();
  queue.add(disk.add(reading(5)));
  t.equal(queue.size, 3);
  t.strictSame(drain(queue), [[1], [2], [5]]);
  t.equal(switchedOff(null, 7), null, 'it never was on');
  t.end();
});

void t.test('readings that were too old to be kept are told of, and hold up nothing', (t) => {
  const disk = new MadeUpDisk();
  const first = disk.open();
  first.add(disk.add(...[1, 2, 3, 4, 5, 6].map((seq) => reading(seq))));
  first.done(first.take()!);
  disk.readings.splice(0, 4);
  let forgotten = 0;
  const queue = disk.open(1, (count) => (forgotten += count));
  t.strictSame(drain(queue), [[5], [6]]);
  t.equal(forgotten, 4, 'one of them had been sent, but it is gone as well');
  t.end();
});

void t.test('a pause outlasts a restart', (t) => {
  const disk = new MadeUpDisk();
  disk.open().setPausedBy('wall-screen');
  t.equal(disk.open().pausedBy, 'wall-screen');
  disk.open().setPausedBy(null);
  t.equal(disk.open().pausedBy, null);
  t.end();
});
