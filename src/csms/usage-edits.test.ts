// An edit of the usage file and what was found there are stored together: no crash can tell them apart.
import t from 'tap';
import { Site } from '../../test/kit/services.ts';
import type { Services } from './services.ts';

const MONTH = '2026-11';

function edit({ publications, usageEdits }: Services, nowMs: number): void {
  const base = publications.recent(nowMs).at(-1)!;
  usageEdits.apply(base, [{ idTag: 'A', fromWh: 200, toWh: 900 }]);
}

void t.test('an adjustment and the content it was found in are one commit', async (t) => {
  const site = new Site();
  const { journal, publications } = site.services;
  publications.put(MONTH, new Map([['A', 200]]), site.clock.now());
  await journal.durable();
  const commits: string[][] = [];
  journal.onDurable(({ records }) => commits.push(records.map(({ kind }) => kind).sort()));
  edit(site.services, site.clock.now());
  await journal.durable();
  t.same(commits, [['entry', 'publication']]);
});

void t.test('an edit that was not stored before a crash is found again, and then counts once', async (t) => {
  const site = new Site();
  const newest = () => site.services.publications.recent(site.clock.now()).at(-1)?.whByTag.get('A');
  site.services.publications.put(MONTH, new Map([['A', 200]]), site.clock.now());
  await site.services.journal.durable();
  site.store.pause();
  edit(site.services, site.clock.now());
  void site.services.journal.durable();
  site.restart();
  t.same([site.used('A'), newest()], [0, 200], 'neither of the two');
  edit(site.services, site.clock.now());
  await site.services.journal.durable();
  site.restart();
  t.same([site.used('A'), newest()], [700, 900], 'both of them');
});
