// Where one stands in a list: moving, scrolling, and rows that come and go meanwhile.
import t from 'tap';
import {
  firstShown,
  freshListView,
  moveBy,
  select,
  selectedIndex,
  type ListView,
  type Rows,
} from './list-view.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const rows: Rows = { ids, height: 3, isFollowing: false };
const at = (selectedId: string | null, more: Partial<ListView> = {}): ListView => ({
  ...freshListView,
  selectedId,
  ...more,
});

t.test('moving goes to the ends and no further, and scrolls only as far as it must', (t) => {
  let view = freshListView;
  const seen = [];
  for (const by of [1, 1, 1, -1, -1, -1, 99, -99]) {
    view = moveBy(view, rows, by);
    seen.push(`${view.selectedId ?? ''}${view.top}`);
  }
  t.same(seen, ['b0', 'c0', 'd1', 'c1', 'b1', 'a0', 'g4', 'a0']);
  t.end();
});

t.test('a row stays selected when others come before it; when it is gone its neighbour is', (t) => {
  const view = select(freshListView, rows, 2);
  t.equal(selectedIndex(view, { ids: ['x', 'y', ...ids], isFollowing: false }), 4);
  t.equal(selectedIndex(view, { ids: ['a', 'b', 'd'], isFollowing: false }), 2);
  t.equal(selectedIndex(view, { ids: ['a'], isFollowing: false }), 0);
  t.equal(selectedIndex(view, { ids: [], isFollowing: false }), -1);
  t.end();
});

t.test('no room is left empty under the last row, and a larger window shows more', (t) => {
  t.equal(firstShown(at('g', { top: 6 }), 6, 7, 3), 4);
  t.equal(firstShown(at('g', { top: 4 }), 6, 7, 10), 0);
  t.equal(firstShown(at('a', { top: 4 }), 0, 7, 3), 0, 'the selected row is seen');
  t.equal(firstShown(at('a', { top: 0 }), 6, 7, 3), 4);
  t.equal(firstShown(at(null), -1, 0, 3), 0);
  t.end();
});

t.test('a list that follows stays at its end until one moves away, and follows again from there', (t) => {
  const log: Rows = { ...rows, isFollowing: true };
  const longer: Rows = { ...log, ids: [...ids, 'h'] };
  t.equal(selectedIndex(freshListView, log), 6);
  t.equal(selectedIndex(freshListView, longer), 7, 'the new row is shown');
  const away = moveBy(freshListView, log, -2);
  t.equal(away.selectedId, 'e');
  t.equal(selectedIndex(away, longer), 4, 'new rows move nothing');
  t.equal(moveBy(away, longer, 3).selectedId, null, 'at the end again');
  t.end();
});
