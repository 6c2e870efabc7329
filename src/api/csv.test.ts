// Lists as CSV: what a spreadsheet would carry out is text, what breaks a row is quoted, and all of it reads back.
import { parseString } from 'fast-csv';
import fc from 'fast-check';
import t from 'tap';
import { csvText } from './csv.ts';

async function read(text: string): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const row of parseString<string[], string[]>(text)) rows.push(row as string[]);
  return rows;
}

void t.test('columns in their order, a line each, ended as the standard has it', async (t) => {
  const rows = [
    { a: 'x', b: 1.5, c: null },
    { a: 'y', b: -2, c: true },
  ];
  t.equal(await csvText(rows, ['b', 'a', 'c']), 'b,a,c\r\n1.5,x,\r\n-2,y,true\r\n');
  t.equal(await csvText(rows, ['a'], 'rows'), 'x\r\ny\r\n');
  t.equal(await csvText([], ['a', 'b']), 'a,b\r\n');
  t.equal(await csvText([], ['a', 'b'], 'rows'), '');
});

void t.test('no cell is a formula, wherever it came from', async (t) => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '=cmd|"/c calc"!A1', '-2+3'])
    t.equal(
      (await read(await csvText([{ a: text }], ['a'], 'rows')))[0]?.[0]?.[0],
      "'",
      JSON.stringify(text),
    );
  for (const text of ['a=b', "O'Neil", '1-2', 'ada@example.com', 'x+y'])
    t.equal(await csvText([{ a: text }], ['a'], 'rows'), `${text}\r\n`);
});

void t.test('a full-width sign is a formula too, as spreadsheets in some languages read it', async (t) => {
  for (const text of ['＝1+1', '＋1', '－1', '＠SUM(A1)', ' ＝1'])
    t.equal(await csvText([{ a: text }], ['a'], 'rows'), `'${text}\r\n`);
  t.equal(await csvText([{ a: 'a＝b' }], ['a'], 'rows'), 'a＝b\r\n');
});

void t.test('whatever stands in a cell, a reader gets the same cells', async () => {
  // fast-csv drops NUL, and no list of ours has it: tags and names are printable where they are read.
  const text = fc.string({ unit: 'grapheme' }).map((one) => `x${one.replaceAll('\0', '')}`);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), async (pairs) => {
      const written = await csvText(
        pairs.map(([a, b]) => ({ a, b })),
        ['a', 'b'],
        'rows',
      );
      const cells = await read(written);
      return JSON.stringify(cells) === JSON.stringify(pairs);
    }),
  );
});
