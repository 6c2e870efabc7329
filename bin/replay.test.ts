// `kwota replay` as a user types it: the report on stdout, the same each time; what cannot be read is one line and exit code 1.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { COMPILE_CACHE } from '../test/kit/compile-cache.ts';

const ENTRY = fileURLToPath(new URL('kwota.ts', import.meta.url));
const RECORDING = fileURLToPath(new URL('../test/recordings/charge-to-the-quota.jsonl', import.meta.url));
const ENDS_WITHIN_MS = 60_000;

function replay(cwd: string, ...args: readonly string[]): { code: number | null; out: string; err: string } {
  const options = { cwd, env: { ...COMPILE_CACHE }, encoding: 'utf8', timeout: ENDS_WITHIN_MS } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [ENTRY, 'replay', ...args], options);
  return { code: status, out: stdout, err: stderr };
}

void t.test('a recording comes out as text for people, in which no folder or present time stands', (t) => {
  const { code, out, err } = replay(t.testdir(), RECORDING);
  t.strictSame([code, err], [0, '']);
  for (const line of [
    'Recording of GARAGE_01, made 2026-12-01T08:00:00.000Z by kwota 0.1.0',
    '178870001  connector 1  TAG1  Accepted  5.050 kWh',
    '2026-11  TAG1  5.050 kWh',
    'TAG1  2026-11: 5.050 kWh used, -0.050 kWh left of 5.000 kWh',
    'Alarms at the end: none',
    'RemoteStopTransaction {"transactionId":178870001}: Accepted',
  ])
    t.match(out, line);
  t.notMatch(out, 'charge-to-the-quota');
  t.strictSame(replay(t.testdir({ data: {} }), RECORDING), { code, out, err }, 'anywhere, at any time');
  t.end();
});

void t.test('--json says the same to programs, and --users takes the quotas from a users1.csv', (t) => {
  const cwd = t.testdir({ 'users1.csv': 'id_tag,quota_kwh\nTAG1,20\nTAG2,many\n' });
  const { code, out, err } = replay(cwd, RECORDING, '--json', '--users', 'users1.csv');
  t.equal(code, 0);
  t.match(JSON.parse(out), { sessions: [{ wh: 5050 }], quotas: [{ quotaWh: 20_000 }], calls: [] });
  t.match(err, /^kwota: users1\.csv:3: .*left out/);
  t.end();
});

void t.test('what a charger sent cannot steer the terminal', (t) => {
  const [header = ''] = readFileSync(RECORDING, 'utf8').split('\n');
  const start = { connectorId: 1, idTag: '\u001b[2J\nTAG', meterStart: 0 };
  const text = JSON.stringify([2, '1', 'StartTransaction', start]);
  const line = JSON.stringify({ seq: 1, at: '2026-11-30T12:00:00.000Z', kind: 'in', text });
  const cwd = t.testdir({ 'hostile.jsonl': `${header}\n${line}\n` });
  for (const args of [[], ['--json']]) {
    const { code, out } = replay(cwd, 'hostile.jsonl', ...args);
    t.equal(code, 0);
    t.match(out, '\\u001b[2J');
    t.notOk(out.includes('\u001b'));
  }
  t.end();
});

void t.test('a file that cannot be read is told in one line', (t) => {
  const cwd = t.testdir({ folder: {}, 'text.txt': 'no recording\n', 'users1.csv': 'tag\nTAG1\n' });
  for (const [args, message] of [
    [['absent.jsonl'], /^kwota: absent\.jsonl cannot be read: there is no such file; .*\n$/],
    [['folder'], /^kwota: folder cannot be read: it is a folder; .*\n$/],
    [['text.txt'], /^kwota: text\.txt:1: this is no recording of kwota; .*\n$/],
    [[RECORDING, '--users', 'absent.csv'], /^kwota: absent\.csv cannot be read: .*\n$/],
    [[RECORDING, '--users', 'users1.csv'], /^kwota: users1\.csv:1: the header has no column .*\n$/],
  ] as const) {
    const { code, out, err } = replay(cwd, ...args);
    t.strictSame([code, out], [1, ''], join(...args));
    t.match(err, message);
    t.equal(err.trimEnd().split('\n').length, 1);
  }
  t.equal(replay(cwd).code, 2, 'no file named is wrong usage');
  t.end();
});
