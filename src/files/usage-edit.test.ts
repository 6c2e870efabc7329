// What counts as an edit of energy_usage.json, and what does not.
import fc from 'fast-check';
import t from 'tap';
import { recogniseEdit, type UsagePublication } from './usage-edit.ts';

function publication(seq: number, whByTag: Record<string, number>, month = '2026-11'): UsagePublication {
  return { seq, at: seq * 500, month, whByTag: new Map(Object.entries(whByTag)) };
}

const older = publication(1, { A: 1000, B: 2000, C: 0 });
const newer = publication(2, { A: 1250, B: 2000, C: 0 });

void t.test('a file equal to any publication is no edit', (t) => {
  t.match(recogniseEdit('{"A": 1.25, "B": 2, "C": 0}', [older, newer]), { kind: 'ours', base: { seq: 2 } });
  t.match(recogniseEdit('{"A": 1.0, "B": 2, "C": 0}', [older, newer]), { kind: 'ours', base: { seq: 1 } });
  t.match(
    recogniseEdit('{"A": 1.0004, "B": 1.9996}', [older]),
    { kind: 'ours' },
    'less than a Wh is nothing',
  );
  t.end();
});

void t.test('only the difference to what the other program had read is an edit', (t) => {
  const edit = recogniseEdit('{"A": 1, "B": 5, "C": 0}', [newer, older]);
  t.match(edit, {
    kind: 'edit',
    base: older,
    changes: [{ idTag: 'B', fromWh: 2000, toWh: 5000 }],
    ignored: [],
  });
  t.end();
});

void t.test('an edit that was put on record is not adopted again, and the next one counts from it', (t) => {
  const first = recogniseEdit('{"A": 1, "B": 5, "C": 0}', [newer, older]);
  if (first.kind !== 'edit') throw new Error(first.kind);
  const recorded = publication(3, Object.fromEntries(first.whByTag));
  t.match(recogniseEdit('{"A": 1, "B": 5, "C": 0}', [newer, older, recorded]), {
    kind: 'ours',
    base: recorded,
  });
  t.match(recogniseEdit('{"A": 1, "B": 5, "C": 2}', [newer, older, recorded]), {
    kind: 'edit',
    changes: [{ idTag: 'C', fromWh: 0, toWh: 2000 }],
  });
  t.end();
});

void t.test('among equally near publications the newest is the base, whatever their order', (t) => {
  const publications = [publication(7, { A: 1 }), publication(9, { A: 3 }), publication(8, { A: 2 })];
  t.match(recogniseEdit('{"A": 5}', publications), {
    base: { seq: 9 },
    changes: [{ idTag: 'A', fromWh: 3, toWh: 5000 }],
  });
  t.end();
});

void t.test('a missing tag is no edit, an explicit zero is', (t) => {
  t.match(recogniseEdit('{"A": 1.25}', [newer]), { kind: 'ours' });
  t.match(recogniseEdit('{}', [older, newer]), { kind: 'ours', base: { seq: 2 } });
  t.match(recogniseEdit('{"A": 0, "B": 2}', [newer]), {
    kind: 'edit',
    changes: [{ idTag: 'A', fromWh: 1250, toWh: 0 }],
  });
  t.end();
});

void t.test('a tag that was not published counts from zero', (t) => {
  t.match(recogniseEdit('{"A": 1.25, "NEW": 3.5}', [newer]), {
    changes: [{ idTag: 'NEW', fromWh: 0, toWh: 3500 }],
  });
  t.match(recogniseEdit('{"A": 1.25, "NEW": 0}', [newer]), { kind: 'ours' });
  t.end();
});

void t.test('a value that is no amount of energy is ignored and told, the others count', (t) => {
  for (const bad of [
    '-1',
    '1e300',
    '"abc"',
    '"1e3"',
    '"0x10"',
    '""',
    'null',
    'true',
    '[]',
    '{}',
    '"-5"',
    '"NaN"',
  ]) {
    t.match(recogniseEdit(`{"A": ${bad}, "B": 7}`, [newer]), {
      kind: 'edit',
      changes: [{ idTag: 'B', fromWh: 2000, toWh: 7000 }],
      ignored: [{ idTag: 'A', problem: /./ }],
    });
  }
  t.match(
    recogniseEdit('{"A": "1.5"}', [newer]),
    { changes: [{ toWh: 1500 }], ignored: [] },
    'a decimal string is read',
  );
  t.match(recogniseEdit('{" ": 1}', [newer]), { kind: 'ours', ignored: [{ idTag: ' ' }] });
  t.match(recogniseEdit('{"A": -0, "B": 2}', [publication(1, { A: 0, B: 2000 })]), { kind: 'ours' });
  t.end();
});

void t.test('tags with the names of inherited properties are tags like others', (t) => {
  const edit = recogniseEdit('{"__proto__": 1, "constructor": 2, "toString": 0}', [publication(1, {})]);
  t.match(edit, {
    kind: 'edit',
    changes: [
      { idTag: '__proto__', fromWh: 0, toWh: 1000 },
      { idTag: 'constructor', fromWh: 0, toWh: 2000 },
    ],
  });
  t.equal(Reflect.get({}, 'polluted'), undefined);
  t.end();
});

void t.test('what cannot be read is no edit, nor is anything without a publication', (t) => {
  for (const text of ['', '{"A": 1', '{"A": 1}x', '\u0000']) {
    t.match(recogniseEdit(text, [newer]), { kind: 'unreadable', problem: { code: 'notJson' } });
  }
  for (const text of ['[]', '1', 'null', '"x"']) {
    t.match(recogniseEdit(text, [newer]), { kind: 'unreadable', problem: { code: 'notAnObject' } });
  }
  t.match(recogniseEdit('{"A": 1}', []), { kind: 'unknownBase' });
  t.match(recogniseEdit('\ufeff{"A": 9}', [newer]), { kind: 'edit' }, 'a byte-order mark is harmless');
  t.end();
});

void t.test('for any publications, edits made on one of them come back as they were made', (t) => {
  const amounts = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 4 }).filter((tag) => tag.trim() !== ''),
    fc.nat(9_999_999),
    {
      minKeys: 1,
      maxKeys: 8,
    },
  );
  fc.assert(
    fc.property(amounts, fc.nat(), fc.integer({ min: 1, max: 1000 }), (whByTag, pick, byWh) => {
      const tags = Object.keys(whByTag);
      const tag = tags[pick % tags.length]!;
      const kWhByTag = new Map(Object.entries(whByTag).map(([idTag, wh]) => [idTag, wh / 1000]));
      const ours = recogniseEdit(JSON.stringify(Object.fromEntries(kWhByTag)), [publication(1, whByTag)]);
      kWhByTag.set(tag, (whByTag[tag]! + byWh) / 1000);
      const edit = recogniseEdit(JSON.stringify(Object.fromEntries(kWhByTag)), [publication(1, whByTag)]);
      const change = { idTag: tag, fromWh: whByTag[tag]!, toWh: whByTag[tag]! + byWh };
      return (
        ours.kind === 'ours' &&
        edit.kind === 'edit' &&
        JSON.stringify(edit.changes) === JSON.stringify([change])
      );
    }),
  );
  t.end();
});
