// Grants: more kWh for a month, at once and for good; taken back by another entry.
import t from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import { Site } from '../../test/kit/services.ts';
import { grantsOf } from './grants.ts';

const A = sampleUser('A', { quotaWh: 10_000 });

t.test(
  'a grant takes the stop back that the used-up quota asked for, and is durable when answered',
  async (t) => {
    const site = new Site({ users: [A] });
    const transactionId = site.start();
    site.clock.advance(3_600_000);
    site.meter(transactionId, 10_000);
    await site.settle();
    t.ok(site.session(transactionId).stop, 'the quota is used up');
    const granted = await site.services.grants.grant(A, { kWh: 20, note: 'guest' }, 'ann');
    t.match(granted, {
      ok: true,
      entry: { idTag: 'A', month: '2026-11', wh: 20_000, note: 'guest', source: 'ann' },
    });
    t.equal(site.services.quotas.leftWh(A), 20_000);
    t.notOk(site.session(transactionId).stop, 'it may go on');
    site.restart();
    t.equal(site.services.quotas.leftWh(A), 20_000, 'after a crash as well');
  },
);

t.test('a grant is taken back once, by an entry of its own', async (t) => {
  const site = new Site({ users: [A] });
  const { grants, journal, quotas } = site.services;
  const granted = await grants.grant(A, { kWh: 5 }, 'ann');
  if (!granted.ok) throw new Error(granted.code);
  const { id } = granted.entry;
  t.same(await grants.revoke('B', id, 'bob'), { ok: false, code: 'unknown' }, 'it is not of this card');
  const revoked = await grants.revoke('A', id, 'bob');
  t.match(revoked, { ok: true, entry: { wh: -5_000, revokes: id, source: 'bob' } });
  t.equal(quotas.leftWh(A), 10_000);
  t.same(await grants.revoke('A', id, 'bob'), { ok: false, code: 'revoked' });
  if (revoked.ok) t.same(await grants.revoke('A', revoked.entry.id, 'x'), { ok: false, code: 'unknown' });
  t.equal(grantsOf(journal.durableState, 'A').length, 2, 'both stay in the books');
});

t.test('a grant of another month counts there', async (t) => {
  const site = new Site({ users: [A] });
  const { grants, journal, quotas } = site.services;
  t.match(await grants.grant(A, { kWh: 1, month: '2026-12' }, 'ann'), { ok: true });
  t.equal(quotas.leftWh(A), 10_000);
  t.equal(grantsOf(journal.live, 'A', '2026-11').length, 0);
  t.equal(grantsOf(journal.live, 'A', '2026-12').length, 1);
});

t.test('amounts, months and notes that cannot be meant are refused', async (t) => {
  const site = new Site({ users: [A] });
  const refused = async (request: Parameters<typeof site.services.grants.grant>[1], field: string) =>
    t.match(await site.services.grants.grant(A, request, 'ann'), {
      ok: false,
      code: 'invalid',
      problems: [{ field }],
    });
  for (const kWh of [0, -1, 0.0004, NaN, Infinity, 100_000.5]) await refused({ kWh }, 'kWh');
  for (const month of ['2026-13', '2026-1', 'November', '2027-12', '2025-10'])
    await refused({ kWh: 1, month }, 'month');
  await refused({ kWh: 1, note: 'x'.repeat(501) }, 'note');
  t.equal(site.services.quotas.leftWh(A), 10_000);
  t.match(await site.services.grants.grant(A, { kWh: 100_000, month: '2027-11' }, 'ann'), { ok: true });
});
