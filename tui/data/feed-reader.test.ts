// When feeds are read: at once for who looks there, again when they are due or stale, and not while they fail.
import t from 'tap';
import { ApiClientError } from '../../src/api/client.ts';
import { createManualClock } from '../../src/runtime/manual-clock.ts';
import { ago, madeUpSession, madeUpSite } from '../../test/kit/made-up-site.ts';
import type { Feed } from './feeds.ts';
import { FeedReader } from './feed-reader.ts';
import type { SiteApi } from './site-api.ts';
import type { Change } from './snapshot.ts';
import { SnapshotStore } from './store.ts';

/** A reader of one feed whose answers are given by hand. */
function reading(feed: Partial<Feed> = {}) {
  const clock = createManualClock();
  const store = new SnapshotStore(clock, madeUpSite);
  const asked: { subject: string; answer: (change: Change) => void; fail: (error: Error) => void }[] = [];
  const failures: string[] = [];
  const reader = new FeedReader({
    ...{ clock, store, api: {} as SiteApi },
    feeds: [
      {
        ...{ name: 'users', subject: () => '', everyMs: 10_000, staleBy: ['usage'], gapMs: 2_000 },
        load: (_, { subject }) => {
          const { promise, resolve, reject } = Promise.withResolvers<Change>();
          asked.push({ subject, answer: resolve, fail: reject });
          return promise;
        },
        ...feed,
      },
    ],
    onFailure: (name, error) => failures.push(`${name}: ${error.message}`),
  });
  reader.start();
  const settle = async (index: number, change: Change = (snapshot) => snapshot) => {
    asked[index]?.answer(change);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, store, reader, asked, failures, settle };
}

t.test('a feed is read when somebody looks, and again after its time', async (t) => {
  const { clock, reader, asked, settle } = reading();
  reader.show({ screen: 'overview' });
  t.equal(asked.length, 1);
  clock.advance(60_000);
  t.equal(asked.length, 1, 'not again while it is being read');
  await settle(0);
  clock.advance(9_000);
  t.equal(asked.length, 1);
  clock.advance(1_500);
  t.equal(asked.length, 2);
});

t.test('an event makes it stale, but not more often than it may be read', async (t) => {
  const { clock, reader, asked, settle } = reading({ everyMs: null });
  const event = { kind: 'usage', at: ago(0), month: '2026-11' } as const;
  reader.show({ screen: 'overview' });
  await settle(0);
  for (let i = 0; i < 10; i += 1) {
    reader.happened(event);
    clock.advance(100);
  }
  t.equal(asked.length, 1);
  clock.advance(1_500);
  t.equal(asked.length, 2);
  await settle(1);
  clock.advance(60_000);
  t.equal(asked.length, 2, 'nothing happened since');
});

t.test('an event that overtakes the answer is not lost', async (t) => {
  const { clock, store, reader, settle } = reading();
  reader.show({ screen: 'overview' });
  const session = madeUpSession(1842, 'CP-GARAGE-03', 2, { energyWh: 5_000 });
  reader.happened({ kind: 'session', at: ago(0), session });
  store.happened({ kind: 'session', at: ago(0), session });
  const old = madeUpSession(1842, 'CP-GARAGE-03', 2, { energyWh: 3_900 });
  await settle(0, (snapshot) => ({ ...snapshot, sessions: [old] }));
  clock.advance(1_000);
  t.equal(store.shown().sessions?.[0]?.energyWh, 5_000);
});

t.test('what is read for one charger is not shown for another', async (t) => {
  const { clock, store, reader, asked, settle } = reading({ subject: ({ subject }) => subject ?? null });
  reader.show({ screen: 'charger', subject: 'CP-1' });
  reader.show({ screen: 'charger', subject: 'CP-2' });
  await settle(0, (snapshot) => ({ ...snapshot, clockOffsetMs: 99 }));
  clock.advance(1_000);
  t.equal(store.shown().clockOffsetMs, 0);
  t.same(
    asked.map(({ subject }) => subject),
    ['CP-1', 'CP-2'],
  );
  reader.show({ screen: 'overview' });
  await settle(1);
  clock.advance(60_000);
  t.equal(asked.length, 2, 'nobody looks there any more');
});

t.test('a failure is told once, tried again after a while, and told again only after it worked', async (t) => {
  const { clock, reader, asked, failures, settle } = reading();
  const failed = async (index: number) => {
    asked[index]?.fail(new ApiClientError('serverFailed', 'it broke', 'look at its log'));
    await new Promise((resolve) => setImmediate(resolve));
  };
  reader.show({ screen: 'overview' });
  await failed(0);
  clock.advance(1_000);
  t.equal(asked.length, 1, 'not at once');
  clock.advance(5_000);
  await failed(1);
  t.same(failures, ['users: it broke']);
  clock.advance(6_000);
  await settle(2);
  clock.advance(11_000);
  await failed(3);
  t.equal(failures.length, 2);
});

t.test('a reader that was stopped reads nothing', (t) => {
  const { clock, reader, asked } = reading();
  reader.stop();
  reader.show({ screen: 'overview' });
  reader.readAll();
  clock.advance(60_000);
  t.equal(asked.length, 0);
  t.end();
});
