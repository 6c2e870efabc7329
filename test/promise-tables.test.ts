// The tables of docs/reliability.md and SECURITY.md: each row names a test that exists, and each test of test/faults has a row.
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';

const ROOT = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

interface Row {
  readonly what: string;
  readonly outcome: string;
  /** `path: name of the test`; a name with a `${…}` stands for a row of tests. */
  readonly test: string;
}

/** Rows of the tables of a page whose last column is `test`. */
function rowsOf(page: string): readonly Row[] {
  const rows: Row[] = [];
  let isPromise = false;
  for (const line of read(page).split('\n')) {
    if (!line.startsWith('|')) isPromise = false;
    else {
      const cells = line.split('|').slice(1, -1);
      const [what = '', outcome = '', test = ''] = cells.map((cell) => cell.trim());
      if (test === 'test') isPromise = true;
      else if (isPromise && !/^-+$/.test(what)) rows.push({ what, outcome, test });
    }
  }
  return rows;
}

/** Names as they stand in the source: of tests in this file and their subtests. */
function testNames(path: string): string[] {
  const names = read(path).matchAll(/\bt\.test\(\s*(['"`])((?:(?!\1).)*)\1,/g);
  return [...names].map((match) => match[2] ?? '');
}

void t.test('every row says what happens, and names a test that exists', (t) => {
  for (const page of ['docs/reliability.md', 'SECURITY.md']) {
    const rows = rowsOf(page);
    t.ok(rows.length > 20, `the table of ${page} is read`);
    for (const { what, outcome, test } of rows) {
      const [, path = '', name = ''] = /^(\S+\.test\.ts): (.+)$/.exec(test) ?? [];
      t.ok(what.length > 0 && outcome.length > 0, `${what} says what happens`);
      t.ok(path !== '' && testNames(path).includes(name), `${path}: ${name}`);
    }
  }
  t.end();
});

void t.test('every test of a fault stands in the table', (t) => {
  const files = readdirSync(new URL('test/faults/', ROOT)).filter((name) => name.endsWith('.test.ts'));
  const inTable = new Set(rowsOf('docs/reliability.md').map(({ test }) => test));
  const all = files
    .map((file) => `test/faults/${file}`)
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
