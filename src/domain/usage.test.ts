// What a card has used month by month: its sessions and entries, never those of another card.
import t from 'tap';
import { sampleEntry, sampleRecord, sampleSession, withEnergy } from './sample.fixture.ts';
import { sessionId } from './session.ts';
import { createSiteCalendar } from './site-calendar.ts';
import { SiteState } from './site-state.ts';
import { monthsOfTag } from './usage.ts';

void t.test('months of a card come newest first, those in which nothing happened are left out', (t) => {
  const state = new SiteState(createSiteCalendar('UTC', 1));
  const sessions = [
    withEnergy(sampleSession(1), { '2026-09-30': 100, '2026-10-01': 50 }),
    withEnergy(sampleSession(2), { '2026-11-30': 700 }),
    withEnergy(sampleSession(3, { idTag: 'B' }), { '2026-08-30': 9 }),
  ];
  for (const session of sessions) state.apply(sampleRecord('session', sessionId(session), session));
  const entries = [
    sampleEntry('o', { type: 'openingBalance', month: '2026-10', wh: 20_000 }),
    sampleEntry('a', { type: 'adjustment', month: '2026-10', wh: -5_000 }),
    sampleEntry('g', { type: 'grant', month: '2026-12', wh: 3_000 }),
    sampleEntry('b', { type: 'adjustment', idTag: 'B', month: '2026-07', wh: 1 }),
  ];
  for (const entry of entries) state.apply(sampleRecord('entry', entry.id, entry));
  t.same(monthsOfTag('A', state), [
    { month: '2026-12', usedWh: 0, adjustedWh: 0, grantedWh: 3_000 },
    { month: '2026-11', usedWh: 700, adjustedWh: 0, grantedWh: 0 },
    { month: '2026-10', usedWh: 15_050, adjustedWh: 15_000, grantedWh: 0 },
    { month: '2026-09', usedWh: 100, adjustedWh: 0, grantedWh: 0 },
  ]);
  t.same(monthsOfTag('nobody', state), []);
  t.end();
});
