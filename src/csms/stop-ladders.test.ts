// The climb of a session that does not end: what interrupts it, what takes it back, and what it never does to others.
import t from 'tap';
import { sampleEntry, sampleUser } from '../domain/sample.fixture.ts';
import type { Rung } from '../domain/stop-ladder.ts';
import { silentLog } from '../runtime/log.ts';
import { answered, Site, type SiteOptions } from '../../test/kit/services.ts';
import type { Answer } from './remote.ts';
import { StopLadders } from './stop-ladders.ts';

const A = sampleUser('A', { quotaWh: 1000 });
const B = sampleUser('B');
const SECOND_MS = 1000;

function ladder(...steps: Rung['step'][]): readonly Rung[] {
  return steps.map((step, index) => ({ step, waitMs: index === 0 ? 0 : SECOND_MS }));
}

const SHORT = ladder('remoteStop', 'knownIds', 'noCurrent', 'inoperative');

/** A charge of card A on CP1 that used up its quota of 1 kWh; the stop is due, and not yet sent. */
function exhausted(
  rungs: readonly Rung[],
  { connectorId = 1, ...options }: SiteOptions & { connectorId?: number } = {},
): { site: Site; id: number } {
  const { enforcement, ...others } = options;
  const site = new Site({ users: [A, B], enforcement: { ladderOf: () => rungs, ...enforcement }, ...others });
  site.services.chargePoints.connected('CP1');
  const id = site.start({ connectorId });
  site.clock.advance(600_000);
  site.meter(id, 1000, { connectorId });
  return { site, id };
}

const actions = (site: Site) => site.calls.map(({ action }) => action);
const climbedBy = (site: Site, id: number) =>
  site.session(id).stopRungs?.map(({ step, answer }) => `${step} ${answer ?? '?'}`) ?? [];
const alarmsOf = (site: Site) => site.services.alarms.active().map(({ message }) => message);

function grant(site: Site, wh: number): void {
  site.services.journal.putEntry(sampleEntry(`grant-${wh}`, { type: 'grant', wh }));
  site.services.enforcer.reviewAll();
}

void t.test('a grant in the middle of the ladder undoes what was changed', async (t) => {
  const { site, id } = exhausted(SHORT);
  await site.pass(5);
  t.equal(site.session(id).stop?.climbed, 4);
  t.equal(alarmsOf(site).length, 1);
  site.calls.length = 0;
  grant(site, 5000);
  await site.pass(60);
  t.same(actions(site), ['ClearChargingProfile', 'ChangeAvailability']);
  t.match(site.calls[1]?.payload, { type: 'Operative', connectorId: 1 });
  t.same(site.services.journal.live.chargePoint('CP1')?.changed, {});
  t.same(alarmsOf(site), []);
  t.equal(site.session(id).stop, null);
  t.equal(site.clock.pending(), 0);
});

void t.test('unblocked in the middle of the ladder, a guarded session gets its guard again', async (t) => {
  const site = new Site({
    users: [A],
    maxPowerW: 12_000,
    enforcement: { isGuarded: true, ladderOf: () => SHORT },
  });
  site.services.chargePoints.connected('CP1');
  const id = site.start();
  await site.pass(60);
  site.putUsers({ ...A, isBlocked: true });
  await site.pass(5);
  t.match(site.session(id), { stop: { climbed: 4 }, limit: 'guard' });
  site.calls.length = 0;
  site.putUsers(A);
  await site.pass(2);
  t.same(actions(site), ['ClearChargingProfile', 'ChangeAvailability', 'SetChargingProfile']);
  t.match(site.session(id), { stop: null, limit: 'guard' });
  site.services.enforcer.close();
});

void t.test('a throttle that was refused does not come back with the grant', async (t) => {
  const { site, id } = exhausted(SHORT, { enforcement: { onExhausted: 'throttle' } });
  site.answer = () => answered('Rejected');
  await site.pass(3);
  t.match(site.session(id), { limit: 'throttle', stop: { reason: 'quotaUsedUp' } });
  grant(site, 5000);
  t.match(site.session(id), { limit: undefined, stop: null });
  site.services.enforcer.close();
});

