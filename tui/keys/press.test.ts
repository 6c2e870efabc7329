// Keys as Ink tells them: typed fast, with modifiers, unknown ones, and pasted text.
import t from 'tap';
import type { Key } from 'ink';
import { pasteOf, pressesOf } from './press.ts';

const noKey: Key = {
  ...{
    upArrow: false,
    downArrow: false,
    leftArrow: false,
    rightArrow: false,
    pageDown: false,
    pageUp: false,
  },
  ...{ home: false, end: false, return: false, escape: false, ctrl: false, shift: false, tab: false },
  ...{
    backspace: false,
    delete: false,
    meta: false,
    super: false,
    hyper: false,
    capsLock: false,
    numLock: false,
  },
};
const names = (input: string, key: Partial<Key> = {}) =>
  pressesOf(input, { ...noKey, ...key }).map(({ name }) => name);

t.test('keys that were typed fast come at once, and are single presses all the same', (t) => {
  t.same(names('jj'), ['j', 'j']);
  t.same(names('abc\r'), ['a', 'b', 'c', 'enter']);
  t.same(names('x\ty'), ['x', 'tab', 'y']);
  t.same(names('a b'), ['a', 'space', 'b']);
  t.same(
    pressesOf('a b', noKey).map(({ text }) => text),
    ['a', ' ', 'b'],
  );
  t.end();
});

t.test('named keys have their names, and write nothing', (t) => {
  t.same(names('', { upArrow: true }), ['up']);
  t.same(names('', { pageDown: true }), ['pageDown']);
  t.same(names('\r', { return: true }), ['enter']);
  t.same(names('', { escape: true }), ['esc']);
  t.same(names('', { tab: true }), ['tab']);
  t.same(names('', { tab: true, shift: true }), ['shift-tab']);
  t.same(names('l', { ctrl: true }), ['ctrl-l']);
  t.same(
    pressesOf('l', { ...noKey, ctrl: true }).map(({ text }) => text),
    [''],
  );
  t.end();
});

t.test('function keys, Alt with a letter and other controls are no letters', (t) => {
  t.same(names(''), []);
  t.same(names('x', { meta: true }), []);
  t.same(names('\u0000\u0001'), []);
  t.end();
});

t.test('large letters and letters of other languages are keys and text', (t) => {
  t.same(names('G', { shift: true }), ['G']);
  t.same(
    pressesOf('ñ日', noKey).map(({ text }) => text),
    ['ñ', '日'],
  );
  t.end();
});

t.test('a paste is one press of text, its line ends are blanks and its controls are gone', (t) => {
  t.same(pasteOf('two\r\nlines\u001b[31m'), { name: 'paste', text: 'two lines[31m' });
  t.end();
});
