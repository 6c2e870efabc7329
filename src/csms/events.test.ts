// What is told to who watches: when, in which order, how often, and what is kept for who comes back.
import t from 'tap';
import { sampleEntry, sampleUser } from '../domain/sample.fixture.ts';
import type { NumberedEvent, SiteEvent } from '../domain/site-event.ts';
import { answered, Site } from '../../test/kit/services.ts';
import { Events, EVENTS_KEPT } from './events.ts';

const CARD: SiteEvent = { kind: 'unknownTag', chargePointId: 'CP1', idTag: 'X' };

function watched(site: Site): { events: Events; told: NumberedEvent[]; kinds: () => string[] } {
  const events = new Events({ journal: site.services.journal, clock: site.clock });
  const told: NumberedEvent[] = [];
  events.subscribe((event) => told.push(event));
  return { events, told, kinds: () => told.map(({ event }) => event.kind) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

void t.test('a change is told when it is on disk, and not before', async (t) => {
  const site = new Site();
  await site.services.journal.durable();
  const { events, told, kinds } = watched(site);
  site.store.pause();
  site.services.journal.putEntry(sampleEntry('e1'));
  events.emitWhenDurable(CARD);
  await turn();
  t.same(told, []);
  site.store.release();
  await turn();
  t.match(told[0], { seq: 1, atMs: site.clock.now(), event: { kind: 'entry', entry: { id: 'e1' } } });
  t.same(kinds(), ['entry', 'unknownTag'], 'and what follows from it comes after it');
});

void t.test('what changes all the time is told at once, then once a second as it is then', async (t) => {
  const site = new Site();
  await site.services.journal.durable();
  const { told } = watched(site);
  const id = site.start();
  await site.services.journal.durable();
  const wh = () =>
    told.map(({ event }) => (event.kind === 'session' ? (event.session.energyByDay['2026-11-30'] ?? 0) : -1));
  t.same(wh(), [0]);
  for (const register of [10, 20, 30]) {
    site.clock.advance(300);
    site.meter(id, register);
    await site.services.journal.durable();
  }
  t.same(wh(), [0]);
  site.clock.advance(100);
  t.same(wh(), [0, 30], 'the latest');
  site.clock.advance(5_000);
  t.same(wh(), [0, 30], 'once');
  site.stop(id, 40);
  await site.services.journal.durable();
  t.same(wh(), [0, 30, 40], 'at once again');
  site.clock.advance(1_000);
  t.equal(site.clock.pending(), 0);
});

void t.test('each rung of a stop is told when it is climbed and when it is answered', async (t) => {
  const site = new Site({ users: [sampleUser('A', { quotaWh: 500 })] });
  await site.services.journal.durable();
  const { told } = watched(site);
  site.answer = () => answered('Rejected');
  const id = site.start();
  site.clock.advance(60_000);
  site.meter(id, 500);
  await site.pass(15);
  const rungs = told.flatMap(({ event }) => (event.kind === 'rung' ? [event.rung] : []));
  t.same(
    rungs.map(({ step, answer }) => `${step} ${answer ?? '?'}`),
    ['remoteStop ?', 'remoteStop Rejected', 'remoteStop ?', 'remoteStop Rejected'],
  );
  const before = told.length;
  const { told: later } = watched(site);
  site.meter(id, 510);
  await site.services.journal.durable();
  t.notOk(
    later.some(({ event }) => event.kind === 'rung'),
    'what was told before is no news after a restart',
  );
  site.stop(id, 520);
  await site.services.journal.durable();
  site.stop(id, 530);
  await site.services.journal.durable();
  t.equal(site.session(id).end?.register?.wh, 530);
  t.notOk(
    told.slice(before).some(({ event }) => event.kind === 'rung'),
    'nor is a late truth news of rungs',
  );
});

void t.test('who comes back gets what he has missed, or is told that it is gone', async (t) => {
  const site = new Site();
  await site.services.journal.durable();
  const { events, told } = watched(site);
  t.same(events.since(0), [], 'nothing has happened yet');
  t.equal(events.since(1), null, 'never told');
  for (let i = 0; i < EVENTS_KEPT; i += 1) events.emit(CARD);
  t.same(events.since(0), told, 'all that there is');
  t.same(events.since(EVENTS_KEPT), []);
  t.same(
    events.since(EVENTS_KEPT - 2)?.map(({ seq }) => seq),
    [EVENTS_KEPT - 1, EVENTS_KEPT],
  );
  events.emit(CARD);
  t.equal(events.since(0), null);
  t.equal(events.since(1)?.length, EVENTS_KEPT);
});

void t.test('a closed one tells nobody anything, and leaves no timer', async (t) => {
  const site = new Site();
  await site.services.journal.durable();
  const { events, told } = watched(site);
  site.services.chargePoints.connected('CP1');
  await site.services.journal.durable();
  t.equal(told.length, 1);
  events.close();
  t.equal(site.clock.pending(), 0);
  events.emit(CARD);
  t.equal(told.length, 1);
});
