// What keys ask about users: typed into a form, told as it went, and nothing lost when somebody else was faster.
import t from 'tap';
import { ApiClientError } from '../../src/api/client.ts';
import { TestDesk, type DeskOptions } from '../../test/kit/dashboard-desk.tsx';
import { fakeSite, settled, type FakeSite } from '../../test/kit/fake-site-api.ts';
import { madeUpSite, madeUpUser } from '../../test/kit/made-up-site.ts';
import { madeUpSiteWithPast } from '../../test/kit/made-up-past.ts';

/** At the user that this filter leaves. */
function at(filter: string, more: DeskOptions = {}): { desk: TestDesk; site: FakeSite } {
  const site = fakeSite();
  const desk = new TestDesk({ api: site.api, ...more }).press('4', '/').type(filter).press('enter');
  return { desk, site };
}

const conflict = new ApiClientError('versionChanged', 'the user was changed meanwhile', 'look again');
const refused = new ApiClientError('userInvalid', 'the quota is too large', 'say less');

t.test('a grant is typed, sent once, told, and read anew', async (t) => {
  const { desk, site } = at('meyer');
  desk.press('g');
  t.match(desk.asked(), /Grant extra kWh to Ben Meyer .*For Nov 2026.*4\.8 kWh are left of 120\.0 kWh/);
  desk.type('none').press('enter', 'enter');
  t.match(desk.asked(), /kWh: it is a figure more than 0/);
  t.same(site.asked, []);
  site.answer = { wh: 12_500 };
  desk.press('ctrl-u').type('12,5').press('enter').type('long trip').press('enter', 'enter', 'enter');
  await settled();
  t.same(
    site.asked,
    ['grant 04C2D3E4F5 {"kWh":12.5,"note":"long trip"} as id-1'],
    'however often Enter is pressed',
  );
  t.equal(desk.message(), '12.5 kWh granted to Ben Meyer');
  t.equal(desk.asked(), '');
  t.same(desk.read, ['users', 'account']);
});

t.test('a grant that may have been made is asked for again under the same name', async (t) => {
  const { desk, site } = at('meyer');
  site.answer = new ApiClientError('noServer', 'no server answers', 'is it running?');
  desk.press('g').type('20').press('enter', 'enter');
  await settled();
  t.match(desk.asked(), /no server answers: it may be granted all the same\. Look what is granted by now/);
  site.answer = { wh: 20_000 };
  desk.press('enter', 'enter');
  await settled();
  t.same(site.asked, ['grant 04C2D3E4F5 {"kWh":20} as id-1', 'grant 04C2D3E4F5 {"kWh":20} as id-1']);
  desk.press('g').type('20').press('enter', 'enter');
  await settled();
  t.match(site.asked.at(-1), /as id-2$/, 'one that is wanted anew has another');
});

t.test('an edit sends what was changed, of the user as he was seen', async (t) => {
  const { desk, site } = at('meyer');
  desk.press('e', 'tab', 'tab', 'ctrl-u').type('150').press('enter', 'enter').type('31').press('enter');
  t.match(desk.asked(), /Last good day: it is a day like 2026-12-31, or empty/);
  t.same(site.asked, [], 'nothing is sent before it is right');
  site.answer = { ...madeUpUser('04C2D3E4F5', 'Ben Meyer', 150, 115), quotaKwh: 150 };
  desk.press('ctrl-u').type('2026-12-31').press('enter');
  await settled();
  t.same(site.asked, ['change 04C2D3E4F5 {"expires":"2026-12-31","quotaKwh":150} if e']);
  t.equal(desk.message(), 'Ben Meyer is changed');
  desk.press('e', 'enter', 'enter', 'enter', 'enter', 'enter');
  await settled();
  t.equal(site.asked.length, 1);
  t.match(desk.message(), /nothing to change/);
});

t.test('who edits what somebody else has changed meanwhile is told what, and loses nothing', async (t) => {
  const { desk, site } = at('meyer');
  const other = { ...madeUpUser('04C2D3E4F5', 'Benno Meyer', 200, 115), etag: 'e2' };
  site.answer = (what) => (what.startsWith('change') ? conflict : other);
  desk.press('e', 'tab', 'tab', 'ctrl-u').type('150').press('enter', 'enter', 'enter');
  await settled();
  t.match(
    desk.asked(),
    /Nothing is saved yet: somebody else has changed this user meanwhile \(name was Ben, is Benno; quota was 120, is 200\)/,
  );
  t.match(desk.asked(), /Quota, kWh a month 150/, 'what was typed is there still');
  t.match(desk.asked(), /Name Benno/, 'what was not typed into is what it is by now');
  site.answer = other;
  desk.press('enter');
  await settled();
  t.equal(site.asked.at(-1), 'change 04C2D3E4F5 {"quotaKwh":150} if e2', 'of the user as he is told now');
  t.equal(desk.asked(), '');
});

