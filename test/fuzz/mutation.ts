// Good inputs spoiled byte by byte. It knows no format, but the words that have broken readers of any.
import type { SeededRandom } from '../kit/seeded-random.ts';

/** Longest input: what is longer is each reader's own limit, which has tests of its own. */
const MAX_BYTES = 200_000;
const MAX_CHANGES = 6;
const MAX_REPEATS = 3_000;
const LONGEST_PIECE = 40;

const TOKENS = [
  ...['{', '}', '[', ']', '"', "'", '\\', ',', ';', ':', '#', '=', '%', '-', '\n', '\r\n', '\t', ' ', '\0'],
  ...['null', 'true', 'NaN', 'Infinity', '-0', '1e999', '0x10', '9007199254740993', '2147483648', '-1', '00'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'],
  ...['../../etc/passwd', '%00', '%2e%2e%2f', '${PATH}', '&a [*a]', '<<: *a', '!!js/function', '=1+1', '@x'],
  ...['\ufeff', '\u202e', '\u0000', '\\ud800', '\u001b[2J', 'ß', '日本', '😀', '1970-01-01T00:00:00Z'],
  ...[
    '2026-02-30T25:61:61Z',
    '+14:00',
    '24:00',
    '1,5',
    '1.234,5',
    'kWh',
    'Wh',
    'Energy.Active.Import.Register',
  ],
];
/** Bytes that are no UTF-8: an overlong NUL, half of a surrogate pair, a lonely continuation. */
const BROKEN_BYTES = [Buffer.from([0xc0, 0x80]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from([0xbf])];
const INSERTED: readonly Buffer[] = [...TOKENS.map((token) => Buffer.from(token)), ...BROKEN_BYTES];

/** One of `corpus`, changed in one to MAX_CHANGES places. */
export function spoiled(corpus: readonly string[], random: SeededRandom): Buffer {
  const other = () => Buffer.from(corpus[random.below(corpus.length)] ?? '');
  let input = other();
  const changes = random.between(1, MAX_CHANGES);
  for (let change = 0; change < changes; change += 1) {
    const at = random.below(input.length + 1);
    const to = Math.min(input.length, at + random.below(LONGEST_PIECE));
    const [before, piece, after] = [input.subarray(0, at), input.subarray(at, to), input.subarray(to)];
    input = Buffer.concat([before, changed(piece, after, other(), random)]).subarray(0, MAX_BYTES);
  }
  return input;
}

/** What comes instead of a piece and all that follows it. */
function changed(piece: Buffer, after: Buffer, other: Buffer, random: SeededRandom): Buffer {
  const token = INSERTED[random.below(INSERTED.length)] ?? piece;
  switch (random.below(8)) {
    case 0:
      return Buffer.concat([token, piece, after]);
    case 1:
      return Buffer.concat([token, after]);
    case 2:
      return after;
    case 3:
      return Buffer.concat([piece, piece, after]);
    case 4:
      return Buffer.concat([...Array<Buffer>(random.below(MAX_REPEATS)).fill(token), after]);
    case 5:
      return Buffer.concat([piece, other.subarray(random.below(other.length + 1))]);
    case 6:
      return piece;
    default:
      return Buffer.concat([piece.map((byte) => byte ^ (1 << random.below(8))), after]);
  }
}
