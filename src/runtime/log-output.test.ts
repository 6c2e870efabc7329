// Log lines: one line an event whatever text comes from outside, nothing that a terminal obeys, levels as asked for.
import t from 'tap';
import type { Log, LogFields, LogLevel } from './log.ts';
import { createLog } from './log-output.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const FORMATS = ['text', 'json'] as const;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A tag that steers a terminal, tries to begin a line of its own, and holds what JSON leaves as it is. */
const HOSTILE = 'A\n[AUTH]\r\u001b[2J\u0000\u007f\u0085\u009b31m\u2028\u2029"\\';

function logTo(format: 'text' | 'json', level: LogLevel = 'debug'): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return { log: createLog({ level, format, write: (line) => void lines.push(line) }), lines };
}

/** What this writes, without its time; more than one write would stand in it too. */
function textOf(message: string, fields?: LogFields, level: LogLevel = 'info'): string {
  const { log, lines } = logTo('text');
  log[level]('METER', message, fields);
  return lines.join('<next write>').slice(25);
}

function jsonOf(message: string, fields?: LogFields): { line: string; read: Record<string, unknown> } {
  const { log, lines } = logTo('json');
  log.warn('AUTH', message, fields);
  const line = lines.join('<next write>');
  return { line, read: JSON.parse(line) as Record<string, unknown> };
}

void t.test('a line of text: time, level, the tag people look for, the sentence, then the fields', (t) => {
  t.equal(
    textOf('reading', { charger: 'CP1', user: 'RFID001' }),
    'INFO  [METER] reading charger=CP1 user=RFID001\n',
  );
  t.equal(textOf('reading'), 'INFO  [METER] reading\n');
  t.equal(textOf('reading', {}, 'debug'), 'DEBUG [METER] reading\n');
  t.equal(textOf('reading', {}, 'warn'), 'WARN  [METER] reading\n');
  t.equal(textOf('reading', {}, 'error'), 'ERROR [METER] reading\n');
  t.end();
});

void t.test('a line begins with the moment it was written, in UTC to the millisecond', (t) => {
  const { log, lines } = logTo('text');
  const beforeMs = Date.now();
  log.info('PERF', 'now');
  const time = lines[0]?.slice(0, 24) ?? '';
  t.match(time, TIME);
  t.ok(Date.parse(time) >= beforeMs && Date.parse(time) <= Date.now());
  t.end();
});

void t.test('plain values stand as they are, others are quoted, and what is not known is left out', (t) => {
  for (const [value, shown] of [
    [0, '0'],
    [-1.5, '-1.5'],
    [true, 'true'],
    [false, 'false'],
    [null, 'null'],
    ['ws://10.0.0.7:9000/CP-1', 'ws://10.0.0.7:9000/CP-1'],
    ['a@b.c', 'a@b.c'],
    ['', '""'],
    ['John Doe', '"John Doe"'],
    ['a=b', '"a=b"'],
    ['say "hi"', String.raw`"say \"hi\""`],
    ['back\\slash', String.raw`"back\\slash"`],
    ['Çelik', '"Çelik"'],
    ['trailing\n', String.raw`"trailing\n"`],
  ] as const)
    t.equal(textOf('m', { v: value }), `INFO  [METER] m v=${shown}\n`, JSON.stringify(value));
  t.equal(textOf('m', { a: undefined, b: 1 }), 'INFO  [METER] m b=1\n');
  t.end();
});

void t.test('a tag can neither begin a line nor steer the terminal', (t) => {
  const escaped = String.raw`"A\n[AUTH]\r\u001b[2J\u0000\u007f\u0085\u009b31m\u2028\u2029\"\\"`;
  const line = textOf('refused', { user: HOSTILE });
  t.equal(line, `INFO  [METER] refused user=${escaped}\n`);
  t.equal(JSON.parse(escaped), HOSTILE, 'and can be read back');
  t.end();
});

void t.test('nor can the sentence, where an error of another library stands in it', (t) => {
  const line = textOf(`cannot: ${HOSTILE}`);
  t.notMatch(line.slice(0, -1), /[\p{Cc}\u2028\u2029]/u);
  t.ok(line.endsWith('\n'));
  t.match(line, 'cannot: A\\u000a[AUTH]\\u000d\\u001b[2J\\u0000\\u007f\\u0085\\u009b31m');
  t.end();
});

void t.test(
  'what turns the direction of writing, or is not seen, is shown as an escape, as text and as JSON',
  (t) => {
    for (const [character, escape] of [
      ['\u00ad', '\\u00ad'],
      ['\u061c', '\\u061c'],
      ['\u200b', '\\u200b'],
      ['\u202e', '\\u202e'],
      ['\u2066', '\\u2066'],
      ['\ufeff', '\\ufeff'],
      ['\u{e0041}', '\\udb40\\udc41'],
      ['\ud800', '\\ud800'],
      ['\u0085', '\\u0085'],
      ['\u2028', '\\u2028'],
    ] as const) {
      const text = `a${character}b`;
      t.equal(textOf(text, { user: text }), `INFO  [METER] a${escape}b user="a${escape}b"\n`);
      const { line, read } = jsonOf(text, { user: text });
      t.match(line, `"user":"a${escape}b","msg":"a${escape}b"}\n`);
      t.match(read, { user: text, msg: text }, 'and JSON reads back as it was');
    }
    t.equal(textOf('naïve 充電 🔌'), 'INFO  [METER] naïve 充電 🔌\n', 'what people write stays');
    t.end();
  },
);

void t.test('a line of JSON says the same, and is whole', (t) => {
  const { line, read } = jsonOf('refused', { charger: 'CP1', energyWh: 5, isLate: false, user: null });
  const { time, ...rest } = read;
  t.match(time, TIME);
  t.strictSame(rest, {
    level: 'warn',
    tag: 'AUTH',
    charger: 'CP1',
    energyWh: 5,
    isLate: false,
    user: null,
    msg: 'refused',
  });
  t.ok(line.endsWith('}\n'));
  t.notOk('pid' in read || 'hostname' in read, 'nothing of the machine');
  t.end();
});

void t.test('hostile text in JSON is read back to the letter, and stays on its line', (t) => {
  const { line, read } = jsonOf(HOSTILE, { user: HOSTILE });
  t.equal(read['user'], HOSTILE);
  t.equal(read['msg'], HOSTILE);
  for (const breaking of ['\n', '\r', '\u001b', '\0']) t.notOk(line.slice(0, -1).includes(breaking));
  t.end();
});

void t.test('a level lets through itself and what is graver, and nothing else', (t) => {
  for (const format of FORMATS) {
    for (const [index, level] of LEVELS.entries()) {
      const { log, lines } = logTo(format, level);
      for (const each of LEVELS) log[each]('DATA', `at ${each}`);
      const through = LEVELS.slice(index);
      t.strictSame(
        lines.map((line) => /at (\w+)/.exec(line)?.[1]),
        through,
        `${format} ${level}`,
      );
      t.strictSame(
        LEVELS.filter((each) => log.isEnabled(each)),
        through,
        'and says so beforehand',
      );
    }
  }
  t.end();
});