t.test('what the server refuses is said in the form, and what was typed stays', async (t) => {
  const { desk, site } = at('meyer');
  site.answer = refused;
  desk.press('e', 'tab', 'tab', 'ctrl-u').type('99999').press('enter', 'enter', 'enter');
  await settled();
  t.match(desk.asked(), /99999 .*the quota is too large; say less\./);
  desk.press('esc');
  t.equal(desk.asked(), '');
});

t.test('a user is blocked and unblocked after a question', async (t) => {
  const { desk, site } = at('meyer');
  desk.press('B');
  t.match(desk.asked(), /Block Ben Meyer\?.*card 04C2D3E4F5 may not charge.*1 session on it will be stopped/);
  desk.press('enter');
  t.same(site.asked, [], 'Enter is Cancel');
  desk.press('B', 'y');
  await settled();
  t.same(site.asked, ['change 04C2D3E4F5 {"isBlocked":true} if e']);
  t.equal(desk.message(), 'Ben Meyer is blocked');
  const { desk: other, site: otherSite } = at('novak');
  other.press('B');
  t.match(other.asked(), /Unblock Hana Novak\?/);
  other.press('y');
  await settled();
  t.same(otherSite.asked, ['change 04C0000006 {"isBlocked":false} if e']);
  otherSite.answer = conflict;
  other.press('B', 'y');
  await settled();
  t.match(other.message(), /unblock Hana Novak: the user was changed meanwhile; look again/);
});

