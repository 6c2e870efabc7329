// What is left of a quota: of one card, of several that share an account, of one without a limit.
import t from 'tap';
import { accountKey, leftWh } from './quota.ts';
import { sampleEntry, sampleRecord, sampleSession, sampleUser, withEnergy } from './sample.fixture.ts';
import { createSiteCalendar } from './site-calendar.ts';
import { SiteState } from './site-state.ts';
import { fullName, isSameUser } from './user.ts';

const state = new SiteState(createSiteCalendar('UTC', 1));
state.apply(sampleRecord('session', 'CP1/1', withEnergy(sampleSession(1), { '2026-11-30': 4000 })));
state.apply(
  sampleRecord('session', 'CP1/2', withEnergy(sampleSession(2, { idTag: 'B' }), { '2026-11-30': 1500 })),
);
state.apply(sampleRecord('entry', 'g', sampleEntry('g', { type: 'grant', idTag: 'B', wh: 2000 })));
state.apply(sampleRecord('entry', 'a', sampleEntry('a', { idTag: 'B', wh: -500 })));

void t.test('left is the quota and grants less what was used', (t) => {
  t.equal(leftWh([sampleUser('A')], '2026-11', state), 6000);
  t.equal(leftWh([sampleUser('B')], '2026-11', state), 10_000 + 2000 - 1000);
  t.equal(leftWh([sampleUser('A', { quotaWh: 4000 })], '2026-11', state), 0);
  t.equal(leftWh([sampleUser('A', { quotaWh: 1000 })], '2026-11', state), -3000, 'overshot');
  t.equal(leftWh([sampleUser('C')], '2026-11', state), 10_000, 'nothing used');
  t.end();
});

void t.test('in another month nothing was used yet, and grants are gone', (t) => {
  t.equal(leftWh([sampleUser('A')], '2026-12', state), 10_000);
  t.equal(leftWh([sampleUser('B')], '2026-12', state), 10_000);
  t.end();
});

void t.test('cards of one account share one quota, the largest that a row names', (t) => {
  const [a, b] = [sampleUser('A', { account: 'x' }), sampleUser('B', { account: 'x', quotaWh: 8000 })];
  t.equal(leftWh([a, b], '2026-11', state), 10_000 + 2000 - 4000 - 1000);
  t.equal(leftWh([b, a], '2026-11', state), 10_000 + 2000 - 4000 - 1000);
  t.equal(accountKey(a), accountKey(b));
  t.not(accountKey(sampleUser('x')), accountKey(a), 'a tag named like an account is no part of it');
  t.end();
});

void t.test('one unlimited card makes its account unlimited', (t) => {
  const unlimited = sampleUser('B', { isUnlimited: true, quotaWh: 0 });
  t.equal(leftWh([unlimited], '2026-11', state), null);
  t.equal(leftWh([sampleUser('A', { quotaWh: 0 }), unlimited], '2026-11', state), null);
  t.end();
});

void t.test("a user's name is what the file says of it, or the tag", (t) => {
  t.equal(fullName(sampleUser('A')), 'Ada Example');
  t.equal(fullName(sampleUser('A', { surname: '' })), 'Ada');
  t.equal(fullName(sampleUser('A', { name: '', surname: '' })), 'A');
  t.ok(isSameUser(sampleUser('A'), sampleUser('A')));
  t.notOk(isSameUser(sampleUser('A'), sampleUser('A', { quotaWh: 1 })));
  t.notOk(isSameUser(sampleUser('A'), null));
  t.end();
});
