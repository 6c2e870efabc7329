// Tables for people: aligned, cut to the terminal, harmless.
import t from 'tap';
import { table } from './table.ts';

void t.test('columns are aligned, and no line ends in blanks', (t) => {
  const rows = [
    ['ID', 'STATUS', 'N'],
    ['CP1', 'Available', '1'],
    ['naïve🔌', '', ''],
  ];
  t.equal(table(rows, Infinity), 'ID      STATUS     N\nCP1     Available  1\nnaïve🔌\n');
  t.equal(table([], 80), '');
  t.end();
});

void t.test('where a terminal is narrow the widest columns give way, to a bound', (t) => {
  const rows = [['CP1', 'x'.repeat(40), 'y'.repeat(20)]];
  t.equal(table(rows, 40), `CP1  ${'x'.repeat(16)}…  ${'y'.repeat(15)}…\n`);
  for (const width of [80, 60, 40, 30]) {
    const longest = Math.max(
      ...table(rows, width)
        .split('\n')
        .map((line) => line.length),
    );
    t.ok(longest <= width, `${width}: ${longest}`);
  }
  t.equal(table(rows, 1), 'CP1  xxxxx…  yyyyy…\n', 'what is left says something');
  t.end();
});

void t.test('what would be obeyed by a terminal is shown in its full width', (t) => {
  t.equal(table([['a\u001b[2J', 'b']], 80), 'a\\u001b[2J  b\n');
  t.equal(table([['a\nb', 'c']], 80), 'a\\u000ab  c\n');
  t.end();
});
