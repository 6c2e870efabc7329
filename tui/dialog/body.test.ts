// Texts in boxes and panes: what is too long goes on below, and what is typed is seen where the cursor is.
import t from 'tap';
import { line, lineWidth, plainText, span } from '../widget/line.ts';
import { flowed, textWithCursor, wrapped } from './body.ts';

t.test('a text is broken at blanks, and as far from the left in each line', (t) => {
  t.same(wrapped('  one two three', 9).map(plainText), ['  one two', '  three']);
  t.same(wrapped('', 9).map(plainText), ['']);
  t.end();
});

t.test('a line that is too long goes on below, each part in its look', (t) => {
  const one = line(span('Stopped.', 'strong'), span('   The charger told it.', 'secondary'));
  t.same(flowed(one, 40), [one], 'what fits stays as it is');
  t.same(flowed(one, 12), [
    line(span('Stopped.', 'strong')),
    line(span('The charger', 'secondary')),
    line(span('told it.', 'secondary')),
  ]);
  t.ok(flowed(one, 12).every((part) => lineWidth(part) <= 12));
  t.same(flowed(line(), 5), [line()]);
  t.end();
});

t.test('of a long text the part before the cursor is seen', (t) => {
  const shown = (cursor: number) => plainText(line(...textWithCursor({ text: 'abcdefghij', cursor }, 5)));
  t.equal(shown(10), 'ghij_');
  t.match(shown(0), /^_abcdefghij/);
  t.end();
});
