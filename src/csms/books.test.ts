// kwota's own books: transaction ids, readings, publications of the usage file and edits found in it.
import t from 'tap';
import type { MeterReading } from '../domain/meter-value.ts';
import { sampleUser } from '../domain/sample.fixture.ts';
import { Site } from '../../test/kit/services.ts';
import { Readings } from './readings.ts';
import { TransactionIds } from './transaction-ids.ts';

const FREE = () => false;
const SHOWN: MeterReading = {
  registerWh: 100,
  intervalMilliWh: null,
  powerW: null,
  frequencyMilliHz: null,
  context: 'Sample.Periodic',
};

void t.test('transaction ids count up from unix time in tens of seconds', (t) => {
  const site = new Site({ now: '2026-11-30T12:00:09Z' });
  const first = site.start();
  t.equal(first, Date.parse('2026-11-30T12:00:00Z') / 10_000);
  t.equal(site.start({ connectorId: 2 }), first + 1);
  t.equal(site.start({ chargePointId: 'CP2' }), first + 2);
  t.end();
});

void t.test('an id that a charger has a session of is skipped', (t) => {
  const site = new Site();
  const ids = new TransactionIds(site.services.journal, 50_000);
  t.equal(
    ids.next((id) => id <= 7),
    8,
  );
  t.equal(ids.next(FREE), 9);
  t.end();
});

void t.test('no id comes twice, over blocks, crashes and a clock that was set back', async (t) => {
  const site = new Site();
  const seen = new Set<number>();
  for (let life = 0; life < 4; life += 1) {
    for (let i = 0; i < 1500; i += 1) {
      const id = site.start({ connectorId: (i % 60) + 1, timestamp: `${life} ${i}` });
      if (seen.has(id)) t.fail(`${id} again`);
      seen.add(id);
    }
    await site.services.journal.durable();
    if (life === 2) site.clock.advance(-86_400_000);
    site.restart();
  }
  t.equal(seen.size, 6000);
  t.ok(Math.max(...seen) < 2 ** 31);
});

void t.test('ids are leased before they are given out, a thousand at a time', (t) => {
  const { journal } = new Site().services;
  const lease = () => journal.live.other('lease', 'transactionId');
  const ids = new TransactionIds(journal, 0);
  t.equal(lease(), undefined, 'nothing before one is needed');
  t.equal(ids.next(FREE), 1);
  t.same(lease(), { to: 1001 });
  for (let id = 2; id <= 1000; id += 1) ids.next(FREE);
  t.same(lease(), { to: 1001 });
  t.equal(ids.next(FREE), 1001);
  t.same(lease(), { to: 2001 });
  t.throws(() => new TransactionIds(journal, 2 ** 31 * 10_000).next(FREE), /used up/);
  t.end();
});

void t.test('a reading that a charger repeats is the same reading, also after a restart', async (t) => {
  const site = new Site();
  const id = site.start();
  const timestamp = site.timestamp();
  site.clock.advance(60_000);
  site.meter(id, 100, { timestamp });
  site.meter(id, 100, { timestamp });
  await site.services.journal.durable();
  t.equal(site.store.load(10).readings.length, 1);
  site.restart();
  site.meter(id, 100, { timestamp });
  await site.services.journal.durable();
  t.equal(site.store.load(10).readings.length, 1);
  site.meter(id, 100);
  await site.services.journal.durable();
  t.match(site.store.load(10).readings, [
    { seq: 1, registerWh: 100, userName: 'Ada Example', transactionId: id },
    { seq: 2, at: site.clock.now() },
  ]);
});

void t.test('what makes a reading another one', (t) => {
  const readings = new Readings(new Site().services.journal, []);
  const source = {
    chargePointId: 'CP1',
    connectorId: 1,
    transactionId: 1,
    userName: 'A',
    timestamp: 'x',
    atMs: 0,
  };
  t.not(readings.add(source, SHOWN), null);
  t.equal(readings.add(source, SHOWN), null);
  t.equal(
    readings.add({ ...source, userName: 'B', atMs: 5 }, { ...SHOWN, powerW: 5 }),
    null,
    'not its owner',
  );
  t.not(readings.add({ ...source, chargePointId: 'CP2' }, SHOWN), null);
  t.not(readings.add({ ...source, connectorId: 2 }, SHOWN), null);
  t.not(readings.add({ ...source, transactionId: null }, SHOWN), null);
  t.not(readings.add({ ...source, timestamp: 'y' }, SHOWN), null);
  t.not(readings.add(source, { ...SHOWN, registerWh: 101 }), null);
  t.not(readings.add(source, { ...SHOWN, context: 'Trigger' }), null);
  t.end();
});

void t.test('a published content is remembered for a minute after the next one, the newest for ever', (t) => {
  const site = new Site();
  const { publications } = site.services;
  const put = (wh: number) => publications.put('2026-11', new Map([['A', wh]]), site.clock.now());
  const kept = () => publications.recent(site.clock.now()).map(({ whByTag }) => whByTag.get('A'));
  t.same(kept(), []);
  put(1);
  site.clock.advance(3_600_000);
  t.same(kept(), [1], 'an hour without a change');
  put(2);
  site.clock.advance(60_000);
  t.same(kept(), [1, 2], 'a minute after it was replaced');
  site.clock.advance(1);
  t.same(kept(), [2]);
  put(3);
  t.same(kept(), [2, 3]);
  t.end();
});

