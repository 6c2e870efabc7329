// Pages of lists: none twice, none left out, whatever comes and goes in between.
import t from 'tap';
import { pageOf } from './page.ts';

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