void t.test('a rung under way sends nothing more once the session has ended, or may go on', async (t) => {
  for (const [what, end] of [
    ['ended', (site: Site, id: number) => site.stop(id, 1100)],
    ['may go on', (site: Site) => grant(site, 5000)],
  ] as const) {
    const { site, id } = exhausted(ladder('noCurrent'));
    const first = Promise.withResolvers<Answer>();
    site.answer = (action) => (action === 'SetChargingProfile' ? first.promise : answered('Accepted'));
    await site.settle();
    t.same(actions(site), ['SetChargingProfile'], what);
    end(site, id);
    first.resolve({ kind: 'result', payload: { status: 'Rejected' } });
    await site.pass(5);
    t.same(actions(site), ['SetChargingProfile', 'ClearChargingProfile'], `${what}: no other form of it`);
    t.equal(site.clock.pending(), 0, what);
    t.same(climbedBy(site, id), ['noCurrent Rejected'], 'and its answer is noted');
  }
});

void t.test('a stop that is taken back and due again, with a rung under way, is one climb', async (t) => {
  const { site, id } = exhausted(ladder('noCurrent', 'remoteStop'));
  const first = Promise.withResolvers<Answer>();
  site.answer = () => first.promise;
  await site.settle();
  grant(site, 100);
  site.answer = () => answered('Accepted');
  site.meter(id, 1100);
  await site.settle();
  const before = site.calls.length;
  first.resolve({ kind: 'result', payload: { status: 'Rejected' } });
  await site.settle();
  t.equal(site.calls.length, before, 'the older one goes no further');
  await site.pass(2);
  t.same(climbedBy(site, id).slice(1), ['noCurrent Accepted', 'remoteStop Accepted']);
  t.equal(site.session(id).stop?.climbed, 2);
  site.services.enforcer.close();
});

void t.test('a stop ahead of the quota climbs the same ladder, and holds meanwhile', async (t) => {
  const site = new Site({ users: [A], enforcement: { isPredictive: true, ladderOf: () => SHORT } });
  site.services.chargePoints.connected('CP1');
  const id = site.start();
  for (let wh = 0; wh < 1000; wh += 100) {
    site.meter(id, wh);
    await site.pass(60);
  }
  const { stop } = site.session(id);
  t.ok((stop?.forecastLeftWh ?? 0) > 0, 'by the samples there is something left');
  await site.pass(5);
  t.same(climbedBy(site, id), [
    'remoteStop Accepted',
    'knownIds no other id',
    'noCurrent Accepted',
    'inoperative Accepted',
  ]);
  site.meter(id, 990);
  t.equal(site.session(id).stop?.reason, 'quotaUsedUp');
  site.stop(id, 999);
  await site.pass(1);
  t.same(site.services.journal.live.chargePoint('CP1')?.changed, {});
  t.same(alarmsOf(site), []);
});

/** The ladders of a site whose charger answers so; what it was asked is noted. */
function laddersWith(
  site: Site,
  answer: Answer,
  standsStill: () => boolean = () => false,
): { ladders: StopLadders; asked: string[] } {
  const { journal, restorations, alarms } = site.services;
  const asked: string[] = [];
  const ladders = new StopLadders({
    ...{ journal, restorations, alarms, standsStill, clock: site.clock, log: silentLog },
    remote: {
      isConnected: () => true,
      call(_id, action, _payload, isWanted) {
        asked.push(action);
        if (answer.kind === 'result') isWanted?.();
        return Promise.resolve(answer);
      },
    },
    ladderOf: () => ladder('inoperative', 'remoteStop', 'remoteStop'),
    onStopSent: () => undefined,
  });
  return { ladders, asked };
}

/** A session whose stop is due, and that nobody has asked to end. */
async function due(): Promise<{ site: Site; id: number }> {
  const { site, id } = exhausted([]);
  await site.settle();
  site.services.enforcer.close();
  const stop = { reason: 'quotaUsedUp', sinceMs: site.clock.now(), climbed: 0 } as const;
  site.services.journal.putSession({ ...site.session(id), stop, stopRungs: [] });
  return { site, id };
}

