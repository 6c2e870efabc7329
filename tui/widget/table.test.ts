// Tables: which columns stay, what a filter leaves, how rows are sorted.
import t from 'tap';
import { glyphsOf } from '../theme/glyphs.ts';
import { plainText } from './line.ts';
import { freshListView } from './list-view.ts';
import { byText, cellNeeds, filterRows, sortRows, tableLines, type Column } from './table.ts';

interface Row {
  readonly name: string;
  readonly kwh: number;
}

const columns: readonly Column<Row>[] = [
  { title: '', width: 1, cell: () => '*' },
  {
    title: 'Name',
    width: 6,
    maxWidth: 12,
    cell: ({ name }) => name,
    compare: (a, b) => byText(a.name, b.name),
  },
  {
    title: 'Energy',
    width: 8,
    align: 'right',
    dropOrder: 1,
    cell: ({ kwh }) => `${kwh} kWh`,
    compare: (a, b) => b.kwh - a.kwh,
  },
  { title: 'Note', width: 5, dropOrder: 2, cell: () => 'note' },
];

const rows: readonly Row[] = [
  { name: 'CP-10', kwh: 3 },
  { name: 'CP-2', kwh: 20 },
  { name: 'Yard', kwh: 1 },
];

function drawn(width: number, more: Partial<Parameters<typeof tableLines<Row>>[0]> = {}): string[] {
  const glyphs = glyphsOf('unicode', { platform: 'linux' });
  const options = {
    columns,
    rows,
    glyphs,
    width,
    needs: cellNeeds(columns, rows),
    hasHeading: true,
    selected: 1,
  };
  return tableLines<Row>({ ...options, view: freshListView, ...more }).map(plainText);
}

t.test('columns stand under their names, and the selected row has its sign', (t) => {
  t.same(drawn(32), [
    '    NAME      ENERGY  NOTE',
    '  * CP-10      3 kWh  note ',
    '> * CP-2      20 kWh  note ',
    '  * Yard       1 kWh  note ',
  ]);
  t.end();
});

t.test('what can be missed goes first when there is little room', (t) => {
  t.equal(drawn(22)[0], '    NAME      ENERGY', 'the highest number first');
  t.equal(drawn(14)[0], '    NAME');
  t.equal(drawn(5)[0], '    NAME', 'what has no number stays, and is cut by the pane');
  t.end();
});

t.test('a column grows with its longest text, and no further than it may', (t) => {
  const long = [{ name: 'a name that is too long', kwh: 1 }, ...rows];
  const lines = drawn(60, { rows: long, needs: cellNeeds(columns, long) });
  t.equal(lines[0], '    NAME            ENERGY  NOTE');
  t.equal(lines[1], '  * a name that…     1 kWh  note ');
  t.equal(drawn(60)[0], '    NAME      ENERGY  NOTE', 'short texts take no more');
  const filling = columns.map((column) => (column.title === 'Name' ? { ...column, fills: true } : column));
  t.equal(drawn(40, { columns: filling })[1]?.length, 40, 'one that fills takes the rest');
  t.end();
});

t.test('the column that rows are sorted by says so, and which way', (t) => {
  t.match(drawn(40, { view: { ...freshListView, sortBy: 'Name' } })[0], /NAME ↑/);
  t.match(drawn(40, { view: { ...freshListView, sortBy: 'Energy', isReversed: true } })[0], /ENERGY ↓/);
  t.end();
});

t.test(
  'a filter finds a text in any column, leaves it out with !, and looks in one column by its name',
  (t) => {
    const found = (filter: string) => filterRows(columns, rows, filter).map(({ name }) => name);
    t.same(found(''), ['CP-10', 'CP-2', 'Yard']);
    t.same(found('cp'), ['CP-10', 'CP-2'], 'whatever the case');
    t.same(found('!cp'), ['Yard']);
    t.same(found('20'), ['CP-2']);
    t.same(found('name:2'), ['CP-2']);
    t.same(found('na:y'), ['Yard'], 'the name may be short');
    t.same(found('!energy:20'), ['CP-10', 'Yard']);
    t.same(found('04:A1'), [], 'a colon in a text that names no column is a part of it');
    t.same(found('!'), ['CP-10', 'CP-2', 'Yard'], 'nothing left out yet');
    t.end();
  },
);

t.test('numbers in names count as numbers, and every order can be reversed', (t) => {
  const sorted = (sortBy: string | null, isReversed = false) =>
    sortRows(columns, rows, { sortBy, isReversed }).map(({ name }) => name);
  t.same(sorted('Name'), ['CP-2', 'CP-10', 'Yard']);
  t.same(sorted('Name', true), ['Yard', 'CP-10', 'CP-2']);
  t.same(sorted('Energy'), ['CP-2', 'CP-10', 'Yard']);
  t.same(sorted(null, true), ['Yard', 'CP-2', 'CP-10']);
  t.end();
});