void t.test('publications survive a restart, with tags of any kind in their order', async (t) => {
  const site = new Site();
  const pairs: [string, number][] = [
    ['Z', 1],
    ['12', 2],
    ['__proto__', 3],
  ];
  site.services.publications.put('2026-10', new Map([['A', 9]]), site.clock.now() - 120_000);
  site.services.publications.put('2026-11', new Map(pairs), site.clock.now());
  await site.services.journal.durable();
  site.clock.advance(86_400_000);
  site.restart();
  const recent = site.services.publications.recent(site.clock.now());
  t.equal(recent.at(-1)?.month, '2026-11');
  t.equal(recent.at(-1)?.whByTag.get('__proto__'), 3);
  t.equal(recent.at(-1)?.whByTag.get('12'), 2);
  t.same(
    recent.map(({ seq }) => seq),
    [1, 2],
    'what was recent when it stopped',
  );
  site.services.publications.put('2026-11', new Map(pairs), site.clock.now());
  t.same(
    site.services.publications.recent(site.clock.now()).map(({ seq }) => seq),
    [2, 3],
  );
});

void t.test(
  'of thousands of users only those that changed are stored, and each content is told exactly',
  async (t) => {
    const site = new Site();
    const usage = new Map(Array.from({ length: 2_000 }, (_, n) => [`TAG${n}`, n]));
    const published: ReadonlyMap<string, number>[] = [];
    const sizes: number[] = [];
    site.services.journal.onDurable(({ records }) => {
      for (const { kind, value } of records)
        if (kind === 'publication') sizes.push((value as { pairs: unknown[] }).pairs.length);
    });
    for (let turn = 0; turn < 300; turn += 1) {
      usage.set(`TAG${turn % 7}`, 10_000 + turn);
      if (turn % 50 === 10) usage.delete(`TAG${1_000 + turn}`);
      if (turn % 50 === 20) usage.set(`NEW${turn}`, turn);
      published.push(new Map(usage));
      site.services.publications.put(turn < 200 ? '2026-11' : '2026-12', usage, site.clock.now());
      await site.services.journal.durable();
      site.clock.advance(500);
    }
    t.equal(sizes.length, 300);
    t.equal(sizes.filter((size) => size > 3).length, 5, 'the first, and each 64th');
    const expectAll = () => {
      const recent = site.services.publications.recent(site.clock.now());
      t.ok(recent.length >= 120, 'those of a minute');
      for (const { seq, whByTag } of recent) {
        const expected = published[seq - 1] ?? new Map<string, number>();
        t.equal(new Map(whByTag).size, expected.size);
        t.ok(
          [...expected].every(([idTag, wh]) => whByTag.get(idTag) === wh),
          `publication ${seq}`,
        );
      }
    };
    expectAll();
    site.restart();
    expectAll();
  },
);

void t.test('more publications than there is room for: the newest are kept', async (t) => {
  const site = new Site();
  for (let wh = 1; wh <= 1500; wh += 1) {
    site.services.publications.put('2026-11', new Map([['A', wh]]), site.clock.now());
    site.clock.advance(10);
  }
  await site.services.journal.durable();
  const kept = (now = site.clock.now()) =>
    site.services.publications.recent(now).map(({ whByTag }) => whByTag.get('A'));
  const before = kept();
  t.equal(before.length, 640);
  t.equal(before.at(-1), 1500);
  site.restart();
  t.same(kept(), before);
});

void t.test(
  'an edit of the usage file is an adjustment of its month, once, and may stop or free a session',
  async (t) => {
    const site = new Site({ users: [sampleUser('A', { quotaWh: 1000 }), sampleUser('B')] });
    const id = site.start();
    site.clock.advance(60_000);
    site.meter(id, 200);
    const { publications, usageEdits, journal } = site.services;
    publications.put('2026-11', new Map([['A', 200]]), site.clock.now());
    const base = publications.recent(site.clock.now()).at(-1)!;
    usageEdits.apply(base, [
      { idTag: 'A', fromWh: 200, toWh: 1500 },
      { idTag: 'NEW', fromWh: 0, toWh: 70 },
    ]);
    t.same([site.used('A'), site.used('NEW'), site.used('B')], [1500, 70, 0]);
    t.same(
      Object.fromEntries(publications.recent(site.clock.now()).at(-1)?.whByTag ?? []),
      { A: 1500, NEW: 70 },
      'what was found is ours from here on',
    );
    await site.settle();
    t.equal(site.stops.length, 1);
    site.restart();
    t.same([site.used('A'), site.used('NEW')], [1500, 70]);
    site.clock.advance(1);
    const october = { ...base, month: '2026-10' };
    site.services.usageEdits.apply(october, [{ idTag: 'A', fromWh: 0, toWh: 33 }]);
    t.equal(
      site.services.journal.live.usedWh('2026-10', 'A'),
      33,
      'an edit of a file from before the turn of the month',
    );
    t.equal(site.used('A'), 1500);
    site.clock.advance(1);
    site.services.usageEdits.apply(base, [{ idTag: 'A', fromWh: 1500, toWh: 0 }]);
    t.equal(site.used('A'), 0, 'downward as well');
    t.equal(site.session(id).stop, null);
    t.not(journal, site.services.journal);
  },
);
