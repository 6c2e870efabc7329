// The tables of keys: no key has two meanings where it counts, and everything that works is explained.
import t from 'tap';
import { LARGE, SMALL, TestDesk } from '../test/kit/dashboard-desk.tsx';
import { allCommands, allScreens, helpParts, keysAnywhere, keysOf, keysOfLists } from './key-tables.ts';
import type { Binding } from './keys/binding.ts';
import { helpRows } from './screen/help.ts';
import { widthOf } from './widget/line.ts';

const LABEL_MAX = 60;
/** Chords that sit next to those that move: what is done by mistake must not harm. */
const TOO_CLOSE = ['ctrl-d', 'ctrl-k', 'ctrl-u', 'ctrl-z', 'ctrl-s', 'ctrl-q'];

t.test('on every screen a key has one meaning', (t) => {
  for (const { id, bindings } of allScreens) {
    const keys = [...bindings, ...keysOfLists, ...keysAnywhere].flatMap((binding) => binding.keys);
    const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
    t.same(twice, [], id);
  }
  t.end();
});

t.test('the same letter means the same kind of thing on every screen', (t) => {
  const meanings = new Map<string, string>();
  for (const { id, bindings } of allScreens) {
    for (const { keys, hint, label } of bindings) {
      for (const key of keys) {
        const meaning = (hint ?? label).split(' ')[0] ?? '';
        const before = meanings.get(key);
        if (before !== undefined && before !== meaning)
          t.fail(`${key} on ${id} is ${meaning}, elsewhere ${before}`);
        meanings.set(key, meaning);
      }
    }
  }
  t.ok(meanings.size > 5, 'there are such keys');
  t.end();
});

t.test(
  'every key has a label that fits the help, and none stands where a slip of the finger finds it',
  (t) => {
    const all: readonly Binding[] = [
      ...allScreens.flatMap(({ bindings }) => bindings),
      ...keysOfLists,
      ...keysAnywhere,
    ];
    for (const { keys, label } of all) {
      t.ok(label.length > 0 && widthOf(label) <= LABEL_MAX, `${keys.join()}: ${label}`);
      t.same(
        keys.filter((key) => TOO_CLOSE.includes(key)),
        [],
      );
    }
    t.end();
  },
);

t.test('the help has a row for every key and every command', (t) => {
  const rows = helpRows(helpParts());
  const inHelp = new Set(rows.flatMap(({ keys }) => keys));
  for (const { bindings } of allScreens)
    for (const { keys } of bindings) for (const key of keys) t.ok(inHelp.has(key), key);
  for (const { name, args } of allCommands)
    t.ok(inHelp.has(`:${name}${args === undefined ? '' : ` ${args}`}`), name);
  t.equal(new Set(rows.map(({ id }) => id)).size, rows.length, 'no row twice');
  t.end();
});

t.test('whatever a command does to a charger or a session, its key says why when it cannot', (t) => {
  const readOnly = new TestDesk({ facts: { isReadOnly: true } }).press('2');
  const keys = keysOf(readOnly.dashboard.world())[0] ?? [];
  const commanding = keys.filter(({ role }) => role !== undefined);
  t.ok(commanding.length >= 5);
  for (const {
    keys: [key = ''],
  } of commanding) {
    readOnly.press(key);
    t.match(readOnly.message(), /read-only/, key);
    t.equal(readOnly.dashboard.world().ui.dialog, null);
  }
  t.end();
});

t.test(
  'the last line has the keys that matter, whole ones only, in a small window and in a large one',
  (t) => {
    const last = (desk: TestDesk) => desk.lines().at(-1) ?? '';
    t.equal(
      last(new TestDesk({ size: SMALL }).press('2')).trim(),
      'Enter open  x stop  b start  u unlock  r reset  ? help  q quit',
    );
    t.match(last(new TestDesk({ size: LARGE }).press('2')), /a availability/);
    t.match(last(new TestDesk({ size: { columns: 60, rows: 16 } }).press('2')), /\? help {2}q quit/);
    t.end();
  },
);
