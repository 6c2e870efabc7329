// Stops that are due: when they are sent, how often again, and what takes them back.
import t from 'tap';
import { sampleEntry, sampleUser } from '../domain/sample.fixture.ts';
import type { User } from '../domain/user.ts';
import { answered, Site } from '../../test/kit/services.ts';

const A = sampleUser('A', { quotaWh: 1000 });

/** A charge of card A that used up its quota of 1 kWh; the stop is due, and not yet sent. */
function exhausted(changed: { connectorId?: number } = {}): { site: Site; id: number } {
  const site = new Site({ users: [A, sampleUser('B')] });
  site.services.chargePoints.connected('CP1');
  const id = site.start(changed);
  site.clock.advance(600_000);
  site.meter(id, 1000, changed);
  return { site, id };
}

const callsOf = (site: Site, fromMs: number) =>
  site.calls.map(({ action, atMs }) => `${action} ${(atMs - fromMs) / 1000}`);

void t.test('a charge is stopped when the quota is used up, not a Wh before', async (t) => {
  const site = new Site({ users: [A] });
  const id = site.start();
  site.clock.advance(600_000);
  site.meter(id, 999);
  await site.settle();
  t.same(site.stops, []);
  t.equal(site.session(id).stop, null);
  site.meter(id, 1000);
  t.match(site.session(id).stop, { reason: 'quotaUsedUp', climbed: 0 }, 'it is due');
  t.same(site.stops, [], 'but not sent while the sample is handled');
  await site.settle();
  t.match(site.stops, [{ chargePointId: 'CP1', transactionId: id }]);
  t.equal(site.session(id).stop?.climbed, 1);
});

void t.test(
  'what does not stop is asked again and again by other means, until the session has ended',
  async (t) => {
    const { site, id } = exhausted();
    const dueMs = site.clock.now();
    await site.pass(170);
    t.same(callsOf(site, dueMs), [
      'RemoteStopTransaction 0',
      'RemoteStopTransaction 15',
      'RemoteStopTransaction 45',
      'SetChargingProfile 90',
      'ChangeAvailability 120',
    ]);
    site.meter(id, 1200);
    await site.pass(10);
    t.equal(site.calls.length, 5, 'a further sample hastens nothing');
    t.match(site.services.alarms.active(), [{ id: `stop/CP1/${id}`, message: /does not stop/ }]);
    site.stop(id, 1300);
    await site.pass(200);
    t.same(
      site.calls.slice(5).map(({ action }) => action),
      ['ClearChargingProfile', 'ChangeAvailability'],
    );
    t.same(site.services.alarms.active(), []);
    t.equal(site.session(id).stop, null);
    t.same(
      site.session(id).stopRungs?.map(({ step, answer }) => `${step} ${answer}`),
      ['remoteStop Accepted', 'remoteStop Accepted', 'remoteStop Accepted', 'knownIds no other id'].concat([
        'noCurrent Accepted',
        'inoperative Accepted',
      ]),
      'what was done stays with the session',
    );
    t.equal(site.clock.pending(), 0, 'and nothing waits');
  },
);

void t.test('a stop that is refused, or cannot be sent, is repeated all the same', async (t) => {
  for (const [what, answer] of [
    ['refused', () => answered('Rejected')],
    ['not answered', () => Promise.resolve({ kind: 'timeout' } as const)],
  ] as const) {
    const { site } = exhausted();
    site.answer = answer;
    await site.pass(130);
    t.ok(site.stops.length >= 3 && site.stops.length <= 5, `${what}: ${site.stops.length} in two minutes`);
    t.equal(site.clock.pending(), 1, `${what}: one attempt is planned, no more`);
  }
});

void t.test('a charger that is away is sent nothing until it is back', async (t) => {
  const { site, id } = exhausted();
  site.connected.delete('CP1');
  await site.pass(120);
  t.same(site.stops, []);
  t.equal(site.clock.pending(), 0);
  site.connected.add('CP1');
  site.services.enforcer.reviewChargePoint('CP2');
  await site.settle();
  t.same(site.stops, [], 'another charger came');
  site.services.enforcer.reviewChargePoint('CP1');
  await site.settle();
  t.match(site.stops, [{ transactionId: id }]);
});

