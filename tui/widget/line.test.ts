// Texts in columns: cut, filled, and harmless whatever a charger or a person wrote into them.
import stringWidth from 'string-width';
import t from 'tap';
import { cut, fit, fitLine, line, lineWidth, plainText, span, spread, widthOf } from './line.ts';
import { safeText } from './safe-text.ts';

t.test('a text is cut to its columns with an ellipsis, and filled on the side that is asked for', (t) => {
  t.equal(fit('garage', 8, '…'), 'garage  ');
  t.equal(fit('garage', 8, '…', 'right'), '  garage');
  t.equal(fit('garage', 5, '…'), 'gara…');
  t.equal(fit('garage', 6, '…'), 'garage');
  t.equal(fit('garage', 1, '…'), '…');
  t.equal(fit('garage', 0, '…'), '');
  t.equal(cut('garage', 4, '~'), 'gar~');
  t.end();
});

t.test('a character of two columns is never halved', (t) => {
  t.equal(fit('日本語', 4, '…'), '日… ');
  t.equal(fit('日本語', 5, '…'), '日本…');
  t.equal(widthOf(fit('日本語', 4, '…')), 4);
  t.equal(widthOf(fit('e\u0301tude', 4, '…')), 4, 'an accent takes no column');
  t.end();
});

t.test('what is counted without measuring is counted as it is measured', (t) => {
  const wrong: string[] = [];
  for (let code = 0x20; code <= 0x259f; code += 1) {
    const character = String.fromCodePoint(code);
    if (safeText(character) !== character) continue;
    if (widthOf(character) !== stringWidth(character)) wrong.push(`U+${code.toString(16)}`);
  }
  t.same(wrong, []);
  t.end();
});

t.test('a line has exactly its columns, whichever of its spans is cut', (t) => {
  const text = line('abc', span('defgh', 'danger'), 'ij');
  t.equal(plainText(fitLine(text, 12, '…')), 'abcdefghij  ');
  t.equal(plainText(fitLine(text, 10, '…')), 'abcdefghij');
  t.equal(plainText(fitLine(text, 9, '…')), 'abcdefgh…');
  t.equal(plainText(fitLine(text, 4, '…')), 'abc…');
  t.equal(plainText(fitLine(text, 1, '…')), '…');
  for (let columns = 0; columns < 15; columns += 1) t.equal(lineWidth(fitLine(text, columns, '…')), columns);
  t.same(
    fitLine(text, 6, '…').spans.map(({ role }) => role),
    ['plain', 'danger', 'plain'],
    'the meaning of what is left stays',
  );
  t.end();
});

t.test('what stands on the right stays when there is little room', (t) => {
  t.equal(plainText(spread(line('left'), line('right'), 12, '…')), 'left   right');
  t.equal(plainText(spread(line('a long left part'), line('right'), 12, '…')), 'a long…right'.padStart(12));
  t.end();
});

t.test('a text of a charger cannot colour, move, link, turn or hide anything', (t) => {
  const hostile: readonly (readonly [string, string, string])[] = [
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a link', '\u001b]8;;https://example.invalid\u0007click\u001b]8;;\u0007', 'click'],
    ['a title', '\u001b]0;title\u0007x', 'x'],
    ['a cursor', 'a\u001b[2;5Hb', 'ab'],
    ['the eight-bit form', 'a\u009b31mb', 'ab'],
    ['line breaks', 'two\r\nlines\tand a tab', 'two lines and a tab'],
    ['another direction', 'a\u202eb\u2066c\u200f', 'abc'],
    ['nothing to see', 'a\u200bb\u00adc\ufeff\u2060', 'abc'],
    ['other line ends', 'a\u2028b\u2029', 'ab'],
    ['half a character', 'a\ud800b', 'ab'],
    ['a heap of marks', `z${'\u0335'.repeat(30)}`, 'z\u0335\u0335'],
    ['another width of the same sign', '❤\ufe0f', '❤'],
    ['a bell and a backspace', 'a\u0007b\u0008c', 'abc'],
  ];
  for (const [what, text, shown] of hostile) t.equal(safeText(text), shown, what);
  t.equal(safeText('Zoë 日本 ñ €'), 'Zoë 日本 ñ €', 'what people write stays');
  t.end();
});

t.test('what is drawn is made harmless on its way, so that no screen has to think of it', (t) => {
  const drawn = plainText(fitLine(line('\u001b[31mred\nline'), 20, '…'));
  t.equal(drawn, 'red line'.padEnd(20));
  t.end();
});
