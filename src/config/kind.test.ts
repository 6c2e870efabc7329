// What each kind of value takes and refuses, on both sides of every condition.
import t from 'tap';
import {
  boolean,
  headerName,
  httpUrl,
  integer,
  list,
  number,
  oneOf,
  orNone,
  pairs,
  path,
  pathOrNone,
  rung,
  text,
  timeZone,
  type Kind,
} from './kind.ts';

const BASE = '/site/kwota';

interface Row {
  readonly kind: Kind<unknown>;
  readonly good: readonly (readonly [string, unknown])[];
  readonly bad: readonly string[];
}

const table: Record<string, Row> = {
  'a whole number': {
    kind: integer(-2, 10),
    good: [
      ['-2', -2],
      ['0', 0],
      ['10', 10],
    ],
    bad: ['-3', '11', '1.5', '1e1', '0x1', '', ' 1', 'ten', '١'],
  },
  'a number': {
    kind: number(0.5, 2),
    good: [
      ['0.5', 0.5],
      ['1', 1],
      ['2.0', 2],
    ],
    bad: ['0.49', '2.01', '1,5', '.5', '1.', 'NaN', 'Infinity', ''],
  },
  'a yes or no': {
    kind: boolean(),
    good: [
      ['true', true],
      ['false', false],
    ],
    bad: ['yes', 'TRUE', '1', ''],
  },
  'one of some words': {
    kind: oneOf('allow', 'deny'),
    good: [
      ['allow', 'allow'],
      ['deny', 'deny'],
    ],
    bad: ['Allow', 'allowed', ''],
  },
  'a text': {
    kind: text(3),
    good: [
      ['a', 'a'],
      ['abc', 'abc'],
      [' ş ', ' ş '],
    ],
    bad: ['', 'abcd', 'a\n', '\u0000'],
  },
  'a path': {
    kind: path(),
    good: [
      ['data', '/site/kwota/data'],
      ['../data', '/site/data'],
      ['/srv/data', '/srv/data'],
    ],
    bad: ['', 'a\u0000b'],
  },
  'a path, or none': {
    kind: pathOrNone(),
    good: [
      ['none', 'none'],
      ['./none', '/site/kwota/none'],
      ['/var/log/kwota.log', '/var/log/kwota.log'],
    ],
    bad: ['', 'a\u0000b'],
  },
  'an address, or none': {
    kind: orNone(httpUrl()),
    good: [
      ['none', 'none'],
      ['https://api.example.com/readings?site=1', 'https://api.example.com/readings?site=1'],
      ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ],
    bad: ['', 'api.example.com', 'ftp://a', 'https://ada:secret@a', 'https://'],
  },
  'the name of a header': {
    kind: headerName(),
    good: [['X-API-Key', 'X-API-Key']],
    bad: ['', 'X API', 'X:', '-X', 'Schlüssel', 'A'.repeat(101)],
  },
  'a list': {
    kind: list(integer(1, 9), 3),
    good: [
      ['', []],
      [' ', []],
      ['1', [1]],
      ['1, 2,9', [1, 2, 9]],
    ],
    bad: ['1,2,3,4', '0', '1,,2', '1;2', ','],
  },
  'a map': {
    kind: pairs(2),
    good: [
      ['', {}],
      ['A=1', { A: '1' }],
      [' A = 1 ; B=x=y', { A: '1', B: 'x=y' }],
      ['A=1;2\nB=', { A: '1;2', B: '' }],
    ],
    bad: ['A', '=1', 'A=1;B=2;C=3', `A=${'x'.repeat(600)}`],
  },
  'a rung of the stop ladder': {
    kind: rung(),
    good: [
      ['remoteStop 0', { step: 'remoteStop', waitMs: 0 }],
      [' hardReset 9999 ', { step: 'hardReset', waitMs: 9_999_000 }],
    ],
    bad: [
      'remoteStop',
      'remoteStop 1.5',
      'remoteStop -1',
      'remoteStop 10000',
      'RemoteStop 1',
      'explode 1',
      '',
    ],
  },
  'a time zone': {
    kind: timeZone(),
    good: [
      ['Europe/Istanbul', 'Europe/Istanbul'],
      ['UTC', 'UTC'],
    ],
    bad: ['Europe/Istambul', '+03:00', '', 'Etc/Nowhere'],
  },
};

for (const [name, { kind, good, bad }] of Object.entries(table)) {
  t.test(`${name} is read from what it may be`, (t) => {
    for (const [given, value] of good) t.same(kind.read(given, BASE), { value }, JSON.stringify(given));
    t.end();
  });
  t.test(`${name} is refused from what it may not be`, (t) => {
    for (const given of bad) t.notOk('value' in kind.read(given, BASE), JSON.stringify(given));
    t.end();
  });
}

t.test('a refused text gets the word that was probably meant', (t) => {
  t.same(oneOf('auto', 'Wh', 'kWh').read('kwh', BASE), { hint: 'did you mean kWh?' });
  t.same(timeZone().read('Europe/Istambul', BASE), { hint: 'did you mean Europe/Istanbul?' });
  t.same(timeZone().read('Istanbul', BASE), { hint: 'did you mean Europe/Istanbul?' });
  t.same(number(0, 9).read('1,5', BASE), { hint: 'write a point, not a comma' });
  t.same(oneOf('allow', 'deny').read('perhaps', BASE), { hint: null });
  t.end();
});

t.test('what a list, a map or a rung is written as YAML that can only be read as it', (t) => {
  const steps = list(rung(), 5);
  const text = steps.write?.([
    { step: 'remoteStop', waitMs: 0 },
    { step: 'noCurrent', waitMs: 15_000 },
  ]);
  t.equal(text, '[remoteStop 0, noCurrent 15]');
  t.equal(pairs(5).write?.({}), '{}');
  t.equal(pairs(5).write?.({ A: '1', B: 'x, y', C: 'a: b' }), '{ A: 1, B: "x, y", C: "a: b" }');
  t.same(rung().read('remotestop 5', BASE), { hint: 'did you mean remoteStop?' });
  t.end();
});
