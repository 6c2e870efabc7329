// Every command after `:`, as it is typed: what it does, what it completes, and what it says when it cannot.
import t from 'tap';
import { ApiClientError } from '../../src/api/client.ts';
import { TestDesk, type DeskOptions } from '../../test/kit/dashboard-desk.tsx';
import { fakeSite, settled } from '../../test/kit/fake-site-api.ts';
import { connector, madeUpCharger, madeUpSession, madeUpSite } from '../../test/kit/made-up-site.ts';
import { placeOf } from '../desk/ui-state.ts';
import { allCommands } from '../key-tables.ts';

/** Typed and sent from the overview. */
function typed(text: string, more: DeskOptions = {}): TestDesk {
  return new TestDesk(more).press(':').type(text).press('enter');
}

const place = (desk: TestDesk) => placeOf(desk.dashboard.world().ui);
/** The line that is typed into, with what is said behind it. */
const prompt = (desk: TestDesk) => desk.lines().at(-2)?.trim() ?? '';

/** What to type, and where one is then: `screen`, or `screen/subject`. */
const GOES: readonly (readonly [string, string])[] = [
  ['overview', 'overview'],
  ['chargers', 'chargers'],
  ['sessions', 'sessions'],
  ['users', 'users'],
  ['user', 'users'],
  ['log', 'log'],
  ['alarms', 'alarms'],
  ['performance', 'performance'],
  ['perf', 'performance'],
  ['help', 'help'],
  ['cp CP-GARAGE-03', 'charger/CP-GARAGE-03'],
  ['cp cp-garage-03', 'charger/CP-GARAGE-03'],
  ['charger garage-10', 'charger/CP-GARAGE-10'],
  ['user meyer', 'user/04C2D3E4F5'],
  ['user Ben Meyer', 'user/04C2D3E4F5'],
  ['user 04c2d3e4f5', 'user/04C2D3E4F5'],
  ['user pool', 'user/account:pool'],
  ['month 2026-10', 'sessions/2026-10'],
];

t.test('commands that go somewhere go there', (t) => {
  for (const [text, where] of GOES) {
    const desk = typed(text);
    const { screen, subject } = place(desk);
    t.equal(subject === undefined ? screen : `${screen}/${subject}`, where, text);
    t.equal(desk.asked(), '', text);
  }
  t.end();
});

/** What to type, and what is said of it; the line stays to be mended. */
const WRONG: readonly (readonly [string, RegExp])[] = [
  ['dance', /there is no command dance/],
  ['c', /there is no command c$/],
  ['cp', /there is no charger like/],
  ['cp nowhere', /there is no charger like nowhere/],
  ['cp garage', /which one: CP-GARAGE-01, CP-GARAGE-02, CP-GARAGE-03, CP-GARAGE-04 …\?/],
  ['user nobody', /there is no user like nobody/],
  ['user a', /which one: /],
  ['grant', /it is like: grant b\.meyer 20/],
  ['grant meyer', /it is like: grant b\.meyer 20/],
  ['grant meyer much', /it is like: grant b\.meyer 20/],
  ['grant nobody 20', /there is no user like nobody/],
  ['stop', /no session {1,2}runs/],
  ['stop 7', /no session 7 runs/],
  ['close 7', /no session 7 runs/],
  ['session', /a session has a number/],
  ['session abc', /a session has a number/],
  ['month', /a month is like 2026-10/],
  ['month 2026-13', /a month is like 2026-10/],
];

t.test('what is wrong with a command is said behind it, and the line can be mended', (t) => {
  for (const [text, reason] of WRONG) {
    const desk = typed(text, { size: { columns: 140, rows: 24 } });
    t.match(prompt(desk), reason, text);
    t.ok(prompt(desk).startsWith(`:${text}_`), text);
    t.same(place(desk), { screen: 'overview' }, text);
  }
  t.end();
});

t.test('commands that do something ask as their keys do', (t) => {
  t.match(typed('stop 1842').asked(), /^Stop session 1842\?/);
  t.match(typed('close 1842').asked(), /^Close session 1842 by hand/);
  t.match(typed('grant ben meyer 12,5').asked(), /^Grant extra kWh to Ben Meyer .*kWh 12,5/);
  t.equal(typed('q').left, 'server-running');
  t.match(typed('quit', { facts: { hasStartedServer: true } }).asked(), /leave it running/);
  t.end();
});

t.test('who may not is told before anything is asked', (t) => {
  for (const text of ['stop 1842', 'close 1842', 'grant meyer 20'])
    t.match(prompt(typed(text, { facts: { isReadOnly: true } })), /read-only/, text);
  const overview = { ...madeUpSite.overview!, role: 'operator' as const };
  t.match(prompt(typed('grant meyer 20', { snapshot: { ...madeUpSite, overview } })), /needs an admin/);
  t.end();
});

t.test('a session that ended long ago is found by the server', async (t) => {
  const site = fakeSite();
  site.answer = madeUpSession(42, 'CP-OLD', 1, { status: 'ended' });
  const desk = typed('session 42', { api: site.api });
  await settled();
  t.same(site.asked, ['session 42']);
  t.same(place(desk), { screen: 'session', subject: 'CP-OLD/42' });
  site.answer = new ApiClientError('sessionUnknown', 'there is no session 43', 'kwota sessions list');
  const other = typed('session 43', { api: site.api });
  await settled();
  t.match(other.message(), /session 43: there is no session 43/);
  t.same(place(other), { screen: 'overview' });
});

t.test('two chargers with the same number are both told', (t) => {
  const sessions = ['CP-A', 'CP-B'].map((id) => madeUpSession(7, id, 1, {}));
  const chargers = ['CP-A', 'CP-B'].map((id) => madeUpCharger(id, [connector(1, 'Charging', 1)]));
  const desk = typed('stop 7', { snapshot: { ...madeUpSite, sessions, chargers } });
  t.match(prompt(desk), /several chargers have a session 7: CP-A, CP-B/);
  t.end();
});

t.test('each command is completed from its first letters, and says what follows it', (t) => {
  for (const { name, args } of allCommands) {
    const desk = new TestDesk().press(':').type(name.slice(0, 1));
    for (let turn = 0; turn < 9 && !prompt(desk).startsWith(`:${name}`); turn += 1) desk.press('tab');
    t.match(prompt(desk), `:${name}`, name);
    const begun = new TestDesk().press(':').type(name);
    if (args !== undefined) t.match(prompt(begun), args, name);
  }
  t.end();
});

t.test('what a command is about is completed from what there is', (t) => {
  const completed = (text: string) => prompt(new TestDesk().press(':').type(text).press('tab'));
  t.equal(completed('stop 184'), ':stop 1842_');
  t.equal(completed('month 2026-1'), ':month 2026-11_');
  t.equal(completed('cp yard'), ':cp CP-YARD-01_');
  t.equal(completed('grant 04C2'), ':grant 04C2D3E4F5 _  USER KWH'.replace(/ {2}USER KWH$/, ''));
  t.end();
});

t.test('a name of two words is completed as far as one is unsure of it', (t) => {
  const desk = new TestDesk().press(':').type('user ben').press('tab').press('enter');
  t.same(place(desk), { screen: 'user', subject: '04C2D3E4F5' });
  t.end();
});
