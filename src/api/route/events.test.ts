// Events over a real socket: what is told first, after a cut, to whom, how often it is alive, and who is dropped.
import { once } from 'node:events';
import { connect } from 'node:net';
import { createServer as createProxy, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { sampleEntry, sampleSession } from '../../domain/sample.fixture.ts';
import type { SiteEvent } from '../../domain/site-event.ts';
import { createManualClock } from '../../runtime/manual-clock.ts';
import { followEvents, type FollowOptions } from '../event-client.ts';
import {
  authorized,
  charger,
  listening,
  madeUpChargers,
  NOON_MS,
  TOKEN,
  TOKEN_OF,
} from '../server.test-kit.ts';
import { madeUpEvents, madeUpSessions, type MadeUpEvents } from '../site.test-kit.ts';

const NOON = '2026-11-30T12:00:00.000Z';
const card = (idTag: string): SiteEvent => ({ kind: 'unknownTag', chargePointId: 'CP1', idTag });
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

async function site(t: Test, events: MadeUpEvents): Promise<string> {
  return listening(t, { events, sessions: madeUpSessions([]), chargers: madeUpChargers() });
}

/** Follows until the test ends; notes tags and resets. */
function following(t: Test, url: string, changed: Partial<FollowOptions> = {}) {
  const over = new AbortController();
  const told: string[] = [];
  const ended = followEvents(
    { url, token: TOKEN },
    (event) => told.push(event.kind === 'unknownTag' ? event.idTag : event.kind),
    { signal: over.signal, pause: turn as () => Promise<void>, ...changed },
  );
  t.teardown(async () => {
    over.abort();
    // What it is refused for is the test's affair.
    await Promise.allSettled([ended]);
  });
  return { told, end: () => over.abort(), ended };
}

void t.test('each kind is told with its data, after a reset', async (t) => {
  const events = madeUpEvents();
  const url = await site(t, events);
  const response = await authorized(`${url}/api/events`);
  t.equal(response.headers.get('content-type')?.split(';')[0], 'text/event-stream');
  const all: SiteEvent[] = [
    { kind: 'session', session: sampleSession(1) },
    { kind: 'charger', chargePoint: charger('CP1') },
    { kind: 'forgotten', chargePointId: 'CP2' },
    { kind: 'connection', chargePointId: 'CP1', isConnected: true },
    { kind: 'entry', entry: sampleEntry('e') },
    { kind: 'usage', month: '2026-11' },
    { kind: 'alarm', id: 'a', message: 'm', sinceMs: NOON_MS, isActive: true },
    { kind: 'warning', idTag: 'A', account: null, percent: 80, usedWh: 800, limitWh: 1000 },
    {
      kind: 'rung',
      chargePointId: 'CP1',
      transactionId: 1,
      rung: { step: 'remoteStop', atMs: NOON_MS, answer: null },
    },
    card('X'),
  ];
  for (const event of all) events.emit(event);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('id: r1-10')) text += (await reader.read()).value ?? '';
  await reader.cancel();
  const blocks = text.split('\n\n').filter((block) => block !== '');
  t.match(blocks[0], /^event: reset\nid: r1-0\ndata: \{"kind":"reset"/);
  const data = blocks.slice(1).map((block) => JSON.parse(block.split('data: ')[1] ?? '') as object);
  t.match(data, [
    { at: NOON, kind: 'session', session: { transactionId: 1, status: 'running' } },
    { at: NOON, kind: 'charger', charger: { id: 'CP1', isConnected: false } },
    { at: NOON, kind: 'forgotten', chargerId: 'CP2' },
    { kind: 'connection', chargerId: 'CP1', isConnected: true },
    { kind: 'entry', entry: { id: 'e', energyWh: 100 } },
    { kind: 'usage', month: '2026-11' },
    { kind: 'alarm', isActive: true, alarm: { id: 'a', message: 'm', since: NOON } },
    { kind: 'warning', idTag: 'A', percent: 80, usedWh: 800 },
    { kind: 'rung', chargerId: 'CP1', rung: { step: 'remoteStop', at: NOON, answer: null } },
    { kind: 'unknownTag', chargerId: 'CP1', idTag: 'X' },
  ]);
});

void t.test('over cut connections nothing is lost and nothing comes twice', async (t) => {
  const events = madeUpEvents();
  const { port } = new URL(await site(t, events));
  const sockets = new Set<Socket>();
  // A line that can be cut.
  const proxy = createProxy((near) => {
    const far = connect(Number(port), '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket.on('error', () => undefined));
      socket.on('close', () => [near, far].forEach((one) => one.destroy()));
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.teardown(() => proxy.close());
  const address = proxy.address() as { port: number };
  const { told } = following(t, `http://127.0.0.1:${address.port}`);
  await until(() => told.length === 1);
  const sent = ['reset'];
  for (let i = 0; i < 60; i += 1) {
    events.emit(card(String(i)));
    sent.push(String(i));
    if (i % 10 === 4) for (const socket of sockets) socket.destroy();
    if (i % 3 === 0) await turn();
  }
  await until(() => told.length >= sent.length);
  t.same(told, sent);
});

void t.test('what is no longer known is a reset, also after a restart of the server', async (t) => {
  const events = madeUpEvents();
  const url = await site(t, events);
  for (const idTag of ['a', 'b', 'c']) events.emit(card(idTag));
  const resumed = following(t, url, { lastEventId: 'r1-1' });
  await until(() => resumed.told.length === 2);
  t.same(resumed.told, ['b', 'c']);
  events.forget();
  for (const lastEventId of ['r1-1', 'r0-3', 'r1-99', 'nonsense', 'r1--1', 'r1-1e0']) {
    const { told, end } = following(t, url, { lastEventId });
    await until(() => told.length === 1);
    t.same(told, ['reset'], lastEventId);
    end();
  }
});

void t.test('only the kinds that are wanted are told; an unknown one is a problem', async (t) => {
  const events = madeUpEvents();
  const url = await site(t, events);
  const { told } = following(t, url, { kinds: ['unknownTag'] });
  await until(() => told.length === 1);
  events.emit({ kind: 'usage', month: '2026-11' });
  events.emit(card('X'));
  await until(() => told.length === 2);
  t.same(told, ['reset', 'X']);
  const problem = await authorized(`${url}/api/events?kinds=session,nonsense`);
  t.match(await problem.json(), { status: 400, detail: /there is no kind "nonsense"; there are session/ });
  const refused = followEvents({ url, token: 'wrong' }, () => undefined, {
    signal: new AbortController().signal,
    pause: () => Promise.reject(new Error('it is final')),
  });
  await t.rejects(refused, { code: 'tokenRefused' });
});

void t.test('a heartbeat comes each 15 s, and moves the id on', async (t) => {
  const clock = createManualClock();
  const events = madeUpEvents({ clock });
  const url = await site(t, events);
  const response = await authorized(`${url}/api/events?kinds=session`);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  events.emit(card('not wanted'));
  clock.advance(15_000);
  t.same(await reader.read(), { done: false, value: ': heartbeat\nid: r1-1\n\n' });
  clock.advance(15_000);
  t.same((await reader.read()).value, ': heartbeat\nid: r1-1\n\n');
  await reader.cancel();
  await until(() => events.listeners() === 0);
  t.equal(clock.pending(), 0, 'who goes away leaves nothing');
});

void t.test('whose token is taken back hears nothing more, and may not come back', async (t) => {
  const events = madeUpEvents();
  const clock = createManualClock();
  let isKnown = true;
  const tokens = { find: () => (isKnown ? { name: 'screen', role: 'viewer' as const } : null) };
  const url = await listening(t, {
    ...{ events: { ...events, clock }, tokens },
    ...{ sessions: madeUpSessions([]), chargers: madeUpChargers() },
  });
  const [talked, silent] = [following(t, url), following(t, url, { kinds: ['session'] })];
  const ends = [talked, silent].map(({ ended }) => t.rejects(ended, { code: 'tokenRefused' }));
  await until(() => talked.told.length === 1 && silent.told.length === 1);
  isKnown = false;
  events.emit(card('X'));
  await ends[0];
  t.same(talked.told, ['reset']);
  clock.advance(15_000);
  await ends[1];
  t.equal(events.listeners(), 0);
  t.equal(clock.pending(), 0, 'and leaves nothing');
});

void t.test('who does not read is dropped, and the others go on', async (t) => {
  const events = madeUpEvents();
  const url = await site(t, events);
  const slow = connect(Number(new URL(url).port), '127.0.0.1');
  t.teardown(() => slow.destroy());
  slow.on('error', () => undefined).pause();
  slow.write(`GET /api/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\n\r\n`);
  await until(() => events.listeners() === 1);
  const { told } = following(t, url);
  await until(() => told.length === 1);
  const much = 'x'.repeat(100_000);
  for (let i = 0; i < 1000 && events.listeners() === 2; i += 1) {
    events.emit(card(much));
    await until(() => told.length === i + 2);
  }
  t.equal(events.listeners(), 1);
  slow.resume();
  await once(slow, 'close');
});

void t.test('fifty consumers are told the same', async (t) => {
  const events = madeUpEvents();
  const url = await site(t, events);
  const all = Array.from({ length: 50 }, () => following(t, url));
  await until(() => all.every(({ told }) => told.length === 1));
  for (let i = 0; i < 20; i += 1) events.emit(card(String(i)));
  const expected = ['reset', ...Array.from({ length: 20 }, (_, i) => String(i))];
  await until(() => all.every(({ told }) => told.length >= expected.length));
  for (const { told } of all) t.same(told, expected);
});

void t.test('a token that opens streams in a loop takes none from others', async (t) => {
  const events = madeUpEvents();
  const url = await site(t, events);
  const all = Array.from({ length: 50 }, () => following(t, url));
  await until(() => all.every(({ told }) => told.length === 1));
  const refused = await authorized(`${url}/api/events`);
  t.equal(refused.status, 503);
  t.match(await refused.json(), {
    type: 'urn:kwota:problem:tooManyStreams',
    detail: /50 of them with this token/,
  });
  const viewer = await authorized(`${url}/api/events`, {
    headers: { authorization: `Bearer ${TOKEN_OF.viewer}` },
  });
  t.equal(viewer.status, 200, 'another token has its own');
  await viewer.body?.cancel();
  all[0]?.end();
  const again = async () => {
    const response = await authorized(`${url}/api/events`);
    await response.body?.cancel();
    return response.status;
  };
  while ((await again()) !== 200) await turn();
});