void t.test('a rung that was never sent does not count, and is tried again', async (t) => {
  for (const kind of ['queueFull', 'offline', 'cancelled'] as const) {
    const { site, id } = await due();
    const { ladders, asked } = laddersWith(site, { kind });
    ladders.climb(site.session(id));
    await site.pass(25);
    t.same(asked, ['ChangeAvailability', 'ChangeAvailability', 'ChangeAvailability'], kind);
    t.match(site.session(id), { stop: { climbed: 0 }, stopRungs: [] });
    ladders.close();
  }
});

void t.test('a session that stands still is left alone, without an alarm, until it charges on', async (t) => {
  const { site, id } = await due();
  const charger = { standsStill: false };
  const accepted = { kind: 'result', payload: { status: 'Accepted' } } as const;
  const { ladders, asked } = laddersWith(site, accepted, () => charger.standsStill);
  ladders.climb(site.session(id));
  await site.pass(1);
  t.equal(alarmsOf(site).length, 1);
  charger.standsStill = true;
  await site.pass(600);
  t.equal(asked.length, 2);
  t.same(alarmsOf(site), []);
  charger.standsStill = false;
  await site.pass(10);
  t.equal(asked.length, 3);
  t.equal(alarmsOf(site).length, 1);
  ladders.close();
});

void t.test('a charger that reconnects all the time is not sent up the ladder faster', async (t) => {
  const { site, id } = exhausted([
    { step: 'remoteStop', waitMs: 0 },
    { step: 'inoperative', waitMs: 60_000 },
  ]);
  await site.settle();
  for (let i = 0; i < 5; i += 1) {
    await site.pass(5);
    site.services.enforcer.reviewChargePoint('CP1');
  }
  await site.settle();
  t.same(climbedBy(site, id), ['remoteStop Accepted']);
  await site.pass(35);
  t.equal(climbedBy(site, id).length, 2);
  site.services.enforcer.close();
});

void t.test(
  'after a restart the rung without an answer is climbed again, and the alarm stands',
  async (t) => {
    const { site, id } = exhausted(SHORT);
    site.answer = (action) =>
      action === 'SetChargingProfile' ? new Promise(() => undefined) : answered('Accepted');
    await site.pass(3);
    t.match(climbedBy(site, id).at(-1), 'noCurrent ?');
    site.restart();
    site.answer = () => answered('Accepted');
    t.match(alarmsOf(site), [/knownIds was answered no other id/], 'before anything is sent');
    site.calls.length = 0;
    await site.pass(3);
    t.same(actions(site), ['SetChargingProfile', 'ChangeAvailability']);
    t.same(climbedBy(site, id).slice(2), ['noCurrent unknown', 'noCurrent Accepted', 'inoperative Accepted']);
    t.equal(site.session(id).stop?.climbed, 4);
    site.stop(id, 1200);
    await site.pass(1);
    t.same(actions(site).slice(2), ['ClearChargingProfile', 'ChangeAvailability']);
  },
);

void t.test('what is not on disk is not sent: no profile, no change, no reset', async (t) => {
  for (const step of ['noCurrent', 'inoperative', 'softReset'] as const) {
    const { site } = exhausted(ladder(step));
    await site.services.journal.durable();
    site.store.pause();
    site.clock.advance(0);
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
    t.same(actions(site), [], step);
    site.store.release();
    await site.settle();
    t.equal(site.calls.length, 1, step);
    site.services.enforcer.close();
  }
});

