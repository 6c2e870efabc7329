// What a stop has changed is put back: once, by the right command, however often the charger refuses or goes away.
import t from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import type { Rung } from '../domain/stop-ladder.ts';
import { answered, Site } from '../../test/kit/services.ts';
import type { Requests } from './remote.ts';

const LADDER: readonly Rung[] = [
  { step: 'noCurrent', waitMs: 0 },
  { step: 'inoperative', waitMs: 1000 },
];

const A = sampleUser('A', { quotaWh: 1000 });

/** Connectors `connectorIds` of CP1 have charged to the quota, and stand at 0 A and out of service. */
async function changed(...connectorIds: number[]): Promise<{ site: Site; ids: number[] }> {
  const site = new Site({ users: [A], enforcement: { ladderOf: () => LADDER } });
  site.services.chargePoints.connected('CP1');
  const ids = connectorIds.map((connectorId) => site.start({ connectorId }));
  site.clock.advance(600_000);
  ids.forEach((id, index) => site.meter(id, 1000, { connectorId: connectorIds[index] ?? 0 }));
  await site.pass(3);
  site.calls.length = 0;
  return { site, ids };
}

const sent = (site: Site) =>
  site.calls.map(({ action, payload }) => {
    const { id, type, connectorId } = payload as { id?: number; type?: string; connectorId?: number };
    return [action, id ?? connectorId, type].filter((part) => part !== undefined).join(' ');
  });

const marks = (site: Site) => site.services.journal.live.chargePoint('CP1')?.changed;

void t.test('after the end the profile is cleared and the connector put into service, once', async (t) => {
  const { site, ids } = await changed(1);
  t.same(marks(site), { 1: { noCurrent: true, inoperative: true } });
  site.stop(ids[0]!, 1100);
  await site.pass(600);
  t.same(sent(site), ['ClearChargingProfile 9001', 'ChangeAvailability 1 Operative']);
  t.same(marks(site), {});
  t.equal(site.clock.pending(), 0);
});

void t.test('the end of one connector leaves the other as it is, its profile too', async (t) => {
  const { site, ids } = await changed(1, 2);
  site.stop(ids[0]!, 1100);
  await site.settle();
  t.same(sent(site), ['ClearChargingProfile 9001', 'ChangeAvailability 1 Operative']);
  t.same(marks(site), { 2: { noCurrent: true, inoperative: true } });
  site.calls.length = 0;
  site.stop(ids[1]!, 1100);
  await site.settle();
  t.same(sent(site), ['ClearChargingProfile 9002', 'ChangeAvailability 2 Operative']);
  site.services.enforcer.close();
});

void t.test('what is refused is tried again, ever more seldom, and somebody is told', async (t) => {
  const { site, ids } = await changed(1);
  site.answer = () => answered('Rejected');
  const endedMs = site.clock.now();
  site.stop(ids[0]!, 1100);
  await site.pass(3 * 3600);
  const minutes = site.calls
    .filter(({ action }) => action === 'ChangeAvailability')
    .map(({ atMs }) => Math.round((atMs - endedMs) / 60_000));
  t.same(minutes, [0, 5, 15, 35, 75, 135]);
  t.match(
    site.services.alarms.active().map(({ message }) => message),
    [/profile of a stop \(answer: Rejected\)/, /out of service after a stop \(answer: Rejected\)/],
  );
  site.answer = () => answered('accepted');
  site.services.enforcer.reviewChargePoint('CP1');
  await site.settle();
  t.same(marks(site), {}, 'a charger that connects is tried at once');
  t.same(site.services.alarms.active(), []);
  t.equal(site.clock.pending(), 0);
});

void t.test('a charger that knows no profile of kwota, or no such command, owes nothing', async (t) => {
  for (const answer of ['unknown', 'NotSupported', 'notimplemented']) {
    const { site, ids } = await changed(1);
    site.answer = () => Promise.resolve({ kind: 'error', code: answer, description: '' });
    site.stop(ids[0]!, 1100);
    await site.settle();
    t.same(marks(site), answer === 'unknown' ? { 1: { inoperative: true } } : {}, answer);
    site.services.enforcer.close();
  }
});

void t.test('a charger that went away is restored when it is back, also after a restart', async (t) => {
  const { site, ids } = await changed(1);
  site.connected.delete('CP1');
  site.stop(ids[0]!, 1100);
  await site.pass(10);
  t.same(sent(site), []);
  site.restart();
  site.connected.add('CP1');
  site.services.enforcer.reviewChargePoint('CP1');
  await site.settle();
  t.same(sent(site), ['ClearChargingProfile 9001', 'ChangeAvailability 1 Operative']);
  t.same(marks(site), {});
});

void t.test('kwota that dies before the answer to a restoration sends it again', async (t) => {
  const { site, ids } = await changed(1);
  site.answer = () => new Promise(() => undefined);
  site.stop(ids[0]!, 1100);
  await site.settle();
  t.same(sent(site), ['ClearChargingProfile 9001']);
  site.restart();
  site.answer = () => answered('Accepted');
  site.services.enforcer.reviewChargePoint('CP1');
  await site.settle();
  t.same(sent(site).slice(1), ['ClearChargingProfile 9001', 'ChangeAvailability 1 Operative']);
});

void t.test('what is changed anew before the answer to its restoration stays on record', async (t) => {
  const { site, ids } = await changed(1);
  const clearing = Promise.withResolvers<Awaited<ReturnType<typeof answered>>>();
  site.answer = (action) => (action === 'ClearChargingProfile' ? clearing.promise : answered('Accepted'));
  site.stop(ids[0]!, 1100);
  await site.settle();
  const next = site.start({ meterStart: 1100 });
  site.meter(next, 1200);
  await site.pass(3);
  t.ok(sent(site).includes('SetChargingProfile 1'), 'the next session has to stop as well');
  clearing.resolve({ kind: 'result', payload: { status: 'Accepted' } });
  await site.settle();
  t.match(marks(site), { 1: { noCurrent: true } });
  site.answer = () => answered('Accepted');
  site.calls.length = 0;
  site.stop(next, 1300);
  await site.settle();
  t.same(sent(site), ['ClearChargingProfile 9001', 'ChangeAvailability 1 Operative']);
});

void t.test('closed, it tries nothing again', async (t) => {
  const { site, ids } = await changed(1);
  const unanswered = Promise.withResolvers<Awaited<ReturnType<typeof answered>>>();
  const asked: (keyof Requests)[] = [];
  site.answer = (action) => {
    asked.push(action);
    return unanswered.promise;
  };
  site.stop(ids[0]!, 1100);
  await site.settle();
  site.services.enforcer.close();
  unanswered.resolve({ kind: 'offline' });
  await site.settle();
  t.same(asked, ['ClearChargingProfile']);
  t.equal(site.clock.pending(), 0);
});
