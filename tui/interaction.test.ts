// A person at the keys: moving, filtering, sorting, going there and back, freezing, copying, leaving.
import t from 'tap';
import { SMALL, TestDesk } from '../test/kit/dashboard-desk.tsx';
import { settled } from '../test/kit/fake-site-api.ts';
import { madeUpSiteWithPast } from '../test/kit/made-up-past.ts';
import { madeUpSite } from '../test/kit/made-up-site.ts';
import { placeOf } from './desk/ui-state.ts';

/** The row that has the sign. */
function selected(desk: TestDesk): string {
  return (
    desk
      .lines()
      .find((line) => line.includes('│ > '))
      ?.replace(/[│>]/g, '')
      .trim()
      .split(/ {2,}/)[0] ?? ''
  );
}
const title = (desk: TestDesk) => desk.lines()[2] ?? '';

t.test('arrows and letters move, and what was selected is found again after going away', (t) => {
  const desk = new TestDesk().press('2', 'down', 'j', 'k', 'down');
  t.equal(selected(desk), '▶ CP-GARAGE-01 1');
  desk.press('1', '2');
  t.equal(selected(desk), '▶ CP-GARAGE-01 1');
  t.equal(selected(desk.press('end')), '○ CP-GARAGE-10 1');
  t.equal(selected(desk.press('home')), '✖ CP-GARAGE-07 1');
  t.end();
});

t.test('a filter narrows while it is typed, is shown, and goes by Esc', (t) => {
  const desk = new TestDesk().press('2', '/').type('yard');
  t.match(title(desk), /3 of 16 connectors {2}filter: yard/);
  t.match(desk.lines().at(-2), / \/yard_/);
  desk.press('enter');
  t.equal(selected(desk), '╳ CP-YARD-02');
  t.match(title(desk.press('esc')), /16 connectors {2}sort/);
  desk.press('/').type('!yard').press('enter');
  t.match(title(desk), /13 of 16 connectors {2}filter: !yard/);
  desk.press('/').press('ctrl-u').type('user:ben');
  t.match(title(desk), /1 of 16 connectors/);
  desk.press('esc');
  t.match(title(desk), /16 connectors {2}sort/, 'Esc while typing clears it');
  t.end();
});

t.test('a filter that leaves nothing says so, and how to be rid of it', (t) => {
  const desk = new TestDesk().press('2', '/').type('garage-99').press('enter');
  t.match(desk.frame(), /No connector matches 'garage-99'\. Esc clears the filter\./);
  desk.press('down', 'x');
  t.match(desk.message(), /no session runs here/);
  t.end();
});

t.test('the list is sorted by the next column, then by its own order again, and reversed', (t) => {
  const desk = new TestDesk().press('2', 's');
  t.match(title(desk), /sort: charger/);
  t.equal(selected(desk), '▶ CP-GARAGE-01 1');
  t.match(desk.lines()[3], /CHARGER ↑/);
  t.match(desk.press('S').lines()[3], /CHARGER ↓/);
  t.match(title(desk), /sort: charger, reversed/);
  for (let i = 0; i < 6; i += 1) desk.press('s');
  t.match(title(desk), /sort: status/);
  t.end();
});

t.test('Enter goes in, Esc comes back step by step and never leaves', (t) => {
  const desk = new TestDesk().press('2', 'enter', 'T');
  t.same(placeOf(desk.dashboard.world().ui), { screen: 'trace', subject: 'CP-GARAGE-07' });
  desk.press('esc', 'esc');
  t.same(placeOf(desk.dashboard.world().ui), { screen: 'chargers' });
  for (let i = 0; i < 5; i += 1) desk.press('esc');
  t.same(placeOf(desk.dashboard.world().ui), { screen: 'overview' });
  t.equal(desk.left, null);
  t.end();
});

t.test('Tab goes around the panes that have rows', (t) => {
  const desk = new TestDesk();
  t.equal(selected(desk), '▶ CP-GARAGE-03 #2', 'the sessions first');
  t.equal(selected(desk.press('tab')), '✖ CP-GARAGE-07 #1');
  t.equal(selected(desk.press('tab')), '▶ CP-GARAGE-03 #2');
  t.equal(selected(desk.press('shift-tab', 'down')), '╳ CP-YARD-02');
  desk.press('enter');
  t.same(placeOf(desk.dashboard.world().ui), { screen: 'charger', subject: 'CP-YARD-02' });
  t.end();
});

t.test('a frozen picture says so and stands still; the clock and the keys go on', (t) => {
  const desk = new TestDesk().press('2', 'space');
  desk.store.change((snapshot) => ({ ...snapshot, chargers: [] }));
  desk.clock.advance(5_000);
  t.match(desk.lines()[0], /FROZEN at 14:32:07 {2}14:32:12/);
  t.match(title(desk.press('down')), /16 connectors/);
  desk.press('space');
  t.match(desk.frame(), /No charger has connected yet/);
  t.end();
});