t.test('of cards that share a quota one is picked, or all', async (t) => {
  const { desk, site } = at('pool');
  desk.press('B');
  t.match(desk.asked(), /Which card.*all of them.*Pool Car 04B0000004.*Pool Van 04B0000005/);
  desk.press('enter');
  t.match(desk.asked(), /Block pool\?.*2 cards/);
  desk.press('y');
  await settled();
  t.same(site.asked, [
    'import [{"idTag":"04B0000004","isBlocked":true},{"idTag":"04B0000005","isBlocked":true}]',
  ]);
  desk.press('e').type('all').press('enter', 'ctrl-u').type('none').press('enter');
  await settled();
  t.match(site.asked[1], /^import \[\{"idTag":"04B0000004","isUnlimited":true\}/);
  desk.press('D').type('van').press('enter', 'y');
  await settled();
  t.equal(site.asked[2], 'remove 04B0000005 if e');
});

t.test('a user is removed after a question, and not when somebody has changed him', async (t) => {
  const { desk, site } = at('meyer');
  desk.press('D');
  t.match(desk.asked(), /Remove Ben Meyer\?.*leaves users1\.csv.*stays in the books.*A session runs on it/);
  site.answer = conflict;
  desk.press('y');
  await settled();
  t.match(desk.message(), /remove Ben Meyer: the user was changed meanwhile/);
  site.answer = {};
  desk.press('D', 'y');
  await settled();
  t.same(site.asked, ['remove 04C2D3E4F5 if e', 'remove 04C2D3E4F5 if e']);
  t.equal(desk.message(), 'Ben Meyer with card 04C2D3E4F5 is removed');
});

t.test('a new user is typed, and is selected when he is there', async (t) => {
  const { desk, site } = at('');
  desk.press('n', 'enter', 'enter', 'enter', 'enter', 'enter', 'enter');
  t.match(desk.asked(), /Card: it has a number/);
  desk.type('04FF').press('enter').type('Ida').press('enter').type('Wood').press('enter', 'enter');
  desk.press('enter', 'enter');
  t.match(desk.asked(), /it is kWh like 120 or 12\.5, or none/);
  t.same(site.asked, []);
  site.answer = madeUpUser('04FF', 'Ida Wood', 80, 0);
  desk.type('80').press('enter', 'enter', 'enter');
  await settled();
  t.same(site.asked, [
    'add {"idTag":"04FF","name":"Ida","surname":"Wood","account":null,"expires":null,"isUnlimited":false,"quotaKwh":80}',
  ]);
  t.equal(desk.message(), 'Ida Wood may charge with card 04FF');
  desk.store.change((snapshot) => ({
    ...snapshot,
    users: [...snapshot.users!, madeUpUser('04FF', 'Ida Wood', 80, 0)],
  }));
  desk.clock.advance(1_000);
  t.match(desk.frame(), /> ● Ida Wood/);
});

t.test('an unknown card is made a user from where it is seen', async (t) => {
  for (const keys of [
    ['4', 'tab', 'enter'],
    ['6', 'tab', 'n'],
  ]) {
    const site = fakeSite();
    const desk = new TestDesk({ api: site.api }).press(...keys);
    t.match(desk.asked(), /New user of card 04A1B2C3D4.*Card 04A1B2C3D4/, keys.join());
    site.answer = madeUpUser('04A1B2C3D4', 'Ida Wood', 80, 0);
    desk.press('enter').type('Ida').press('enter').type('Wood').press('enter').type('80');
    desk.press('enter', 'enter', 'enter');
    await settled();
    t.match(site.asked, [/^add \{"idTag":"04A1B2C3D4","name":"Ida"/]);
  }
});

t.test('the next card is enrolled: the wait is counted, can be left, and can be gone on with', async (t) => {
  const { desk, site } = at('');
  let shown: (user: Readonly<Record<string, unknown>>) => void = () => undefined;
  site.answer = () => new Promise((resolve) => (shown = resolve));
  desk.press('N').type('Ida').press('enter').type('Wood').press('enter').type('80');
  desk.press('enter', 'enter', 'enter');
  desk.clock.advance(7_000);
  t.match(desk.asked(), /Hold the card to a charger now\. 7 s of 1 min/);
  desk.press('q', '1', 'enter');
  t.equal(site.asked.length, 1, 'whatever is pressed meanwhile');
  await settled();
  shown(madeUpUser('04EE', 'Ida Wood', 80, 0));
  await settled();
  t.equal(desk.message(), 'Ida Wood may charge with card 04EE');
  t.equal(desk.asked(), '');

  site.answer = new ApiClientError('noCardShown', 'no card was shown', 'show one');
  desk.press('N').type('Ida').press('enter', 'enter').type('80').press('enter', 'enter', 'enter');
  await settled();
  t.match(desk.asked(), /Name Ida .*In 60 s no card was shown that nobody knows\. Enter waits again/);
  desk.press('enter');
  await settled();
  t.equal(site.asked.length, 3);
  desk.press('esc');
  t.equal(desk.asked(), '');
});

t.test('a grant is taken back from the page of the user, after a question', async (t) => {
  const grants = [
    {
      ...{ id: 'grant-2', idTag: '04C2D3E4F5', month: '2026-11', wh: 15_000, at: '2026-11-20T10:00:00Z' },
      ...{ by: 'ada', note: 'trip', revokes: null },
    },
  ];
  const account = { ...madeUpSiteWithPast.account!, grants };
  const { desk, site } = at('meyer', { snapshot: { ...madeUpSiteWithPast, account } });
  desk.press('enter', '-');
  t.match(desk.asked(), /Take a grant of Ben Meyer back.*1 15\.0 kWh of 20 Nov 11:00, trip/);
  desk.press('1');
  t.match(desk.asked(), /Take 15\.0 kWh back from Ben Meyer\?.*Granted by ada/);
  desk.press('y');
  await settled();
  t.same(site.asked, ['revoke 04C2D3E4F5 grant-2']);
  t.equal(desk.message(), '15.0 kWh are taken back from Ben Meyer');
  t.match(at('rossi').desk.press('enter', '-').message(), /nothing was granted for this month/);
});

t.test('keys of users say why they cannot be used', (t) => {
  const KEYS = ['g', 'e', 'B', 'D', 'n', 'N'];
  const readOnly = at('meyer', { facts: { isReadOnly: true } }).desk;
  const overview = { ...madeUpSite.overview!, role: 'operator' as const };
  const operator = at('meyer', { snapshot: { ...madeUpSite, overview } }).desk;
  for (const key of KEYS) {
    t.match(readOnly.press(key).message(), /read-only/, key);
    t.match(operator.press(key).message(), /this needs an admin; .* role operator/, key);
  }
  const nobody = at('nobody at all').desk;
  for (const key of ['g', 'e', 'B', 'D']) t.match(nobody.press(key).message(), /no user is selected/, key);
  t.equal(nobody.asked(), '');
  t.end();
});
