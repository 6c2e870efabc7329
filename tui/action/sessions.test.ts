// What keys do on the screens of sessions: stop, close by hand, look at months and older ones, export, go to charger and user.
import t from 'tap';
import { ApiClientError } from '../../src/api/client.ts';
import { TestDesk, type DeskOptions } from '../../test/kit/dashboard-desk.tsx';
import { fakeSite, settled, type FakeSite } from '../../test/kit/fake-site-api.ts';
import { ago, madeUpSession, madeUpSite } from '../../test/kit/made-up-site.ts';
import { madeUpSiteWithPast } from '../../test/kit/made-up-past.ts';
import { placeOf } from '../desk/ui-state.ts';

/** At the session that this filter leaves. */
function at(filter: string, more: DeskOptions = {}): { desk: TestDesk; site: FakeSite } {
  const site = fakeSite();
  const desk = new TestDesk({ api: site.api, snapshot: madeUpSiteWithPast, ...more }).press('3');
  if (filter !== '') desk.press('/').type(filter).press('enter');
  return { desk, site };
}

const place = (desk: TestDesk) => placeOf(desk.dashboard.world().ui);
const title = (desk: TestDesk) => desk.lines()[2] ?? '';

t.test('a session is stopped from the list and from its page; one that has ended says so', async (t) => {
  const { desk, site } = at('ben meyer');
  site.answer = { outcome: 'offline', step: null, answer: null, session: {} };
  desk.press('x', 'y');
  await settled();
  t.equal(desk.message(), 'CP-GARAGE-03 #2 is offline: session 1842 is stopped when it is back');
  t.equal(desk.dashboard.world().ui.messages.at(-1)?.kind, 'failed');
  site.answer = { outcome: 'ended', step: null, answer: null, session: {} };
  desk.press('enter', 'x', 'y');
  await settled();
  t.equal(desk.message(), 'CP-GARAGE-03 #2: session 1842 has ended');
  t.same(site.asked, ['stop CP-GARAGE-03 1842', 'stop CP-GARAGE-03 1842']);
  const { desk: ended } = at('rossi');
  for (const key of ['x', 'X']) t.equal(ended.press(key).message(), 'session 1835 has ended already', key);
});

t.test('a stuck session is closed with what its meter shows, after a second question', async (t) => {
  const { desk, site } = at('ben meyer');
  desk.press('X');
  t.match(
    desk.asked(),
    /Close session 1842 by hand .*nothing is sent to the charger.*meter was at 2\.0 kWh last/,
  );
  desk.type('soon').press('enter');
  t.match(desk.asked(), /Meter now, kWh: it is a figure like 1234\.5, or empty/);
  desk.press('ctrl-u').type('12,5').press('enter');
  t.match(
    desk.asked(),
    /Close session 1842 now\?.*ends with its meter at 12\.5 kWh.*The charger is not stopped/,
  );
  desk.press('enter');
  t.same(site.asked, [], 'Enter is Cancel');
  site.answer = { energyWh: 11_500 };
  desk.press('X').type('12.5').press('enter', 'y');
  await settled();
  t.same(site.asked, ['close CP-GARAGE-03 1842 {"meterStopWh":12500}']);
  t.equal(desk.message(), 'session 1842 is closed by hand: 11.5 kWh');
});

t.test('it is closed with its last sample where the meter is left empty', async (t) => {
  const { desk, site } = at('ben meyer');
  site.answer = { energyWh: 3_900 };
  desk.press('X', 'enter');
  t.match(desk.asked(), /It ends with its last sample/);
  desk.press('y');
  await settled();
  t.same(site.asked, ['close CP-GARAGE-03 1842 {}']);
});

t.test('a refused close comes back with what was typed, and not over something else', async (t) => {
  const { desk, site } = at('ben meyer');
  site.answer = new ApiClientError('meterStopRefused', 'the meter was higher before', 'read it again');
  desk.press('X').type('1').press('enter', 'y');
  await settled();
  t.match(desk.asked(), /Meter now, kWh 1_ the meter was higher before; read it again/);
  desk.press('enter', 'y', ':');
  await settled();
  t.match(desk.asked(), /^Command/, 'the person does something else by now');
  t.match(desk.message(), /the meter was higher before/);
});

t.test('only those that run, or all again', (t) => {
  const { desk } = at('');
  t.match(title(desk), /Sessions .*10\+ sessions/);
  t.match(title(desk.press('o')), /Sessions that run {2}4 sessions/);
  t.match(title(desk.press('o')), /Sessions .*10\+ sessions/);
  t.match(title(desk.press('o', 'esc')), /10\+ sessions/, 'Esc goes back to all as well');
  t.end();
});

