// A line of text under the hands: typing, going back and forth, taking away.
import t from 'tap';
import { edit, edited, type EditedText } from './text-edit.ts';

function after(start: string, ...keys: readonly string[]): string {
  let now: EditedText = edited(start);
  for (const name of keys) now = edit(now, { name, text: Array.from(name).length === 1 ? name : '' }) ?? now;
  return `${now.text}|${now.cursor}`;
}

t.test('what is typed goes in where the cursor is', (t) => {
  t.equal(after('', 'a', 'b'), 'ab|2');
  t.equal(after('ac', 'left', 'b'), 'abc|2');
  t.equal(after('bc', 'home', 'a'), 'abc|1');
  t.equal(after('ab', 'home', 'end', 'c'), 'abc|3');
  t.end();
});

t.test('characters, words and ends of the line are taken away', (t) => {
  t.equal(after('abc', 'backspace'), 'ab|2');
  t.equal(after('', 'backspace'), '|0');
  t.equal(after('abc', 'home', 'delete'), 'bc|0');
  t.equal(after('stop 1842', 'ctrl-w'), 'stop |5');
  t.equal(after('stop 1842 ', 'ctrl-w'), 'stop |5');
  t.equal(after('stop 1842', 'ctrl-u'), '|0');
  t.equal(after('stop 1842', 'left', 'left', 'ctrl-k'), 'stop 18|7');
  t.end();
});

t.test('a character is what a person counts as one', (t) => {
  t.equal(after('e\u0301', 'backspace'), '|0');
  t.equal(after('日本', 'left', 'backspace'), '本|0');
  t.equal(after('e', '\u0301'), 'e\u0301|1', 'an accent joins its letter');
  t.end();
});

t.test('a line has its limit, and keys that are none of editing are told', (t) => {
  t.equal(edit(edited('x'.repeat(200)), { name: 'y', text: 'y' })?.text.length, 200);
  t.equal(edit(edited('x'), { name: 'enter', text: '' }), null);
  t.equal(edit(edited('x'), { name: 'ctrl-x', text: '' }), null);
  t.same(edit(edited('a'), { name: 'paste', text: 'bc' }), { text: 'abc', cursor: 3 });
  t.end();
});
