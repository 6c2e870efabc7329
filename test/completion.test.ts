// Tab in a real bash: commands, options, values, paths, and names that the running server knows.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import { shells } from '../bin/completion-scripts.ts';
import { ChargePoint } from './kit/charge-point.ts';
import { COMPILE_CACHE } from './kit/compile-cache.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { runCommand } from './kit/kwota-command.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

const ENTRY = fileURLToPath(new URL('../bin/kwota.ts', import.meta.url));
// Each Tab is a process.
t.setTimeout(300_000);
const NAMES_WITHIN_MS = 180_000;

const USERS = 'id_tag,name,surname,quota_kwh\n04A1,Ada,Example,100\n04B2,Bob,Example,100\n';

/** What bash offers at the end of each line, by its own function and variables; the current folder is `cwd`. */
function offered(cwd: string, lines: readonly string[]): string[][] {
  const script = [
    `kwota() { ${quoted(process.execPath)} ${quoted(ENTRY)} "$@"; }`,
    'eval "$(kwota completion bash)"',
    'tab() {',
    '  COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=(kwota)',
    '  _kwota',
    '  printf "%s|" "${COMPREPLY[@]}"; echo',
    '}',
    // Outside a completion there is no such command; it says here what it was asked for.
    'compopt() { printf "compopt %s|" "$2"; }',
    'complete -p kwota',
    ...lines.map((line) => `tab ${quoted(line)}`),
  ];
  const env = { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...COMPILE_CACHE };
  const out = execFileSync('bash', ['--norc', '-c', script.join('\n')], { cwd, env, encoding: 'utf8' });
  const [registered, ...rows] = out.trimEnd().split('\n');
  t.equal(registered, 'complete -F _kwota kwota');
  return rows.map((row) => row.split('|').filter((word) => word !== ''));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

void t.test('commands, options and values come from the program', (t) => {
  const lines = [
    'kwota us',
    'kwota users gran',
    'kwota sessions list --ru',
    'kwota tokens add x --role ',
    'kwota completion b',
  ];
  t.strictSame(offered(t.testdir(), lines), [
    ['users'],
    ['grant', 'grants'],
    ['--running'],
    ['viewer', 'operator', 'admin'],
    ['bash'],
  ]);
  t.end();
});

void t.test('hidden commands and options are not offered', (t) => {
  const [commands = [], options = []] = offered(t.testdir(), ['kwota ', 'kwota demo --']);
  t.ok(commands.includes('demo'));
  t.notOk(commands.includes('complete'));
  t.ok(options.includes('--read-only'));
  t.notOk(options.includes('--until-stdin-ends'));
  t.end();
});

void t.test('paths are left to bash', (t) => {
  t.strictSame(offered(t.testdir(), ['kwota --config ', 'kwota serve --data ', 'kwota replay ']), [
    ['compopt default'],
    ['compopt dirnames'],
    ['compopt default'],
  ]);
  t.end();
});

void t.test('chargers, cards, sessions and operations are those that there are', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const server = await startKwota({ dataDir });
  t.teardown(() => server.kill());
  const charger = await ChargePoint.connect(server.ocppUrl, 'GATE:01');
  const start = { connectorId: 1, idTag: '04A1', meterStart: 0, timestamp: new Date().toISOString() };
  const { transactionId } = await charger.call('StartTransaction', start);
  // The usual place of a data folder, so that the line needs no --data.
  writeFileSync(join(dataDir, 'config.yaml'), 'data:\n  dir: .\n');
  const lines = [
    'kwota chargers show ',
    'kwota chargers show GATE:',
    'kwota users set 04',
    'kwota users add 04',
    `kwota sessions stop `,
    'kwota sessions list --charger=GA',
    'kwota call GATE:01 Unlock',
    'kwota --data /nowhere chargers show ',
  ];
  const names = [
    ['GATE:01'],
    ['01'],
    ['04A1', '04B2'],
    [],
    [String(transactionId)],
    ['GATE:01'],
    ['UnlockConnector'],
    [],
  ];
  // A Tab waits for no server that is late, and offers nothing then: a busy machine may need more than one.
  let seen: string[][] = [];
  const isRight = () => isDeepStrictEqual((seen = offered(dataDir, lines)), names);
  await until('the names that there are', isRight, NAMES_WITHIN_MS).catch(() => undefined);
  t.strictSame(seen, names);
});

void t.test('every shell has a script, and another one is wrong usage', async (t) => {
  for (const shell of shells) {
    const { code, out, err } = await runCommand(t.testdir(), 'completion', shell);
    t.strictSame([code, err], [0, ''], shell);
    t.match(out, 'complete', shell);
  }
  t.match(await runCommand(t.testdir(), 'completion', 'tcsh'), {
    code: 2,
    err: /bash, zsh, fish, powershell/,
  });
});
