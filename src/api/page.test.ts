// Pages of lists: none twice, none left out, whatever comes and goes in between.
import t from 'tap';
import { seededRandom } from '../../test/kit/seeded-random.ts';
import { firstInOrder, pageOf } from './page.ts';

const same = (text: string) => text;

t.test('pages follow each other without repetition, and the last one says so', (t) => {
  const all = ['a', 'b', 'c', 'd', 'e'];
  const first = pageOf(all, { limit: 2 }, same);
  t.strictSame(first, { items: ['a', 'b'], next: 'b' });
  const second = pageOf(all, { limit: 2, after: 'b' }, same);
  t.strictSame(second, { items: ['c', 'd'], next: 'd' });
  t.strictSame(pageOf(all, { limit: 2, after: 'd' }, same), { items: ['e'], next: null });
  t.strictSame(pageOf(all, { limit: 5 }, same), { items: all, next: null }, 'exactly full');
  t.strictSame(pageOf([], {}, same), { items: [], next: null });
  t.end();
});

t.test('a cursor whose item has gone goes on where it was', (t) => {
  t.strictSame(pageOf(['a', 'c'], { after: 'b' }, same), { items: ['c'], next: null });
  t.end();
});

t.test('any order will do, by its cursors', (t) => {
  const newestFirst = (a: string, b: string) => Number(b) - Number(a);
  const page = pageOf([100, 20, 3], { limit: 1, after: '100' }, String, newestFirst);
  t.strictSame(page, { items: [20], next: '20' });
  t.end();
});

t.test('a hundred items unless more are asked for', (t) => {
  const many = Array.from({ length: 101 }, (_, index) => String(index).padStart(3, '0'));
  t.strictSame(pageOf(many, {}, same), { items: many.slice(0, 100), next: '099' });
  t.end();
});

const ascending = (a: number, b: number) => a - b;

t.test('the first of many are those that sorting would put first, whatever order they are in', (t) => {
  const random = seededRandom(3);
  for (const [length, count] of [
    [0, 5],
    [3, 5],
    [5, 5],
    [200, 7],
    [200, 1],
    [50, 0],
  ] as const) {
    const items = Array.from({ length }, () => random.below(60));
    const sorted = items.toSorted(ascending).slice(0, count);
    for (const one of [items, items.toSorted(ascending), items.toSorted((a, b) => b - a)])
      t.strictSame(firstInOrder(one, count, ascending), sorted, `${count} of ${length}`);
  }
  t.end();
});

t.test('the newest of a hundred thousand are found by looking at each about once', (t) => {
  const times = Array.from({ length: 100_000 }, (_, index) => index);
  let looks = 0;
  const newest = firstInOrder(times, 200, (a, b) => {
    looks += 1;
    return b - a;
  });
  t.strictSame(newest, times.slice(-200).reverse());
  t.ok(looks < 110_000, `${looks} comparisons`);
  t.end();
});
