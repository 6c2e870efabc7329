// The table of docs/reliability.md: each of its rows names a test that exists, and each test of this folder has a row.
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';

const ROOT = new URL('../../', import.meta.url);
const OWN = 'test/faults/table.test.ts';
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

/** `path: name of the test` of each row; a name with a `${…}` stands for a row of tests. */
const rows = read('docs/reliability.md')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .filter(([fault]) => fault !== 'fault' && !/^-+$/.test(fault ?? ''));

/** Names as they stand in the source: of tests in this file and their subtests. */
function testNames(path: string): string[] {
  const names = read(path).matchAll(/\bt\.test\(\s*(['"`])((?:(?!\1).)*)\1,/g);
  return [...names].map((match) => match[2] ?? '');
}

void t.test('every row names a fault, what happens, and a test that exists', (t) => {
  t.ok(rows.length > 20, 'the table is read');
  for (const [fault = '', outcome = '', test = ''] of rows) {
    const [, path = '', name = ''] = /^(\S+\.test\.ts): (.+)$/.exec(test) ?? [];
    t.ok(fault.length > 0 && outcome.length > 0, `${fault} says what happens`);
    t.ok(path !== '' && testNames(path).includes(name), `${path}: ${name}`);
  }
  t.end();
});

void t.test('every test of a fault stands in the table', (t) => {
  const files = readdirSync(new URL('test/faults/', ROOT)).filter((name) => name.endsWith('.test.ts'));
  const inTable = new Set(rows.map(([, , test]) => test));
  const all = files
    .map((file) => `test/faults/${file}`)
    .filter((path) => path !== OWN)
    .flatMap((path) => testNames(path).map((name) => `${path}: ${name}`));
  t.same(
    all.filter((test) => !inTable.has(test)),
    [
      'test/faults/lost-store.test.ts: .kwota moved away is a new beginning from the data files',
      'test/faults/torn-log.test.ts: with whole files everything is there',
    ],
    'all but those that are no fault',
  );
  t.end();
});
