// The log by its keys: what is left out, which charger it is about, and that it goes on or waits as the person wants.
import t from 'tap';
import { TestDesk } from '../../test/kit/dashboard-desk.tsx';
import { ago } from '../../test/kit/made-up-time.ts';
import type { LogLine } from '../../src/api/contract/logs.ts';
import { withLines } from '../data/snapshot.ts';

/** Lines of the pane that hold this. */
function count(desk: TestDesk, text: string): number {
  return desk.lines().filter((line) => line.includes(text)).length;
}

function says(desk: TestDesk, message: string, more: Partial<LogLine> = {}): void {
  const seq = (desk.store.latest().log.at(-1)?.seq ?? 0) + 1;
  const line: LogLine = {
    ...{ seq, at: ago(-seq / 60), level: 'info', tag: 'STATUS', charger: null, message, fields: {} },
    ...more,
  };
  desk.store.change((snapshot) => ({ ...snapshot, log: withLines(snapshot.log, [line]) }));
  desk.clock.advance(1_000);
}

void t.test('v goes from all lines to warnings and errors, to errors, and back', (t) => {
  const desk = new TestDesk().press('5');
  const levels = () => [count(desk, ' info '), count(desk, ' WARN '), count(desk, ' ERROR ')];
  t.same(levels(), [4, 3, 1]);
  t.same((desk.press('v'), levels()), [0, 3, 1]);
  t.match(desk.frame(), 'Log, warnings and errors');
  t.same((desk.press('v'), levels()), [0, 0, 1]);
  t.match(desk.frame(), 'Log, errors only');
  t.same((desk.press('v'), levels()), [4, 3, 1]);
  t.end();
});

void t.test('M leaves readings out, and shows them again', (t) => {
  const desk = new TestDesk().press('5', 'M');
  t.equal(count(desk, 'METER'), 0);
  t.match(desk.frame(), 'no readings');
  t.equal((desk.press('M'), count(desk, 'METER')), 1);
  t.end();
});

void t.test('o shows the charger of the selected line alone, and then all again', (t) => {
  const desk = new TestDesk().press('5', 'up', 'o');
  t.equal(count(desk, '  CP-GARAGE-03  '), 3);
  t.equal(count(desk, 'CP-GARAGE-07 '), 0);
  t.equal((desk.press('o'), count(desk, 'CP-GARAGE-07 ')), 1);
  desk.press('end', 'up', 'up', 'o');
  t.match(desk.message(), 'this line is about no charger', 'a line of the site says why not');
  t.end();
});

void t.test('it goes on with new lines until somebody moves away; f goes on again', (t) => {
  const desk = new TestDesk().press('5');
  says(desk, 'the first news');
  t.match(
    desk.lines().find((line) => line.includes('>')),
    'the first news',
  );
  desk.press('up', 'up', 'up');
  const before = desk.lines().find((line) => line.includes('>'));
  for (let n = 0; n < 30; n += 1) says(desk, `news ${n}`);
  t.equal(
    desk.lines().find((line) => line.includes('>')),
    before,
    'what is read stays where it is',
  );
  t.match(desk.frame(), /paused, \d+ below/);
  desk.press('f');
  t.match(
    desk.lines().find((line) => line.includes('>')),
    'news 29',
  );
  desk.press('f');
  t.match(desk.message(), 'it follows already');
  t.end();
});

void t.test('Enter shows a line in full, with each field on a line of its own', (t) => {
  const desk = new TestDesk().press('5', 'enter');
  t.match(desk.frame(), 'Faulted');
  t.match(desk.frame(), /error +GroundFailure/);
  t.match(desk.frame(), /charger +CP-GARAGE-07/);
  t.match((desk.press('esc'), desk.frame()), 'Log');
  t.end();
});

void t.test('a hostile text breaks no line and colours none', (t) => {
  const desk = new TestDesk().press('5');
  says(desk, 'a\u001b[31mred\nnext\u202eabc', { level: 'error', charger: 'CP\u001b]8;;http://x\u0007' });
  t.same(desk.misfits(), []);
  for (const hostile of ['\u001b', '\u202e', '\u0007']) t.notOk(desk.frame().includes(hostile));
  t.end();
});

void t.test('an empty log says so', (t) => {
  const desk = new TestDesk();
  desk.store.change((snapshot) => ({ ...snapshot, log: [] }));
  desk.clock.advance(1_000);
  t.match(desk.press('5').frame(), 'Nothing has been logged yet.');
  t.end();
});
