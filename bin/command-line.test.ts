// The command line as a user types it: what is answered at once, what is wrong usage, which exit code says so.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { COMPILE_CACHE } from '../test/kit/compile-cache.ts';

const ENTRY = fileURLToPath(new URL('kwota.ts', import.meta.url));
const ENDS_WITHIN_MS = 60_000;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs kwota where it cannot start a server by mistake: a folder of its own, an empty environment. */
function kwota(cwd: string, ...args: readonly string[]): Ended {
  const options = { cwd, env: { ...COMPILE_CACHE }, encoding: 'utf8', timeout: ENDS_WITHIN_MS } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [ENTRY, ...args], options);
  return { code: status, out: stdout, err: stderr };
}

function versionInManifest(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

void t.test('--version and -V say the version on stdout and nothing on stderr', (t) => {
  for (const option of ['--version', '-V']) {
    const expected = { code: 0, out: `kwota ${versionInManifest()} (from source)\n`, err: '' };
    t.strictSame(kwota(t.testdir(), option), expected, option);
  }
  t.end();
});

void t.test('--help tells commands, options and an example, for the program and for a command', (t) => {
  const cwd = t.testdir();
  const { code, out, err } = kwota(cwd, '--help');
  t.strictSame([code, err], [0, '']);
  const options = [
    '--config',
    '--data',
    '--ocpp-host',
    '--ocpp-port',
    '--api-host',
    '--api-port',
    '--log-level',
  ];
  for (const text of [...options, '--debug', '--version', 'serve', 'tui', 'Examples:']) t.match(out, text);
  const ofServe = kwota(cwd, 'serve', '--help');
  t.strictSame([ofServe.code, ofServe.err], [0, '']);
  for (const text of [...options, 'Example:']) t.match(ofServe.out, text);
  t.end();
});

void t.test('whoever has read enough of an output ends the command, which is no failure', async (t) => {
  for (const args of [['--help'], ['--version'], ['simulate', '--help'], ['users', 'list', '--help']]) {
    const child = spawn(process.execPath, [ENTRY, ...args], { cwd: t.testdir(), env: { ...COMPILE_CACHE } });
    child.stdout.destroy();
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const [code] = (await once(child, 'close')) as [number | null];
    t.strictSame([code, err], [0, ''], args.join(' '));
  }
});

void t.test('wrong usage is exit code 2 with what was wrong and where to look, on stderr alone', (t) => {
  const cwd = t.testdir();
  for (const [args, named] of [
    [['--no-such-option'], '--no-such-option'],
    [['serve', '--no-such-option'], '--no-such-option'],
    [['--ocpp-port'], '--ocpp-port'],
    [['no-such-command'], 'no-such-command'],
    [['serve', 'too-much'], 'serve'],
  ] as const) {
    const { code, out, err } = kwota(cwd, ...args);
    t.strictSame([code, out], [2, ''], args.join(' '));
    t.match(err, named);
    t.match(err, 'kwota --help');
    t.notMatch(err, /^ +at /m, 'no stack');
  }
  t.end();
});

void t.test('a word too many, and a word that is no number, are wrong usage of any command', (t) => {
  const cwd = t.testdir();
  for (const [args, said] of [
    [['users', 'list', 'extra'], /too many arguments/],
    [['users', 'add', 'TAG1', 'Ada', '--quota', '5'], /too many arguments/],
    [['chargers', 'show', 'CP1', 'CP2'], /too many arguments/],
    [['trace', 'CP1', 'more'], /too many arguments/],
    [['tokens', 'list', 'all'], /too many arguments/],
    [['users', 'grant', 'TAG1', 'abc'], /It is a number like 150 or 12\.5/],
    [['users', 'grant', 'TAG1', '1e3'], /It is a number like 150 or 12\.5/],
  ] as const) {
    // Were it taken after all, it must not be the checkout's own folder.
    const { code, out, err } = kwota(cwd, '--data', cwd, ...args);
    t.strictSame([code, out], [2, ''], args.join(' '));
    t.match(err, said);
  }
  t.end();
});

void t.test('a mistyped option names the one that was meant', (t) => {
  t.match(kwota(t.testdir(), '--ocp-port', '9000').err, '--ocpp-port');
  t.end();
});

void t.test('what cannot run is exit code 1 and a line with a hint; a stack only with --debug', (t) => {
  const cwd = t.testdir();
  const absent = join(cwd, 'absent.yaml');
  const plain = kwota(cwd, 'serve', '--config', absent);
  t.strictSame([plain.code, plain.out], [1, '']);
  t.match(plain.err, /^kwota: .*absent\.yaml.*--config.*\n$/);
  t.equal(plain.err.split('\n').length, 2, 'one line');
  const debug = kwota(cwd, '--debug', 'serve', '--config', absent);
  t.equal(debug.code, 1);
  t.ok(debug.err.startsWith(plain.err));
  t.match(debug.err, /^ +at /m);
  t.end();
});

void t.test('an option may stand before or after the command', (t) => {
  const cwd = t.testdir();
  const before = kwota(cwd, '--config', 'absent.yaml', 'serve');
  const after = kwota(cwd, 'serve', '--config', 'absent.yaml');
  t.match(before, { code: 1, err: /absent\.yaml/ });
  t.strictSame(after, before);
  t.strictSame(kwota(cwd, '--config', 'absent.yaml'), before, 'serve is the default');
  t.end();
});

void t.test('a wrong value is refused by its name before anything starts', (t) => {
  const { code, out, err } = kwota(t.testdir(), 'serve', '--ocpp-port', '70000');
  t.strictSame([code, out], [2, '']);
  t.match(err, /^kwota: .*(--ocpp-port|ocpp\.port)/);
  t.end();
});

/** Tells at the end of a run which modules of the project it has loaded. */
const WATCH_LOADS = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
process.on('exit', () => process.stderr.write(loaded.join('\\n')));
`)}`;

void t.test('--version and --help load nothing of the server, nor of any command', (t) => {
  for (const option of ['--version', '--help']) {
    const options = {
      cwd: t.testdir(),
      env: { ...COMPILE_CACHE },
      encoding: 'utf8',
      timeout: ENDS_WITHIN_MS,
    } as const;
    const { stderr } = spawnSync(process.execPath, ['--import', WATCH_LOADS, ENTRY, option], options);
    const loaded = stderr.split('\n').filter((url) => !url.includes('/node_modules/'));
    t.ok(loaded.some((url) => url.endsWith('/bin/setup-commands.ts')));
    // The names of the simulator's brands stand in the help.
    const heavy = loaded.filter((url) =>
      /\/bin\/commands\/|\/src\/(?!runtime\/|api\/contract|simulator\/profile)/.test(url),
    );
    t.strictSame(heavy, [], option);
  }
  t.end();
});

void t.test('licenses from source says that nothing is inside, and where they are', (t) => {
  t.match(kwota(t.testdir(), 'licenses'), { code: 1, out: '', err: /from source.*node_modules/ });
  t.end();
});
