// What needs a person: which things, in which order, and what is left out.
import t from 'tap';
import { ago, connector, madeUpCharger, madeUpSite, madeUpUser, NOW_MS } from '../../test/kit/made-up-site.ts';
import { accountsByShare } from './accounts.ts';
import { attention } from './attention.ts';
import type { Snapshot } from './snapshot.ts';

const told = (snapshot: Snapshot) => attention(snapshot, NOW_MS).map(({ who, what }) => `${who}: ${what}`);
const calm: Snapshot = { ...madeUpSite, chargers: [], users: [], unknownTags: [], alarms: [], sessions: [] };

t.test('a calm site needs nobody', (t) => {
  t.same(told(calm), []);
  t.end();
});

t.test('alarms come first, then chargers, quotas of those who charge, and unknown cards', (t) => {
  const alarms = [{ id: 'disk', message: 'the disk is nearly full', since: ago(3) }];
  t.same(told({ ...madeUpSite, alarms }), [
    'alarm: the disk is nearly full',
    'CP-GARAGE-07 #1: Faulted: GroundFailure',
    'CP-YARD-02: offline',
    'Ben Meyer: 96 % used, 4.8 kWh left, at CP-GARAGE-03 #2',
    'Dayo Okafor: 94 % used, 9.3 kWh left, at CP-YARD-01 #1',
    '04A1B2C3D4: unknown card refused 3 times at CP-GARAGE-01',
  ]);
  t.end();
});

t.test('an alarm that says what a line of its own says better has none', (t) => {
  const since = ago(3);
  const alarms = [
    { id: 'faulted/CP-GARAGE-07', message: 'CP-GARAGE-07 is faulted', since },
    { id: 'offline/CP-YARD-02', message: 'CP-YARD-02 is not connected', since },
    { id: 'quota/tag:04C2D3E4F5', message: 'Ben Meyer has used 95 %', since },
    { id: 'quota/account:pool', message: 'pool has used 40 %', since },
    { id: 'faulted/CP-GONE', message: 'CP-GONE is faulted', since },
  ];
  t.same(told({ ...madeUpSite, alarms }).slice(0, 4), [
    'alarm: pool has used 40 %',
    'alarm: CP-GONE is faulted',
    'CP-GARAGE-07 #1: Faulted: GroundFailure',
    'CP-YARD-02: offline',
  ]);
  t.end();
});

t.test('who has used much and does not charge needs nobody; neither does a card that was shown long ago', (t) => {
  const users = [madeUpUser('A', 'Ada', 100, 99)];
  const unknownTags = [
    { idTag: 'X', chargerId: 'CP', firstSeenAt: ago(200), lastSeenAt: ago(90), count: 1, suggestions: [] },
  ];
  t.same(told({ ...calm, users, unknownTags }), []);
  t.end();
});

t.test('who began to charge since the users were read is seen at once', (t) => {
  const users = (madeUpSite.users ?? []).map((user) => ({ ...user, running: 0 }));
  t.same(
    told({ ...calm, users, sessions: madeUpSite.sessions }).map((line) => line.split(':')[0]),
    ['Ben Meyer', 'Dayo Okafor'],
  );
  t.end();
});

t.test('a quota that is used up while somebody charges is a danger', (t) => {
  const users = [madeUpUser('A', 'Ada', 100, 100.4, { running: 1 })];
  const [item] = attention({ ...calm, users }, NOW_MS);
  t.match(item, { role: 'danger', glyph: 'danger', what: '100 % used, nothing left' });
  t.end();
});

t.test('a charger that waits to be let in is asked about, whatever its status', (t) => {
  const chargers = [madeUpCharger('CP', [connector(1, 'Available', 5)], { admission: 'pending' })];
  t.same(told({ ...calm, chargers }), ['CP: waits to be approved']);
  t.end();
});

t.test('cards of one account share its quota: one line, all that they used, what is left of it', (t) => {
  const accounts = accountsByShare(madeUpSite);
  const pool = accounts.find(({ name }) => name === 'pool');
  t.match(pool, { usedWh: 122_000, leftWh: 178_000, limitWh: 300_000, running: 1 });
  t.equal(pool?.users.length, 2);
  t.equal(accounts[0]?.name, 'Fabio Rossi', 'who has used most stands first');
  t.equal(accounts.at(-1)?.name, 'Facility', 'who has no limit last');
  t.equal(accounts.at(-1)?.limitWh, null);
  t.end();
});