void t.test(
  'connector 0 is never switched off: a session there is on the only one, or on none known',
  async (t) => {
    for (const [connectors, expected] of [
      [1, [1, 1]],
      [2, []],
    ] as const) {
      const { site, id } = exhausted(ladder('noCurrent', 'inoperative'), { connectorId: 0 });
      for (let connectorId = 1; connectorId <= connectors; connectorId += 1) {
        const status = { connectorId, status: 'Charging', errorCode: 'NoError' };
        site.services.chargePoints.statusChanged('CP1', status, site.clock.now());
      }
      await site.pass(2);
      const told = site.calls.map(({ payload }) => (payload as { connectorId: number }).connectorId);
      t.same(told, expected, `${connectors} connectors`);
      if (connectors === 2) t.match(climbedBy(site, id)[1], /left out, its connector is not known/);
      site.stop(id, 1100);
      await site.settle();
      t.same(site.services.journal.live.chargePoint('CP1')?.changed ?? {}, {});
      site.services.enforcer.close();
    }
  },
);

void t.test(
  'the ids that are tried are the charger’s own and earlier ones, never somebody else’s',
  async (t) => {
    const site = new Site({ users: [A, B], enforcement: { ladderOf: () => ladder('knownIds') } });
    site.services.chargePoints.connected('CP1');
    const earlier = site.start({ idTag: 'B' });
    site.stop(earlier, 10);
    const other = site.start({ idTag: 'B', connectorId: 2 });
    const id = site.start({ meterStart: 10 });
    site.clock.advance(600_000);
    site.services.sessions.meterValues({
      ...{ chargePointId: 'CP1', connectorId: 1, transactionId: null, writtenId: 77 },
      receivedAtMs: site.clock.now(),
      meterValue: [{ timestamp: site.timestamp(), sampledValue: [{ value: '1010', unit: 'Wh' }] }],
    });
    await site.settle();
    t.same(
      site.stops.map(({ transactionId }) => transactionId),
      [77, earlier],
    );
    t.not(site.session(other).end, 'the neighbour charges on');
    t.same(climbedBy(site, id), [`knownIds 77 Accepted, ${earlier} Accepted`]);
    site.services.enforcer.close();
  },
);

void t.test('of two sessions that were taken over, one is not stopped by the id of the other', async (t) => {
  const site = new Site({ users: [A, B], enforcement: { ladderOf: () => ladder('knownIds') } });
  site.services.chargePoints.connected('CP1');
  for (const connectorId of [1, 2]) {
    const status = { connectorId, status: 'Charging', errorCode: 'NoError' };
    site.services.chargePoints.statusChanged('CP1', status, site.clock.now());
  }
  const other = site.start({ idTag: 'B', connectorId: 0 });
  const id = site.start({ connectorId: 0 });
  site.clock.advance(600_000);
  site.meter(id, 1000, { connectorId: 0 });
  await site.settle();
  t.equal(site.session(other).end, null, 'both run, nobody knows on which connector');
  t.same(climbedBy(site, id), ['knownIds no other id']);
  site.services.enforcer.close();
});

void t.test('a reset waits until no other connector has a session', async (t) => {
  const { site, id } = exhausted(ladder('remoteStop', 'remoteStop', 'hardReset'));
  const other = site.start({ idTag: 'B', connectorId: 2 });
  await site.pass(30);
  t.notOk(actions(site).includes('Reset'));
  t.match(alarmsOf(site), [/hardReset waits until no other connector has a session/]);
  site.stop(other, 100);
  await site.pass(11);
  t.equal(actions(site).filter((action) => action === 'Reset').length, 1);
  t.match(climbedBy(site, id).at(-1), 'hardReset Accepted');
  site.services.enforcer.close();
});

void t.test('two sessions of one charger climb each its own ladder', async (t) => {
  const { site, id } = exhausted(SHORT);
  const second = site.start({ connectorId: 2, idTag: 'A' });
  site.meter(second, 10, { connectorId: 2 });
  await site.pass(5);
  t.same(climbedBy(site, id).length, 4);
  t.same(climbedBy(site, second).length, 4);
  t.equal(alarmsOf(site).length, 2);
  site.stop(id, 1100);
  await site.pass(1);
  t.equal(alarmsOf(site).length, 1);
  t.match(site.services.journal.live.chargePoint('CP1')?.changed, { 1: undefined, 2: { noCurrent: true } });
  site.services.enforcer.close();
});
