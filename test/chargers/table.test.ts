// The table of docs/chargers.md against the tests of this folder: it promises nothing that is not tested, and leaves nothing out.
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';

const FOLDER = new URL('./', import.meta.url);
const TABLE = new URL('../../docs/chargers.md', import.meta.url);
const TEST_NAME = /^void t\.test\(\s*(['"`])((?:L|E)?\d+: .*)\1,/gm;

interface Row {
  readonly caseId: string;
  readonly situation: string;
  readonly handling: string;
  readonly test: string;
}

function testNames(): string[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.test.ts') && file !== 'table.test.ts');
  return files.flatMap((file) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    return [...text.matchAll(TEST_NAME)].map((match) => match[2] ?? '');
  });
}

/** Tests of this folder, whatever they are called: a name that TEST_NAME does not read must not go unseen. */
function testCount(): number {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.test.ts') && file !== 'table.test.ts');
  const texts = files.map((file) => readFileSync(new URL(file, FOLDER), 'utf8'));
  return texts.reduce((count, text) => count + (text.match(/\bt\.test\(/g)?.length ?? 0), 0);
}

function tableRows(): Row[] {
  const lines = readFileSync(TABLE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'));
  const cells = lines.map((line) => line.split('|').slice(1, -1));
  return cells
    .filter(([first]) => /^\s*(?:L|E)?\d+\s*$/.test(first ?? ''))
    .map((row) => {
      const [caseId = '', situation = '', handling = '', test = ''] = row.map((cell) => cell.trim());
      return { caseId, situation, handling, test };
    });
}

void t.test('every catalogue test stands in the table once, and every row has its test', (t) => {
  const names = testNames();
  t.ok(names.length > 0, 'there are tests');
  t.equal(names.length, testCount(), 'each is named by its case');
  t.equal(new Set(names).size, names.length, 'no name stands for two');
  const rows = tableRows().map((row) => `${row.caseId}: ${row.test}`);
  t.same([...rows].sort(), [...names].sort());
  t.end();
});

void t.test('every row says what happens and what kwota does about it', (t) => {
  for (const { caseId, situation, handling } of tableRows()) {
    t.ok(situation.length > 0 && handling.length > 0, caseId);
  }
  t.end();
});
