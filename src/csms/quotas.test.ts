// Users, usage and the rules of the site brought together: who may start, who may go on.
import t from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import { Site } from '../../test/kit/services.ts';
import { Users } from './users.ts';

void t.test('a card is found to the letter, or whatever its case where the site wants that', (t) => {
  const exact = new Users('exact');
  exact.replace([sampleUser('Tag1')]);
  t.equal(exact.find('Tag1')?.idTag, 'Tag1');
  t.equal(exact.find('TAG1'), null);
  const lenient = new Users('case-insensitive');
  lenient.replace([sampleUser('Tag1')]);
  t.equal(lenient.find('tAG1')?.idTag, 'Tag1');
  t.equal(lenient.find('Tag2'), null);
  t.equal(lenient.count(), 1);
  t.end();
});

void t.test('a card written otherwise is booked as users1.csv writes it', (t) => {
  const site = new Site({ users: [sampleUser('Tag1')], idTagMatch: 'case-insensitive' });
  const id = site.start({ idTag: 'TAG1' });
  t.equal(site.session(id).idTag, 'Tag1');
  site.stop(id, 500);
  t.equal(site.used('Tag1'), 500);
  t.end();
});

void t.test(
  'an account is all cards of it; a card whose row is gone still belongs to the one it had',
  (t) => {
    const users = new Users('exact');
    const [a, b, c] = [sampleUser('A', { account: 'x' }), sampleUser('B', { account: 'x' }), sampleUser('C')];
    users.replace([a, b, c]);
    const tags = (idTag: string) => users.accountOf(users.find(idTag)!).map((user) => user.idTag);
    t.same(tags('A'), ['A', 'B']);
    t.same(tags('C'), ['C']);
    users.replace([b]);
    t.same(
      users.accountOf(a).map((user) => user.idTag),
      ['A', 'B'],
    );
    t.same(
      users.accountOf(c).map((user) => user.idTag),
      ['C'],
    );
    t.end();
  },
);

void t.test('moving a card to another account moves its energy', (t) => {
  const site = new Site({ users: [sampleUser('A'), sampleUser('B', { account: 'x' })] });
  site.stop(site.start(), 4000);
  const left = (tag: string) => site.services.quotas.leftWh(site.services.users.find(tag)!);
  t.same([left('A'), left('B')], [6000, 10_000]);
  site.putUsers(sampleUser('A', { account: 'x' }), sampleUser('B', { account: 'x' }));
  t.same([left('A'), left('B')], [6000, 6000]);
  t.end();
});

void t.test(
  'a second session is refused only where the site allows one, and never to a card that is only shown',
  (t) => {
    const users = [sampleUser('A', { account: 'x' }), sampleUser('A2', { account: 'x' }), sampleUser('B')];
    const site = new Site({ users, rules: { allowsConcurrentSessions: false } });
    const { quotas } = site.services;
    t.equal(quotas.decide('A', true).status, 'Accepted', 'the first');
    const id = site.start();
    t.equal(quotas.decide('A', true).status, 'ConcurrentTx');
    t.equal(quotas.decide('A2', true).status, 'ConcurrentTx', 'another card of the account');
    t.equal(quotas.decide('B', true).status, 'Accepted', 'somebody else');
    t.equal(quotas.decide('A', false).status, 'Accepted', 'Authorize');
    site.stop(id, 0);
    t.equal(quotas.decide('A', true).status, 'Accepted', 'after the first has ended');
    const tolerant = new Site();
    tolerant.start();
    t.equal(tolerant.services.quotas.decide('A', true).status, 'Accepted');
    t.end();
  },
);

void t.test('a start on the connector of the open session is no second session', (t) => {
  const site = new Site({ rules: { allowsConcurrentSessions: false } });
  site.start();
  site.clock.advance(60_000);
  t.equal(site.session(site.start()).authorization, 'Accepted');
  t.end();
});

void t.test('unknown cards charge, and go on, only where the site accepts them', (t) => {
  const strict = new Site();
  t.equal(strict.services.quotas.decide('X', true).status, 'Invalid');
  const open = new Site({ rules: { acceptsUnknownTags: true } });
  t.equal(open.services.quotas.decide('X', true).status, 'Accepted');
  for (const nobodys of ['', '0', 'freevend']) {
    t.equal(open.services.quotas.decide(nobodys, true).status, 'Invalid', `not ${JSON.stringify(nobodys)}`);
  }
  const id = open.start({ idTag: 'X' });
  open.clock.advance(60_000);
  open.meter(id, 900);
  t.equal(open.services.quotas.stopReason(open.session(id)), null);
  t.equal(open.used('X'), 900);
  t.end();
});

void t.test('a refused session may go on once its reason is gone', (t) => {
  const site = new Site({ users: [sampleUser('A', { expires: '2026-11-29' })] });
  const ids = [site.start(), site.start({ idTag: 'NEW', connectorId: 2 })];
  site.clock.advance(60_000);
  for (const [index, id] of ids.entries()) site.meter(id, 100, { connectorId: index + 1 });
  const reasons = () => ids.map((id) => site.services.quotas.stopReason(site.session(id)));
  t.same(reasons(), ['expired', 'unknownTag']);
  site.putUsers(sampleUser('A', { expires: '2026-11-30' }), sampleUser('NEW'));
  t.same(reasons(), [null, null]);
  site.stop(ids[0]!, 100);
  t.equal(site.services.quotas.stopReason(site.session(ids[0]!)), null, 'ended, there is nothing to stop');
  t.end();
});