void t.test('a raised quota, a grant, an adjustment or an unlimited card takes the stop back', async (t) => {
  const grant = sampleEntry('g', { type: 'grant', wh: 1 });
  const adjustment = sampleEntry('a', { wh: -1 });
  const reliefs: Record<string, (site: Site) => void> = {
    'a raised quota': (site) => site.putUsers(sampleUser('A', { quotaWh: 1001 })),
    unlimited: (site) => site.putUsers(sampleUser('A', { quotaWh: 0, isUnlimited: true })),
    'a grant': (site) => site.services.journal.putEntry(grant),
    'an adjustment': (site) => site.services.journal.putEntry(adjustment),
  };
  for (const [what, relieve] of Object.entries(reliefs)) {
    const { site, id } = exhausted();
    await site.settle();
    t.equal(site.stops.length, 1, what);
    relieve(site);
    site.services.enforcer.reviewAll();
    await site.pass(120);
    t.equal(site.stops.length, 1, `${what}: no second attempt`);
    t.equal(site.session(id).stop, null, `${what}: it may go on`);
    site.meter(id, 1500);
    await site.settle();
    t.equal(site.stops.length, what === 'unlimited' ? 1 : 2, `${what}: until it is used up again`);
    site.services.enforcer.close();
  }
});

void t.test('a lowered quota or a block stops like a used-up quota, a lost row stops nothing', async (t) => {
  const lowered: readonly [string, readonly User[], number][] = [
    ['lowered to what was used', [sampleUser('A', { quotaWh: 500 })], 1],
    ['lowered, but not that far', [sampleUser('A', { quotaWh: 501 })], 0],
    ['blocked', [sampleUser('A', { isBlocked: true })], 1],
    ['expired', [sampleUser('A', { expires: '2026-11-29' })], 0],
    ['no row any more', [], 0],
  ];
  for (const [what, users, stops] of lowered) {
    const site = new Site({ users: [A] });
    const id = site.start();
    site.clock.advance(600_000);
    site.meter(id, 500);
    site.putUsers(...users);
    await site.settle();
    t.equal(site.stops.length, stops, what);
    site.services.enforcer.close();
  }
});

void t.test('without its row a session keeps the quota it had', async (t) => {
  const site = new Site({ users: [A] });
  const id = site.start();
  site.putUsers();
  site.clock.advance(600_000);
  site.meter(id, 1000);
  await site.settle();
  t.equal(site.stops.length, 1);
});

void t.test('all sessions of all cards of an account are stopped, and nobody else', async (t) => {
  const cards = ['A', 'A2'].map((tag) => sampleUser(tag, { account: 'x', quotaWh: 1000 }));
  const site = new Site({ users: [...cards, sampleUser('B')] });
  const ids = [
    site.start(),
    site.start({ connectorId: 2 }),
    site.start({ chargePointId: 'CP2', idTag: 'A2' }),
  ];
  const other = site.start({ chargePointId: 'CP3', idTag: 'B' });
  site.clock.advance(600_000);
  site.meter(ids[0]!, 400);
  site.meter(ids[1]!, 300, { connectorId: 2 });
  site.meter(other, 5000, { chargePointId: 'CP3' });
  await site.settle();
  t.same(site.stops, [], '700 Wh of 1000');
  site.meter(ids[2]!, 300, { chargePointId: 'CP2' });
  await site.settle();
  t.same(site.stops.map(({ transactionId }) => transactionId).sort(), [...ids].sort());
  site.services.enforcer.close();
});

void t.test('after a restart the stop goes on where it was', async (t) => {
  const { site, id } = exhausted();
  await site.pass(50);
  t.equal(site.session(id).stop?.climbed, 3);
  site.restart();
  t.match(site.session(id).stop, { reason: 'quotaUsedUp', climbed: 3 });
  const restartedMs = site.clock.now();
  site.calls.length = 0;
  await site.pass(75);
  t.same(callsOf(site, restartedMs), ['SetChargingProfile 40', 'ChangeAvailability 70']);
  site.services.enforcer.close();
});

void t.test('when the month turns, what was used up is available again', async (t) => {
  const site = new Site({ users: [A], now: '2026-11-30T23:40:00Z' });
  const id = site.start();
  site.clock.advance(600_000);
  site.meter(id, 1000);
  await site.settle();
  t.ok(site.session(id).stop);
  site.clock.advance(600_000);
  site.services.enforcer.reviewAll();
  t.equal(site.session(id).stop, null);
  t.equal(site.services.quotas.decide('A', true).status, 'Accepted');
});

void t.test('closed, it plans nothing more', async (t) => {
  const { site } = exhausted();
  await site.settle();
  site.services.enforcer.close();
  t.equal(site.clock.pending(), 0);
  site.services.enforcer.reviewAll();
  t.equal(site.clock.pending(), 0);
});
