// Plans for the list of users: what they want of the rows found, and why they want nothing.
import t from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import {
  etagOf,
  planToAdd,
  planToChange,
  planToImport,
  planToRemove,
  planToReplace,
  type PlannedRows,
} from './user-edits.ts';

const A = sampleUser('A', { account: 'flat 4' });
const B = sampleUser('B', { isBlocked: true, expires: '2026-12-31' });
const exact = (idTag: string) => idTag;
const anyCase = (idTag: string) => idTag.toLowerCase();

function rows(planned: PlannedRows): object {
  return 'wanted' in planned ? Object.fromEntries(planned.wanted) : planned.refusal;
}

t.test('a new user has what is given and the defaults of empty columns', (t) => {
  const plan = planToAdd(' C ', { name: ' Cy ', quotaKwh: 12.3456 }, exact);
  const user = { ...sampleUser('C'), name: 'Cy', surname: '', quotaWh: 12_346 };
  t.strictSame(rows(plan([A])), { C: user });
  t.match(rows(planToAdd('C', { isUnlimited: true }, exact)([])), { C: { isUnlimited: true, quotaWh: 0 } });
  t.end();
});

t.test('a card that is there is not added again, also not in the spelling that counts as the same', (t) => {
  t.same(rows(planToAdd('a', { quotaKwh: 1 }, anyCase)([A])), { code: 'exists', idTag: 'A' });
  t.match(rows(planToAdd('a', { quotaKwh: 1 }, exact)([A])), { a: {} });
  t.end();
});

t.test('every field that cannot be is named', (t) => {
  const fields = {
    name: 'a\u0007b',
    surname: 'x'.repeat(201),
    quotaKwh: -1,
    account: 'x\ny',
    expires: '2026-02-30',
  };
  const refusal = rows(planToAdd('', fields, exact)([])) as { problems: { field: string }[] };
  t.same(
    refusal.problems.map((one) => one.field),
    ['idTag', 'name', 'surname', 'account', 'quotaKwh', 'expires'],
  );
  for (const quotaKwh of [NaN, Infinity, 10_000_001]) {
    t.match(rows(planToChange('A', { quotaKwh }, null)([A])), {
      code: 'invalid',
      problems: [{ field: 'quotaKwh' }],
    });
  }
  const half = rows(planToAdd('A\ud800', { quotaKwh: 1 }, exact)([]));
  t.match(half, { code: 'invalid', problems: [{ field: 'idTag', message: /half a character/ }] });
  t.match(rows(planToChange('A', { quotaKwh: 10_000_000 }, null)([A])), { A: { quotaWh: 10_000_000_000 } });
  t.match(rows(planToAdd('C', {}, exact)([])), { code: 'invalid', problems: [{ field: 'quotaKwh' }] });
  t.end();
});

t.test('a change touches only the fields given, a replacement all', (t) => {
  const users = [A, B];
  t.strictSame(rows(planToChange('B', { isBlocked: false }, null)(users)), { B: { ...B, isBlocked: false } });
  t.strictSame(rows(planToChange('B', { expires: null, account: ' x ' }, null)(users)), {
    B: { ...B, expires: null, account: 'x' },
  });
  t.match(rows(planToReplace('B', { quotaKwh: 1 }, null)(users)), {
    B: { name: '', quotaWh: 1000, isBlocked: false, expires: null },
  });
  t.end();
});

t.test('who knows an older state of the user is told, with the entity tag of the present one', (t) => {
  const stale = etagOf({ ...A, quotaWh: 1 });
  const refusal = { code: 'changed', idTag: 'A', etag: etagOf(A) };
  t.same(rows(planToChange('A', {}, stale)([A])), refusal);
  t.same(rows(planToReplace('A', { quotaKwh: 1 }, stale)([A])), refusal);
  t.same(rows(planToRemove('A', stale)([A])), refusal);
  t.same(rows(planToRemove('A', etagOf(A))([A])), { A: null });
  t.same(rows(planToRemove('X', null)([A])), { code: 'unknown', idTag: 'X' });
  t.end();
});

t.test('the entity tag differs whenever a field does, and for lists with the order', (t) => {
  const changes = [
    ...[{ idTag: 'B' }, { name: 'x' }, { surname: 'x' }, { quotaWh: 1 }, { isUnlimited: true }],
    ...[{ account: null }, { isBlocked: true }, { expires: '2026-12-31' }, {}],
  ];
  const tags = changes.map((change) => etagOf({ ...A, ...change }));
  t.equal(new Set(tags).size, changes.length);
  t.match(tags[0], /^"[\w-]{22}"$/);
  t.not(etagOf([A, B]), etagOf([B, A]));
  t.end();
});

t.test('an import adds, changes what the list says and leaves the rest, all or nothing', (t) => {
  const list = [
    { idTag: 'a', quotaKwh: 10 },
    { idTag: 'B', quotaKwh: 7 },
    { idTag: 'C', quotaKwh: 1, name: 'Cy' },
  ];
  const { plan, counts } = planToImport(list, anyCase);
  t.match(rows(plan([A, B])), { B: { quotaWh: 7_000, isBlocked: true }, C: { name: 'Cy' } });
  t.same(counts(), { added: 1, changed: 1, unchanged: 1 });
  const bad = planToImport([...list, { idTag: 'D' }], exact);
  t.match(rows(bad.plan([A, B])), { code: 'invalid', problems: [{ message: /^D: / }] });
  t.end();
});
