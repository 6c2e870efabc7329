// Text from outside on a terminal: shown, never obeyed.
import t from 'tap';
import { printable, printableJson } from './printable.ts';

void t.test('what a terminal would obey, or hide, is shown as an escape', (t) => {
  for (const [text, shown] of [
    ['[2,"a","Heartbeat",{}]', '[2,"a","Heartbeat",{}]'],
    ['naïve 充電 🔌', 'naïve 充電 🔌'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['two\r\nlines\t', 'two\\u000d\\u000alines\\u0009'],
    ['\u009b2J\u007f\0', '\\u009b2J\\u007f\\u0000'],
    ['\u202egnp.exe\u200b\u2028', '\\u202egnp.exe\\u200b\\u2028'],
    ['\ud800', '\\ud800'],
    ['\u{e0001}', '\\udb40\\udc01'],
  ] as const) {
    t.equal(printable(text), shown);
  }
  t.end();
});

void t.test('JSON that is shown reads back as it was', (t) => {
  const value = { text: '\u009b2J\n\u202e\ud800 \u{e0001}', list: [1, null] };
  for (const indent of [undefined, 2]) {
    const shown = printableJson(value, indent);
    t.strictSame(JSON.parse(shown), value);
    t.notMatch(shown, /[\u009b\u202e]/);
  }
  t.match(printableJson(value, 2), '\n  "list"', 'its own line ends stay');
  t.end();
});
