// Lines of log files read back: both formats as the log writes them, and whatever else may stand in such a file.
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { LogFields } from '../src/runtime/log.ts';
import { createLog } from '../src/runtime/log-output.ts';
import { linesOfFile, readLogLine } from './log-lines.ts';

const FIELDS: LogFields = {
  ...{ charger: 'CP "1"\n', plain: 'a', number: -1.5, yes: true, none: null, left: undefined },
  ...{ blank: 'two words', equals: 'a=b', empty: '', path: '/CP1' },
};

for (const format of ['text', 'json'] as const) {
  void t.test(`a line of ${format} says again what was logged`, (t) => {
    const lines: string[] = [];
    const log = createLog({ level: 'debug', format, write: (line) => lines.push(line.trimEnd()) });
    log.warn('METER', 'a sentence: 2 = 2', FIELDS);
    log.debug('DATA', 'no fields');
    const [odd, bare] = lines.map(readLogLine);
    t.match(odd, { level: 'warn', tag: 'METER', message: 'a sentence: 2 = 2', charger: 'CP "1"\n' });
    t.strictSame(odd?.fields, {
      ...{ plain: 'a', number: '-1.5', yes: 'true', none: 'null' },
      ...{ blank: 'two words', equals: 'a=b', empty: '', path: '/CP1' },
    });
    t.match(bare, { level: 'debug', tag: 'DATA', message: 'no fields', charger: null, fields: {} });
    t.match(bare?.at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    t.end();
  });
}

void t.test('what is no line of a log is none', (t) => {
  const time = '2026-11-30T10:00:00.000Z';
  for (const text of [
    '',
    'kwota: port 9000 is in use',
    `${time} INFO no tag`,
    `${time} LOUD [DATA] no level`,
    '{"level":"info"',
    '{"level":"info","time":5,"tag":"DATA"}',
    '{"level":"loud","time":"x","tag":"DATA"}',
    '{}',
    '{"a":1}',
  ])
    t.equal(readLogLine(text), null, text);
  t.end();
});

void t.test('lines of all files that may have them are looked through, the oldest first', async (t) => {
  const dir = t.testdir({});
  const path = join(dir, 'kwota.log');
  const at = (hour: number) => `2026-11-30T${String(hour).padStart(2, '0')}:00:00.000Z`;
  const line = (hour: number, tag = 'DATA', level = 'INFO ') => `${at(hour)} ${level} [${tag}] at ${hour}\n`;
  const put = (name: string, hour: number, text: string) => {
    writeFileSync(join(dir, name), text);
    utimesSync(join(dir, name), new Date(at(hour)), new Date(at(hour)));
  };
  put('kwota.log.10', 1, line(1));
  put('kwota.log.2', 3, line(2) + line(3, 'QUOTA', 'WARN '));
  put('kwota.log.gz', 3, line(9));
  put('kwota.log', 5, `${line(4, 'QUOTA')}garbage\n${line(5, 'DATA', 'ERROR')}`);
  const found = async (filter: Parameters<typeof linesOfFile>[1], limit = Infinity) =>
    (await linesOfFile(path, filter, limit)).map(({ message }) => message);
  t.same(await found({}), ['at 1', 'at 2', 'at 3', 'at 4', 'at 5']);
  t.same(await found({}, 2), ['at 4', 'at 5']);
  t.same(await found({ tag: 'QUOTA' }), ['at 3', 'at 4']);
  t.same(await found({ level: 'warn' }), ['at 3', 'at 5']);
  t.same(await found({ fromMs: Date.parse(at(3)) }), ['at 3', 'at 4', 'at 5']);
  t.same(await found({ charger: 'CP1' }), []);
});
