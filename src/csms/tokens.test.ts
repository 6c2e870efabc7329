// Tokens that were added by hand: told once, kept as hashes, refused as soon as they are removed.
import { createHash } from 'node:crypto';
import t from 'tap';
import { Site } from '../../test/kit/services.ts';

const find = (site: Site, token: string) =>
  site.services.tokens.find(createHash('sha256').update(token).digest());

async function added(site: Site, name: string): Promise<string> {
  const outcome = await site.services.tokens.add(name, 'viewer', 'admin-token');
  if (outcome.kind !== 'added') throw new Error(outcome.kind);
  return outcome.token;
}

void t.test('a token opens what its role may, and only its hash is kept', async (t) => {
  const site = new Site();
  const token = await added(site, 'wall');
  t.match(token, /^[\w-]{43}$/);
  t.same(find(site, token), { name: 'wall', role: 'viewer' });
  t.equal(find(site, `${token}x`), null);
  t.same(site.services.tokens.list(), [
    { name: 'wall', role: 'viewer', createdMs: site.clock.now(), by: 'admin-token' },
  ]);
  t.notMatch(JSON.stringify(site.store.load(0)), token);
});

void t.test('a name is given once, until its token was removed', async (t) => {
  const site = new Site();
  const token = await added(site, 'wall');
  t.same(await site.services.tokens.add('wall', 'admin', 'x'), { kind: 'nameTaken' });
  t.ok(await site.services.tokens.remove('wall', 'x'));
  t.equal(find(site, token), null);
  t.same(site.services.tokens.list(), []);
  t.notOk(await site.services.tokens.remove('wall', 'x'), 'a second time');
  t.not(await added(site, 'wall'), token);
});

void t.test('tokens outlast a restart, removed ones do not come back', async (t) => {
  const site = new Site();
  const [kept, removed] = [await added(site, 'kept'), await added(site, 'removed')];
  await site.services.tokens.remove('removed', 'x');
  site.restart();
  t.equal(find(site, kept)?.name, 'kept');
  t.equal(find(site, removed), null);
});

void t.test('there is a bound', async (t) => {
  const site = new Site();
  for (let i = 0; i < 100; i += 1) await added(site, `t${i}`);
  t.same(await site.services.tokens.add('one more', 'viewer', 'x'), { kind: 'tooMany' });
});