t.test('a row is copied as its cells', (t) => {
  const desk = new TestDesk().press('2', 'down', 'down', 'y');
  t.same(desk.copied, ['CP-GARAGE-01 1\tCharging\tAda Schmidt\t7.2 kW\t18.4 kWh\t2 h 33']);
  t.equal(desk.message(), 'copied');
  t.end();
});

t.test('a word is completed to what begins so, or else to what has it somewhere', (t) => {
  const desk = new TestDesk().press(':').type('cp ga').press('tab');
  const line = () => desk.lines().at(-2)?.trim() ?? '';
  t.equal(line(), ':cp CP-GARAGE-01_');
  t.end();
});

t.test('what is wrong with a command is said, and the line stays to be mended', (t) => {
  const desk = new TestDesk().press(':').type('dance').press('enter');
  t.match(desk.lines().at(-2), /:dance_ {2}there is no command dance/);
  desk.press('ctrl-u').type('cp garage-03').press('enter');
  t.same(placeOf(desk.dashboard.world().ui), { screen: 'charger', subject: 'CP-GARAGE-03' });
  desk.press(':').type('cp garage').press('enter');
  t.match(desk.lines().at(-2), /which one: CP-GARAGE-01, CP-GARAGE-02/);
  desk.press('esc', ':').type('stop 1842').press('enter');
  t.match(desk.frame(), /Stop session 1842\?/);
  desk.press('esc', ':').type('stop 7').press('enter');
  t.match(desk.lines().at(-2), /no session 7 runs/);
  desk.press('esc', ':', 'backspace');
  t.equal(desk.dashboard.world().ui.dialog, null, 'an empty line is left by Backspace');
  t.end();
});

t.test('Tab goes through all that a word can become, and around', (t) => {
  const desk = new TestDesk().press(':').type('st').press('tab');
  t.match(desk.lines().at(-2), /:stop _/);
  desk.press('tab', 'tab');
  t.match(desk.lines().at(-2), /:stop 1840_/);
  desk.press('shift-tab', 'shift-tab');
  t.match(desk.lines().at(-2), /:stop 1838_/);
  t.match(desk.lines().at(-1), /1842 {2}1840 {2}1839 {2}1838/);
  t.end();
});

t.test('the help is a list like every other', (t) => {
  const desk = new TestDesk().press('?', '/').type('unlock').press('enter');
  t.match(desk.frame(), /u +unlock the connector +Chargers/);
  desk.press('esc', 'esc');
  t.same(placeOf(desk.dashboard.world().ui), { screen: 'overview' });
  t.end();
});

t.test('leaving leaves the server alone; the one that was started with it is asked about', (t) => {
  t.equal(new TestDesk().press('q').left, 'server-running');
  const started = { facts: { hasStartedServer: true } };
  t.equal(new TestDesk(started).press('ctrl-c').left, 'server-running', 'Ctrl-C asks nothing');
  t.equal(
    new TestDesk(started).press('2', '/', 'ctrl-c').left,
    'server-running',
    'also while something is typed',
  );
  const asked = new TestDesk(started).press('q');
  t.equal(asked.left, null);
  t.match(asked.frame(), /leave it running/);
  t.equal(
    new TestDesk(started).press('q', 'enter').left,
    'server-running',
    'what is offered first is harmless',
  );
  t.equal(new TestDesk(started).press('q', 's').left, 'stop-server');
  const cancelled = new TestDesk(started).press('q', 'esc');
  t.equal(cancelled.left, null);
  t.equal(cancelled.dashboard.world().ui.dialog, null);
  t.end();
});

t.test('R reads everything anew, from any screen', (t) => {
  const desk = new TestDesk({ snapshot: madeUpSite, size: SMALL }).press('2', 'R');
  t.equal(desk.retries, 1);
  t.end();
});

t.test('the lines that a filter leaves are read in the pager, in full and harmless', async (t) => {
  const desk = new TestDesk({ snapshot: madeUpSiteWithPast }).press('5', '/').type('faulted').press('enter');
  desk.press('P', 'P');
  await settled();
  t.same(desk.paged, [
    'Sun 22 Nov 14:31:25 ERROR [STATUS] Faulted connector=1 error=GroundFailure charger=CP-GARAGE-07\n',
  ]);
  desk.press('2', '/').type('03').press('enter', 'T', 'P');
  await settled();
  t.match(desk.paged[1], /← \[2,"a1","Heartbeat",\{\}\]\n.*→ \[3,"a1",/s, 'frames as they were');
  t.notMatch(desk.paged[1], /\p{Cc}(?<!\n)/u);
  desk.pagerProblem = 'the pager nothing cannot be run; set PAGER';
  desk.press('P');
  await settled();
  t.match(desk.message(), /cannot be run; set PAGER/);
  t.match(
    new TestDesk().press('5', '/').type('nothing').press('enter', 'P').message(),
    /there is no line to read/,
  );
});
