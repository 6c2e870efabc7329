// JSON read with places: the same values as JSON.parse gives, the same texts refused.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { JsonFault, parseJsonTree, type JsonNode } from './json-tree.ts';

function valueOf(node: JsonNode): unknown {
  if (node.kind === 'object')
    return Object.fromEntries(node.entries.map(({ key, node: inner }) => [key, valueOf(inner)]));
  return node.kind === 'list' ? node.items.map(valueOf) : node.value;
}

function read(text: string, parse: (text: string) => unknown): unknown {
  try {
    return { value: parse(text) };
  } catch {
    return 'refused';
  }
}

/** A text as JSON writes it, with one character put in, taken away or replaced. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 3 }),
    fc.nat(),
    fc.constantFrom('', '"', ',', '{', ']', ':', '\n', '0', '-', '\\', 'e'),
    fc.nat(1),
  )
  .map(([text, at, put, cut]) => {
    const index = at % (text.length + 1);
    return text.slice(0, index) + put + text.slice(index + cut);
  });

t.test('what JSON.parse reads is read to the same value, and what it refuses is refused', (t) => {
  const isSame = (text: string) =>
    isDeepStrictEqual(
      read(text, (one) => valueOf(parseJsonTree(one))),
      read(text, (one) => JSON.parse(one) as unknown),
    );
  for (const text of [
    '',
    ' ',
    '01',
    '1.',
    '-',
    '"\t"',
    '"\\x"',
    '[1,]',
    '{"a":1,}',
    'nul',
    '1 2',
    '"\u2028"',
  ])
    t.ok(isSame(text), encodeURIComponent(text));
  fc.assert(
    fc.property(fc.oneof(fc.json({ maxDepth: 4 }), nearlyJson), (text) => {
      // An object literal takes this key for something else.
      fc.pre(!text.includes('__proto__'));
      return isSame(text);
    }),
    { numRuns: 500 },
  );
  t.end();
});

t.test('every key and value knows its place, and a repeated key is seen', (t) => {
  const tree = parseJsonTree('{"a": 1,\n "a": [true, "x"]}');
  t.match(tree, {
    kind: 'object',
    entries: [
      { key: 'a', at: 1, node: { at: 6 } },
      { key: 'a', at: 10, node: { at: 15, items: [{ at: 16 }, { at: 22 }] } },
    ],
  });
  t.end();
});

t.test('a fault says where it is', (t) => {
  for (const [text, at, message] of [
    ['{"a": }', 6, /value is missing/],
    ['{"a": 1', 7, /comma or } is missing/],
    ['{"a" 1}', 5, /colon/],
    ['[1, ', 4, /cut short/],
    ['{} x', 3, /follows/],
    ['['.repeat(200), 101, /too deep/],
  ] as const) {
    const thrown = t.throws(
      () => parseJsonTree(text),
      { name: 'JsonFault', code: 'notJson', at, message },
      text,
    );
    t.ok(thrown instanceof JsonFault);
  }
  t.end();
});

t.test('a text of megabytes is no matter', (t) => {
  const long = JSON.stringify({ a: `${'x'.repeat(3_000_000)}${'\\"'.repeat(200_000)}` });
  t.strictSame(valueOf(parseJsonTree(long)), JSON.parse(long));
  t.end();
});
