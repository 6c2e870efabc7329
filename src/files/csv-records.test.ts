// Where records begin and end; that fast-csv, which splits the fields, sees it the same way.
import { once } from 'node:events';
import { parse } from 'fast-csv';
import fc from 'fast-check';
import t from 'tap';
import { detectDelimiter, parseFields, splitRecords } from './csv-records.ts';

void t.test('line numbers hold with quoted line breaks, comments, blank lines and any line end', (t) => {
  const text = '# a "comment\r\n\r\na,"b\nb\r\nb",c\rd,5" tape,f\n  \n"g""\n",h\n  # more\nlast';
  const records = splitRecords(text, ',', 1000).map(({ kind, line, start, end, lineEnd }) => [
    kind,
    line,
    text.slice(start, end),
    lineEnd,
  ]);
  t.same(records, [
    ['comment', 1, '# a "comment', '\r\n'],
    ['blank', 2, '', '\r\n'],
    ['data', 3, 'a,"b\nb\r\nb",c', '\r'],
    ['data', 6, 'd,5" tape,f', '\n'],
    ['blank', 7, '  ', '\n'],
    ['data', 8, '"g""\n",h', '\n'],
    ['comment', 10, '  # more', '\n'],
    ['data', 11, 'last', ''],
  ]);
  t.end();
});

void t.test('wrong quotes are told, and a misquoted record does not swallow the next', (t) => {
  const records = splitRecords('"a"b,c\nd,"e\nf', ',', 1000);
  t.match(records, [
    { line: 1, isMisquoted: true, isUnterminated: false },
    { line: 2, isMisquoted: false, isUnterminated: true },
  ]);
  t.end();
});

void t.test('the delimiter is what the header has more of, outside quotes', (t) => {
  t.equal(detectDelimiter('a,b;c,d'), ',');
  t.equal(detectDelimiter('# x,y,z\r\n\r\na;b'), ';');
  t.equal(detectDelimiter('"a,b,c";d\n1,2,3'), ';');
  t.equal(detectDelimiter(''), ',');
  t.end();
});

/** fast-csv alone, on the whole text. */
async function parseWhole(text: string, delimiter: string): Promise<string[][] | null> {
  const rows: string[][] = [];
  const stream = parse<string[], string[]>({ headers: false, delimiter });
  stream.on('data', (row: string[]) => rows.push(row));
  const ended = once(stream, 'end');
  stream.end(text);
  return ended.then(
    () => rows,
    () => null,
  );
}

void t.test('for any text, the records are those that fast-csv finds', async () => {
  const texts = fc.string({
    unit: fc.constantFrom('"', ',', ';', '\n', '\r', '\r\n', ' ', 'a', '5', '\u00a0'),
    maxLength: 24,
  });
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom(',', ';'), async (text, delimiter) => {
      const records = splitRecords(text, delimiter, 1000);
      const data = records.filter((record) => record.kind === 'data');
      const isSound = data.every((record) => !record.isMisquoted && !record.isUnterminated);
      const whole = await parseWhole(text, delimiter);
      if (!isSound || whole === null) return isSound === (whole !== null);
      // Lines without a field are rows without one in fast-csv's view.
      const expected = whole.filter((row) => row.length > 0 && row.join('').trim() !== '');
      const found = (await parseFields(text, data, delimiter)).filter((row) => row.join('').trim() !== '');
      return JSON.stringify(found) === JSON.stringify(expected);
    }),
    { numRuns: 2000 },
  );
});

void t.test('every character is in one record or line end', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', '#', 'a') }), (text) => {
      const records = splitRecords(text, ',', 1000);
      return records.map((record) => text.slice(record.start, record.end) + record.lineEnd).join('') === text;
    }),
    { numRuns: 1000 },
  );
  t.equal(splitRecords('\n'.repeat(10), ',', 3).length, 3);
  t.end();
});
