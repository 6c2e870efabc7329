// energy_usage.json to the letter: whose line stands where, what a line says, and tags that are no ordinary keys.
import t from 'tap';
import {
  sampleEntry,
  sampleRecord,
  sampleSession,
  sampleUser,
  withEnergy,
} from '../../domain/sample.fixture.ts';
import { sessionId, type Session } from '../../domain/session.ts';
import { createSiteCalendar } from '../../domain/site-calendar.ts';
import { SiteState } from '../../domain/site-state.ts';
import { renderEnergyUsage, usageByTag } from './energy-usage.ts';

const MONTH = '2026-11';

function stateOf(
  sessions: readonly Session[],
  ...entries: readonly ReturnType<typeof sampleEntry>[]
): SiteState {
  const state = new SiteState(createSiteCalendar('UTC', 1));
  for (const session of sessions) state.apply(sampleRecord('session', sessionId(session), session));
  for (const entry of entries) state.apply(sampleRecord('entry', entry.id, entry));
  return state;
}

const used = (transactionId: number, idTag: string, energyByDay: Readonly<Record<string, number>>) =>
  withEnergy(sampleSession(transactionId, { idTag }), energyByDay);

void t.test(
  'users stand in the order of users1.csv, also those who used nothing, then whoever else used energy',
  (t) => {
    const state = stateOf([
      used(1, 'STRANGER', { '2026-11-30': 7 }),
      used(2, 'A', { '2026-11-30': 85_500, '2026-12-01': 1 }),
      used(3, 'Z', { '2026-11-29': 1, '2026-11-30': 18_410 }),
    ]);
    const users = ['Z', 'M', 'A'].map((idTag) => sampleUser(idTag));
    const expected = '{\n  "Z": 18.411,\n  "M": 0,\n  "A": 85.5,\n  "STRANGER": 0.007\n}\n';
    t.equal(renderEnergyUsage(usageByTag(state, users, MONTH)), expected);
    t.end();
  },
);

void t.test('another month is another file', (t) => {
  const state = stateOf([used(1, 'A', { '2026-11-30': 1000, '2026-12-01': 250 })]);
  t.strictSame([...usageByTag(state, [], '2026-12')], [['A', 250]]);
  t.strictSame([...usageByTag(state, [], '2026-10')], []);
  t.strictSame([...usageByTag(state, [sampleUser('A')], '2026-10')], [['A', 0]]);
  t.end();
});

void t.test('entries count, and what they bring below nothing is shown as 0', (t) => {
  const state = stateOf(
    [used(1, 'A', { '2026-11-30': 1000 }), used(2, 'B', { '2026-11-30': 1000 })],
    sampleEntry('lowered', { idTag: 'A', wh: -999 }),
    sampleEntry('too far', { idTag: 'B', wh: -1001 }),
    sampleEntry('a stranger', { idTag: 'C', wh: -5 }),
    sampleEntry('no use', { type: 'grant', idTag: 'D', wh: 5000 }),
  );
  t.strictSame(
    [...usageByTag(state, [sampleUser('A'), sampleUser('B')], MONTH)],
    [
      ['A', 1],
      ['B', 0],
      ['C', 0],
    ],
  );
  t.end();
});

void t.test('without users and use it is an empty object', (t) => {
  t.equal(renderEnergyUsage(new Map()), '{}\n');
  t.end();
});

void t.test(
  'tags that an object would lose, move or break on are kept to the letter and in their place',
  (t) => {
    const tags = [
      'Z',
      '12',
      '__proto__',
      '3',
      'constructor',
      'toString',
      '',
      'a"b\\c',
      'new\nline',
      'Ünï\u2028',
      '\u001b[2J',
    ];
    const text = renderEnergyUsage(
      usageByTag(
        stateOf([used(1, '__proto__', { '2026-11-30': 1 })]),
        tags.map((tag) => sampleUser(tag)),
        MONTH,
      ),
    );
    const keys = text
      .split('\n')
      .slice(1, -2)
      .map((line) => JSON.parse(line.replace(/: [\d.]+,?$/, '')) as unknown);
    t.strictSame(keys, tags);
    const read = JSON.parse(text) as object;
    t.strictSame(new Set(Object.keys(read)), new Set(tags));
    t.equal(Object.getOwnPropertyDescriptor(read, '__proto__')?.value, 0.001);
    t.equal(text.split('\n').length, tags.length + 3, 'a tag never breaks a line');
    t.end();
  },
);

void t.test('any whole Wh is read back from the kWh shown', (t) => {
  for (const wh of [1, 999, 1001, 18_411, 85_500, 123_456_789, 10_000_000_000_001]) {
    const read = JSON.parse(renderEnergyUsage(new Map([['A', wh]]))) as { A: number };
    t.equal(Math.round(read.A * 1000), wh);
  }
  t.end();
});
