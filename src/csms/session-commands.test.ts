// What a person does to a session: the stop that nothing takes back, and the end of a stuck one that late truth corrects.
import t from 'tap';
import { sampleEntry, sampleUser } from '../domain/sample.fixture.ts';
import { totalWh } from '../domain/energy.ts';
import { answered, Site, type SiteOptions } from '../../test/kit/services.ts';
import type { Answer } from './remote.ts';

/** A charge of card A on CP1 that has drawn 500 Wh of 10 kWh in ten minutes. */
function charging(options: SiteOptions = {}): { site: Site; id: number } {
  const site = new Site(options);
  site.services.chargePoints.connected('CP1');
  const id = site.start();
  site.clock.advance(600_000);
  site.meter(id, 500);
  return { site, id };
}

const stop = (site: Site, id: number) => site.services.sessionCommands.stop(site.session(id), 'operator Ada');
const close = (site: Site, id: number, meterStopWh: number | null = null) =>
  site.services.sessionCommands.close(site.session(id), meterStopWh, 'operator Ada');
const energy = (site: Site, id: number) => totalWh(site.session(id).energyByDay);

void t.test('a stop by a person sends RemoteStopTransaction and tells the answer', async (t) => {
  for (const status of ['Accepted', 'Rejected']) {
    const { site, id } = charging();
    site.answer = () => answered(status);
    const outcome = stop(site, id);
    await site.settle();
    t.same(await outcome, { kind: 'asked', step: 'remoteStop', answer: status });
    t.match(site.stops, [{ chargePointId: 'CP1', transactionId: id }]);
    t.match(site.session(id).stop, { reason: 'operator', climbed: 1, by: 'operator Ada' });
  }
});

void t.test(
  'neither a sample nor a grant takes back what a person wants, and the ladder goes on',
  async (t) => {
    const { site, id } = charging();
    await Promise.all([stop(site, id), site.settle()]);
    site.meter(id, 600);
    site.services.journal.putEntry(sampleEntry('grant', { type: 'grant', wh: 50_000 }));
    site.services.enforcer.reviewAll();
    await site.pass(15);
    t.equal(site.stops.length, 2);
    t.equal(site.session(id).stop?.reason, 'operator');
    site.meter(id, 10_000);
    await site.settle();
    t.equal(site.session(id).stop?.reason, 'operator', 'nor does a used-up quota take its place');
    site.stop(id, 10_100);
    await site.pass(400);
    t.equal(site.stops.length, 2);
    t.equal(site.clock.pending(), 0);
  },
);

void t.test('a stop of the quota becomes the person’s, and goes on where the ladder is', async (t) => {
  const { site, id } = charging({ users: [sampleUser('A', { quotaWh: 500 })] });
  await site.settle();
  t.match(site.session(id).stop, { reason: 'quotaUsedUp', climbed: 1 });
  t.same(await stop(site, id), { kind: 'asked', step: 'remoteStop', answer: 'Accepted' });
  t.equal(site.stops.length, 1, 'it was asked already');
  site.putUsers(sampleUser('A', { quotaWh: 9000 }));
  t.match(site.session(id).stop, { reason: 'operator', climbed: 1 });
  t.same(await stop(site, id), { kind: 'asked', step: 'remoteStop', answer: 'Accepted' }, 'asked again');
});

void t.test('a stop holds also after a restart', async (t) => {
  const { site, id } = charging();
  await Promise.all([stop(site, id), site.settle()]);
  site.restart();
  await site.pass(15);
  t.equal(site.stops.length, 2);
  t.equal(site.session(id).stop?.reason, 'operator');
});

void t.test('a charger that is away is asked when it is back', async (t) => {
  const { site, id } = charging();
  site.connected.delete('CP1');
  t.same(await stop(site, id), { kind: 'offline' });
  t.same(site.stops, []);
  site.connected.add('CP1');
  site.services.enforcer.reviewChargePoint('CP1');
  await site.settle();
  t.match(site.stops, [{ transactionId: id }]);
});

