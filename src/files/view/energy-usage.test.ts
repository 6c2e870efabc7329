// energy_usage.json to the letter: whose line stands where, what a line says, tags that are no ordinary keys, and that
// what is kept from one rendering to the next makes no difference.
import fc from 'fast-check';
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
import type { User } from '../../domain/user.ts';
import { EnergyUsage } from './energy-usage.ts';

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

const usersOf = (...tags: readonly string[]) => tags.map((tag) => sampleUser(tag));

function whByTag(state: SiteState, users: readonly User[], month: string): (readonly [string, number])[] {
  const usage = new EnergyUsage(state);
  usage.render(users, month);
  return [...usage.whByTag];
}

void t.test(
  'users stand in the order of users1.csv, also those who used nothing, then whoever else used energy',
  (t) => {
    const state = stateOf([
      used(1, 'STRANGER', { '2026-11-30': 7 }),
      used(2, 'A', { '2026-11-30': 85_500, '2026-12-01': 1 }),
      used(3, 'Z', { '2026-11-29': 1, '2026-11-30': 18_410 }),
    ]);
    const expected = '{\n  "Z": 18.411,\n  "M": 0,\n  "A": 85.5,\n  "STRANGER": 0.007\n}\n';
    t.equal(new EnergyUsage(state).render(usersOf('Z', 'M', 'A'), MONTH), expected);
    t.end();
  },
);

void t.test('another month is another file', (t) => {
  const state = stateOf([used(1, 'A', { '2026-11-30': 1000, '2026-12-01': 250 })]);
  t.strictSame(whByTag(state, [], '2026-12'), [['A', 250]]);
  t.strictSame(whByTag(state, [], '2026-10'), []);
  t.strictSame(whByTag(state, usersOf('A'), '2026-10'), [['A', 0]]);
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
  t.strictSame(whByTag(state, usersOf('A', 'B'), MONTH), [
    ['A', 1],
    ['B', 0],
    ['C', 0],
  ]);
  t.end();
});

void t.test('without users and use it is an empty object', (t) => {
  t.equal(new EnergyUsage(stateOf([])).render([], MONTH), '{}\n');
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
    const state = stateOf([used(1, '__proto__', { '2026-11-30': 1 })]);
    const text = new EnergyUsage(state).render(usersOf(...tags), MONTH);
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
    const usage = new EnergyUsage(stateOf([used(1, 'A', { '2026-11-30': wh })]));
    const read = JSON.parse(usage.render([], MONTH)) as { A: number };
    t.equal(Math.round(read.A * 1000), wh);
  }
  t.end();
});

/** Written anew from nothing but the state and the users. */
function writtenAnew(state: SiteState, users: readonly User[], month: string): string {
  const tags = new Set([...users.map(({ idTag }) => idTag), ...state.usedInMonth(month).keys()]);
  const lines = [...tags].map((tag) => {
    return `  ${JSON.stringify(tag)}: ${Math.max(0, state.usedWh(month, tag)) / 1000}`;
  });
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
}

const anyTag = fc.constantFrom('A', 'B', 'C', '12', '3', '__proto__', 'toString', 'a"b', 'Ü');
const anyWh = fc.integer({ min: -3, max: 3000 });
const anyStep = fc.oneof(
  fc.record({ kind: fc.constant('entry' as const), idTag: anyTag, wh: anyWh }),
  fc.record({
    kind: fc.constant('session' as const),
    transactionId: fc.integer({ min: 1, max: 4 }),
    idTag: anyTag,
    november: anyWh,
    december: anyWh,
  }),
  fc.record({ kind: fc.constant('users' as const), tags: fc.uniqueArray(anyTag) }),
  fc.record({ kind: fc.constant('month' as const), month: fc.constantFrom(MONTH, '2026-12', '2026-10') }),
);

void t.test('whatever happens from one rendering to the next, it is as if written anew', (t) => {
  const property = fc.property(fc.array(anyStep, { minLength: 1, maxLength: 30 }), (steps) => {
    const state = stateOf([]);
    const usage = new EnergyUsage(state);
    let users: readonly User[] = [];
    let month = MONTH;
    for (const [index, step] of steps.entries()) {
      if (step.kind === 'users') users = usersOf(...step.tags);
      else if (step.kind === 'month') month = step.month;
      else if (step.kind === 'entry') {
        const { idTag, wh } = step;
        state.apply(sampleRecord('entry', `${index}`, sampleEntry(`${index}`, { idTag, wh })));
      } else {
        const energyByDay = { '2026-11-30': step.november, '2026-12-01': step.december };
        const session = used(step.transactionId, step.idTag, energyByDay);
        state.apply(sampleRecord('session', sessionId(session), session));
      }
      const text = usage.render(users, month);
      if (text !== writtenAnew(state, users, month)) return false;
      if (usage.render(users, month) !== text) return false;
      // Tags as Maps have them: an object would move some.
      const shown = [...usage.whByTag].map(([idTag, wh]) => `  ${JSON.stringify(idTag)}: ${wh / 1000}`);
      if (shown.join(',\n') !== text.split('\n').slice(1, -2).join('\n')) return false;
    }
    return true;
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 500 }));
  t.end();
});