t.test('a month is picked, read, said to be empty, and left by Esc', (t) => {
  const { desk } = at('');
  desk.press('m').type('2026-10');
  t.match(desk.asked(), /Sessions of which month .*Oct 2026 2026-10/);
  desk.press('enter');
  t.same(place(desk), { screen: 'sessions', subject: '2026-10' });
  t.match(desk.frame(), /loading/, 'until it has been read');
  desk.store.change((snapshot) => ({ ...snapshot, past: { month: '2026-10', items: [], next: null } }));
  desk.clock.advance(1_000);
  t.match(desk.frame(), /Sessions of Oct 2026.*No session in Oct 2026\..*Esc at all/s);
  t.same(place(desk.press('esc')), { screen: 'sessions' });
  desk.press('m').type('all').press('enter');
  t.same(place(desk), { screen: 'sessions' });
  t.end();
});

t.test('older sessions are asked for at the end of the list, a page at a time', (t) => {
  const { desk } = at('');
  t.equal(place(desk).rows, undefined);
  desk.press('end');
  const rows = place(desk).rows ?? 0;
  t.ok(rows > 200, `${rows} rows are wanted`);
  const old = Array.from({ length: 400 }, (_, index) =>
    madeUpSession(1_000 - index, 'CP-OLD', 1, {
      ...{ status: 'ended', startedAt: ago(60_000 + index) },
      end: {
        ...{ at: ago(59_990 + index), evidence: 'meterStop', reason: 'Local', by: null, wanted: null },
        meterStopWh: 2_000,
      },
    }),
  );
  const before = desk.lines().find((one) => one.includes('│ > '));
  desk.store.change((snapshot) => ({
    ...snapshot,
    past: { month: '', items: [...snapshot.past!.items, ...old], next: null },
  }));
  desk.clock.advance(1_000);
  t.match(title(desk), /of 410 sessions/, 'the last page: no more of them');
  t.equal(
    desk.lines().find((one) => one.includes('│ > ')),
    before,
    'what was selected is so still',
  );
  desk.press('end');
  t.match(title(desk), /-410 of 410/);
  t.equal(place(desk).rows, rows, 'there are none to ask for');
  t.end();
});

t.test('what is looked at is exported to a file, and never over another one', async (t) => {
  const { desk, site } = at('');
  site.answer = 'transactionId,charger\r\n1,CP\r\n2,CP\r\n';
  desk.press('E');
  t.match(desk.asked(), /All sessions, of all months, whatever the filter shows.*kwota-sessions-all\.csv/);
  desk.press('enter');
  await settled();
  t.same(desk.saved, { 'kwota-sessions-all.csv': site.answer });
  t.equal(desk.message(), '2 sessions written to /srv/ada/kwota-sessions-all.csv');
  desk.press('E', 'enter');
  await settled();
  t.match(desk.asked(), /there is one already\./);
  desk.press('ctrl-u').type('other.csv').press('enter');
  await settled();
  t.ok('other.csv' in desk.saved);
  desk.press('o', 'E');
  t.match(desk.asked(), /All sessions that run now.*kwota-sessions-running\.csv/);
  desk.press('ctrl-u', 'enter');
  t.match(desk.asked(), /File: it needs a name/);
  site.answer = new ApiClientError('noServer', 'no server answers', 'is it running?');
  desk.type('x').press('enter');
  await settled();
  t.match(desk.asked(), /File x_ no server answers; is it running\?/);
  t.same(site.asked, ['csv {}', 'csv {}', 'csv {}', 'csv {"status":"running"}']);
});

t.test('from a session one goes to its charger and to its user, and back', (t) => {
  const { desk } = at('rossi');
  t.same(place(desk.press('C')), { screen: 'charger', subject: 'CP-GARAGE-05' });
  t.same(place(desk.press('esc')), { screen: 'sessions' });
  t.same(place(desk.press('U')), { screen: 'user', subject: '04F1A2B3' });
  desk.press('esc', 'enter', 'U');
  t.same(place(desk), { screen: 'user', subject: '04F1A2B3' });
  const { desk: unknown } = at('04A1B2C3D4');
  t.equal(unknown.press('U').message(), 'nobody has the card 04A1B2C3D4');
  t.end();
});

t.test('keys of sessions say why they cannot be used', (t) => {
  const overview = { ...madeUpSite.overview!, role: 'viewer' as const };
  const lost = { ...madeUpSite.link, state: 'lost' as const };
  for (const [key, ...others] of [['x'], ['X'], ['enter', 'x'], ['enter', 'X']] as const) {
    const press = (more: DeskOptions) => at('ben meyer', more).desk.press(key, ...others);
    t.match(press({ facts: { isReadOnly: true } }).message(), /read-only/);
    t.match(press({ snapshot: { ...madeUpSiteWithPast, overview } }).message(), /role viewer/);
    t.match(press({ snapshot: { ...madeUpSiteWithPast, link: lost } }).message(), /no connection/);
    t.equal(press({ facts: { isReadOnly: true } }).asked(), '');
  }
  const { desk: nobody } = at('nothing like it');
  for (const key of ['x', 'X', 'C', 'U']) t.equal(nobody.press(key).message(), 'no session is selected');
  t.end();
});
