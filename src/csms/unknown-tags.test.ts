// Cards that nobody knows: seen at Authorize and StartTransaction, listed, and waited for to enroll one.
import t from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import { Site } from '../../test/kit/services.ts';

t.test('an unknown card is listed with where, how often and whose it may be, until it is known', (t) => {
  const site = new Site({ users: [sampleUser('ABC1')] });
  const { authorizer, unknownTags } = site.services;
  authorizer.authorize('CP1', 'abc1');
  site.clock.advance(1000);
  authorizer.authorize('CP2', 'X');
  site.clock.advance(1000);
  site.start({ chargePointId: 'CP3', idTag: 'abc1' });
  authorizer.authorize('CP1', 'ABC1');
  authorizer.authorize('CP1', '00000000');
  const nowMs = site.clock.now();
  t.strictSame(unknownTags.list(), [
    {
      ...{ idTag: 'abc1', chargePointId: 'CP3', firstMs: nowMs - 2000, lastMs: nowMs, count: 2 },
      suggestions: [{ idTag: 'ABC1', likeness: 'case' }],
    },
    {
      ...{ idTag: 'X', chargePointId: 'CP2', firstMs: nowMs - 1000, lastMs: nowMs - 1000, count: 1 },
      suggestions: [],
    },
  ]);
  site.putUsers(sampleUser('X'));
  t.same(
    unknownTags.list().map((tag) => tag.idTag),
    ['abc1'],
  );
  t.end();
});

t.test('a blocked card is known', (t) => {
  const site = new Site({ users: [sampleUser('A', { isBlocked: true })] });
  site.services.authorizer.authorize('CP1', 'A');
  t.same(site.services.unknownTags.list(), []);
  t.end();
});

t.test('the oldest of too many are forgotten', (t) => {
  const { authorizer, unknownTags } = new Site().services;
  for (let i = 0; i <= 200; i += 1) authorizer.authorize('CP1', `X${i}`);
  const tags = unknownTags.list().map((tag) => tag.idTag);
  t.same([tags.length, tags[0], tags.at(-1)], [200, 'X200', 'X1']);
  t.end();
});

t.test('the next unknown card at the charger is the one that was waited for', async (t) => {
  const { authorizer, enrolments } = new Site().services;
  const waiting = enrolments.nextCard({ chargePointId: 'CP1', withinMs: 60_000 });
  authorizer.authorize('CP1', 'A');
  authorizer.authorize('CP2', 'OTHER');
  authorizer.authorize('CP1', 'NEW');
  t.match(await waiting, { kind: 'card', tag: { idTag: 'NEW', chargePointId: 'CP1' } });
});

t.test('at any charger, but not a card that an offline queue tells late', async (t) => {
  const site = new Site();
  const waiting = site.services.enrolments.nextCard({ chargePointId: null, withinMs: 60_000 });
  const anHourAgo = new Date(site.clock.now() - 3_600_000).toISOString();
  site.start({ idTag: 'LATE', timestamp: anHourAgo });
  site.start({ chargePointId: 'CP2', idTag: 'NOW' });
  t.match(await waiting, { kind: 'card', tag: { idTag: 'NOW' } });
});

t.test('a wait ends with its time or with who waits, and then others may wait', async (t) => {
  const site = new Site();
  const { enrolments, authorizer } = site.services;
  const first = enrolments.nextCard({ chargePointId: 'CP1', withinMs: 1000 });
  t.same(await enrolments.nextCard({ chargePointId: 'CP1', withinMs: 1000 }), { kind: 'busy' });
  t.same(await enrolments.nextCard({ chargePointId: null, withinMs: 1000 }), { kind: 'busy' });
  site.clock.advance(1000);
  t.same(await first, { kind: 'none' });
  const controller = new AbortController();
  const { signal } = controller;
  const second = enrolments.nextCard({ chargePointId: null, withinMs: 1000, signal });
  t.same(await enrolments.nextCard({ chargePointId: 'CP2', withinMs: 1000 }), { kind: 'busy' });
  controller.abort();
  t.same(await second, { kind: 'cancelled' });
  t.same(await enrolments.nextCard({ chargePointId: null, withinMs: 1000, signal }), { kind: 'cancelled' });
  const [one, two] = ['CP1', 'CP2'].map((chargePointId) =>
    enrolments.nextCard({ chargePointId, withinMs: 1000 }),
  );
  authorizer.authorize('CP2', 'X');
  authorizer.authorize('CP1', 'Y');
  t.match([await one, await two], [{ tag: { idTag: 'Y' } }, { tag: { idTag: 'X' } }]);
});