void t.test('who waits for an answer is told after a while that there is none yet', async (t) => {
  const { site, id } = charging();
  const answer = Promise.withResolvers<Answer>();
  site.answer = () => answer.promise;
  const outcome = stop(site, id);
  await site.pass(20);
  t.same(await outcome, { kind: 'asked', step: 'remoteStop', answer: null });
  answer.resolve({ kind: 'timeout' });
});

void t.test('a session that ends before the charger has answered has ended', async (t) => {
  const { site, id } = charging();
  site.answer = () => new Promise(() => undefined);
  const outcome = stop(site, id);
  await site.settle();
  site.stop(id, 700);
  t.same(await outcome, { kind: 'ended' });
  t.same(await stop(site, id), { kind: 'ended' });
  t.same(await close(site, id), { kind: 'ended' });
});

void t.test('a stuck session is closed with its last sample, and says who did it', async (t) => {
  const { site, id } = charging();
  const sampledMs = site.clock.now();
  site.clock.advance(3_600_000);
  t.same(await close(site, id), { kind: 'closed' });
  const { end } = site.session(id);
  t.match(end, { evidence: 'byHand', atMs: sampledMs, register: null, by: 'operator Ada' });
  t.equal(energy(site, id), 500);
  t.same([...site.services.durable.runningSessions()], [], 'on disk');
});

void t.test('what the meter shows counts when it can be true', async (t) => {
  const { site, id } = charging({ maxPowerW: 22_000 });
  site.clock.advance(600_000);
  t.same(await close(site, id, 499), { kind: 'belowLast', lastWh: 500 });
  t.same(await close(site, id, 50_000), { kind: 'beyondPower', lastWh: 500 });
  t.equal(site.session(id).end, null);
  t.same(await close(site, id, 900), { kind: 'closed' });
  t.equal(energy(site, id), 900);
});

void t.test('a StopTransaction that comes after all takes the place of what a person said', async (t) => {
  const { site, id } = charging();
  site.clock.advance(600_000);
  await close(site, id, 2000);
  site.stop(id, 1500);
  t.match(site.session(id).end, { evidence: 'meterStop', register: { wh: 1500 } });
  t.equal(energy(site, id), 1500);
});

void t.test('samples that show more reopen it, for what flows must count and can be stopped', async (t) => {
  const { site, id } = charging();
  await close(site, id);
  site.clock.advance(3_600_000);
  site.meter(id, 500);
  t.match(site.session(id).end, { evidence: 'byHand' }, 'the same register tells nothing');
  site.meter(id, 3000);
  t.equal(site.session(id).end, null);
  t.equal(energy(site, id), 3000);
  site.meter(id, 10_000);
  await site.settle();
  t.match(site.stops, [{ transactionId: id }], 'at its quota');
});

void t.test('samples below what a person read from the meter leave it closed', async (t) => {
  const { site, id } = charging();
  site.clock.advance(600_000);
  await close(site, id, 2000);
  site.clock.advance(60_000);
  site.meter(id, 1900);
  t.match(site.session(id).end, { evidence: 'byHand', register: { wh: 2000 } });
  t.equal(energy(site, id), 2000);
});

void t.test('samples without an id reopen it only while its connector says Charging', async (t) => {
  const { site, id } = charging();
  await close(site, id);
  const status = (said: string) =>
    site.services.chargePoints.statusChanged(
      'CP1',
      { connectorId: 1, status: said, errorCode: 'NoError', timestamp: undefined },
      site.clock.now(),
    );
  site.clock.advance(60_000);
  status('Available');
  site.meter(null, 510);
  t.equal(energy(site, id), 500, 'what a charger draws idle is nobody’s');
  status('Charging');
  site.clock.advance(60_000);
  site.meter(null, 800);
  t.equal(site.session(id).end, null);
  t.equal(energy(site, id), 800);
});
