// `kwota demo` as a person starts it, in a real terminal: how soon there is life, the pager on the borrowed terminal, and what is left.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { builtProgram } from './kit/built-program.ts';
import { PseudoTerminal } from './kit/pseudo-terminal.ts';
import { until } from './kit/until.ts';

/** Two seconds are promised; a machine that runs other tests beside takes its time. */
const LIFE_WITHIN_MS = 60_000;
const COLUMNS = 100;
const ROWS = 30;

t.setTimeout(300_000);

const KWOTA = builtProgram();

/** A shell in which somebody types kwota demo; what it makes goes to a folder of its own. */
function open(
  t: Test,
  env: Readonly<Record<string, string>> = {},
): { terminal: PseudoTerminal; made: string } {
  const cwd = t.testdir();
  const made = join(cwd, 'tmp');
  mkdirSync(made);
  // A shell that is typed into lives through a Ctrl-C that was for a program; this one has to be told.
  const script = `trap : INT; ${KWOTA} demo; echo "exit code $?"`;
  const terminal = new PseudoTerminal({
    ...{ script, cwd, columns: COLUMNS, rows: ROWS },
    env: { TMPDIR: made, ...env },
  });
  t.teardown(() => terminal.close());
  return { terminal, made };
}

void t.test('life is seen soon, and nothing is left when it is left', async (t) => {
  const began = performance.now();
  const { terminal, made } = open(t);
  await terminal.shows(/GARAGE_01 #1 +Ada Lind/, LIFE_WITHIN_MS);
  t.comment(`somebody is seen to charge after ${Math.round(performance.now() - began)} ms`);
  // Users and sessions are read one after the other.
  await terminal.shows(/Clara Mott +95 % used/, LIFE_WITHIN_MS);
  // People come and go.
  await terminal.shows(/6 online {2}[3-7] sessions/, LIFE_WITHIN_MS);
  await terminal.shows(/Ada Lind +2\d\.\d kW/, LIFE_WITHIN_MS);
  t.comment(`and its power after ${Math.round(performance.now() - began)} ms`);
  terminal.type('q');
  await terminal.shows('exit code 0');
  t.notOk(terminal.isAlternate);
  t.same(readdirSync(made), []);
});

void t.test(
  'a pager gets the terminal, Ctrl-C included, and the dashboard has it back afterwards',
  async (t) => {
    // Shows what it is given, and waits for a line that is typed; to Ctrl-C it is deaf.
    const { terminal } = open(t, {
      PAGER: "trap '' INT; cat; echo PAGED; read line < /dev/tty",
    });
    await terminal.shows(/[3-7] sessions/, LIFE_WITHIN_MS);
    terminal.type('5');
    await terminal.shows(/Log {2}following.*GARAGE_02 is faulted/s);
    terminal.type('P');
    const paged = await terminal.shows('PAGED');
    t.notOk(terminal.isAlternate, 'the lines are on the usual screen');
    t.match(paged, /WARN +\[STATUS\] GARAGE_02 is faulted \(connector 2: GroundFailure\)/);
    terminal.type('\u0003');
    await terminal.shows('^C');
    terminal.type('q\r');
    await terminal.shows(/\[5 Log\]/);
    t.ok(terminal.isAlternate);
    terminal.type('1');
    // And its server has not heard of Ctrl-C.
    await terminal.shows(/● live.*\[1 Overview\].*Charging now/s);
    terminal.type('q');
    await terminal.shows('exit code 0');
  },
);

void t.test('a demo that cannot begin says why', async (t) => {
  const { terminal, made } = open(t, { TMPDIR: '/nowhere' });
  const screen = await terminal.shows('exit code 1');
  t.match(screen, /the demo could not be started/);
  t.notOk(terminal.isAlternate);
  await until('nothing is made', () => existsSync(made) && readdirSync(made).length === 0);
});
