// Log lines: what people grep for, what programs parse, and text from outside that must not forge any of it.
import t from 'tap';
import { silentLog, type LogLevel } from './log.ts';
import { createLog } from './log-output.ts';

function open(format: 'text' | 'json', level: LogLevel = 'debug') {
  const lines: string[] = [];
  return { log: createLog({ level, format, write: (line) => lines.push(line) }), lines };
}

void t.test('a line of text has time, level, tag, message and fields', (t) => {
  const { log, lines } = open('text');
  log.info('METER', 'reading', {
    charger: 'CP/1',
    user: 'RFID001',
    wh: 500,
    ok: true,
    gone: null,
    left: undefined,
  });
  log.warn('DATA', 'odd');
  t.match(
    lines[0],
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO {2}\[METER\] reading charger=CP\/1 user=RFID001 wh=500 ok=true gone=null\n$/,
  );
  t.match(lines[1], /Z WARN {2}\[DATA\] odd\n$/);
  t.end();
});

void t.test('a line of JSON has the same', (t) => {
  const { log, lines } = open('json');
  log.error('API', 'request failed', { path: '/x y', left: undefined });
  t.match(JSON.parse(lines[0]!), {
    level: 'error',
    tag: 'API',
    msg: 'request failed',
    path: '/x y',
    time: /Z$/,
  });
  t.ok(lines[0]?.endsWith('}\n'));
  t.end();
});

void t.test('text from outside makes no second line and no terminal escape', (t) => {
  for (const format of ['text', 'json'] as const) {
    const { log, lines } = open(format);
    log.info('AUTH', 'a\nb\u001b[2J', {
      user: 'x\r\n2026 ERROR [DATA] forged',
      tag2: '\u009b31m\u007f\u2028',
      empty: '',
    });
    t.equal(lines.length, 1);
    const body = lines[0]!.slice(0, -1);
    t.notMatch(body, /[\n\r\u001b]/, format);
    if (format === 'text') {
      t.notMatch(body, /[\p{Cc}\u2028]/u);
      t.match(body, 'a\\u000ab\\u001b[2J user="x\\r\\n2026 ERROR [DATA] forged"');
      t.match(body, 'empty=""');
    }
  }
  t.end();
});

void t.test('a level writes what is at least as severe', (t) => {
  for (const [level, written] of [
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ] as const) {
    for (const format of ['text', 'json'] as const) {
      const { log, lines } = open(format, level);
      const all = ['debug', 'info', 'warn', 'error'] as const;
      for (const which of all) log[which]('PERF', which);
      t.equal(lines.length, written.length, `${level} ${format}`);
      t.same(
        all.filter((which) => log.isEnabled(which)),
        written,
      );
    }
  }
  t.notOk(silentLog.isEnabled('error'));
  t.end();
});
