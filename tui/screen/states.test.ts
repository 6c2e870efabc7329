// States that a screen may be in: nothing yet, nothing at all, a lost server, dialogs, hostile names, windows that change.
import t from 'tap';
import { LARGE, LEAST, SMALL, TestDesk, type DeskOptions } from '../../test/kit/dashboard-desk.tsx';
import { matchesGolden } from '../../test/kit/golden.ts';
import { madeUpCharger, madeUpSite } from '../../test/kit/made-up-site.ts';
import { emptySite, hostileSite, lostSite, neverThereSite } from '../../test/kit/made-up-states.ts';
import { firstSnapshot } from '../data/snapshot.ts';

interface State {
  readonly options: DeskOptions;
  readonly goThere?: (desk: TestDesk) => TestDesk;
}

const STATES: Readonly<Record<string, State>> = {
  starting: { options: { snapshot: firstSnapshot } },
  'never-there': { options: { snapshot: neverThereSite } },
  'first-start': { options: { snapshot: emptySite }, goThere: (desk) => desk.press('2') },
  'first-start-overview': { options: { snapshot: emptySite } },
  'connection-lost': { options: { snapshot: lostSite }, goThere: (desk) => desk.press('2') },
  'read-only': {
    options: { facts: { isReadOnly: true } },
    goThere: (desk) => desk.press('2', 'down', 'down', 'x'),
  },
  'charger-gone': {
    options: {},
    goThere: (desk) => {
      desk.press('2', 'enter');
      desk.store.change((snapshot) => ({ ...snapshot, chargers: [madeUpCharger('OTHER', [])] }));
      desk.clock.advance(1_000);
      return desk;
    },
  },
  'hostile-names': { options: { snapshot: hostileSite } },
  'hostile-charger': { options: { snapshot: hostileSite }, goThere: (desk) => desk.press('2', 'enter') },
  'hostile-alarm': { options: { snapshot: hostileSite }, goThere: (desk) => desk.press('6', 'enter') },
  'confirm-dialog': { options: {}, goThere: (desk) => desk.press('2', '/').type('ben').press('enter', 'x') },
  'menu-dialog': { options: {}, goThere: (desk) => desk.press('2', 'end', 'r') },
  'form-dialog': { options: {}, goThere: (desk) => desk.press('2', 'end', 'p').type('16').press('enter') },
  'pick-dialog': { options: {}, goThere: (desk) => desk.press('2', 'end', 'b').type('a') },
  'command-line': { options: {}, goThere: (desk) => desk.press(':').type('stop ') },
};

const SIZES = { '80x24': SMALL, '120x40': LARGE, '60x16': LEAST } as const;

for (const [state, { options, goThere = (desk: TestDesk) => desk }] of Object.entries(STATES)) {
  t.test(`${state} is as it was looked at, and fits exactly in every size and look`, (t) => {
    for (const [name, size] of Object.entries(SIZES)) {
      const desk = goThere(new TestDesk({ ...options, size }));
      t.same(desk.misfits(), [], name);
      matchesGolden(t, `state-${state}.${name}`, desk.frame());
    }
    const plain = goThere(new TestDesk({ ...options, theme: { glyphs: 'ascii', color: false } }));
    t.same(plain.misfits(), []);
    t.end();
  });
}

t.test('nothing of a hostile text gets to the terminal but what can be read', (t) => {
  for (const keys of [[], ['2'], ['2', 'enter'], ['6'], ['6', 'enter'], ['2', 'x']] as const) {
    const frame = new TestDesk({ snapshot: hostileSite }).press(...keys).frame();
    t.notMatch(frame.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, keys.join());
    t.match(frame, /Evil/);
  }
  t.end();
});

t.test('the peak of the power is never less than what is drawn now', (t) => {
  const overview = {
    ...madeUpSite.overview!,
    powerByMinute: [{ at: '2026-11-22T13:31:00.000Z', powerW: 1_000 }],
  };
  const desk = new TestDesk({ snapshot: { ...madeUpSite, overview } });
  t.match(desk.frame(), '21.4 kW now   21.4 peak   1.0 mean');
  t.end();
});

t.test('in ASCII nothing else is drawn', (t) => {
  for (const keys of [[], ['2'], ['2', 'enter'], ['6'], ['?'], ['2', 'r']] as const) {
    const frame = new TestDesk({ theme: { glyphs: 'ascii' } }).press(...keys).frame();
    t.match(frame, /^[\n -~]*$/, keys.join());
  }
  t.end();
});

t.test('a terminal that is too small says so, takes q, and comes back by itself', (t) => {
  const desk = new TestDesk({ size: { columns: 48, rows: 8 } });
  matchesGolden(t, 'state-too-small.48x8', desk.frame());
  for (const size of [
    { columns: 1, rows: 1 },
    { columns: 5, rows: 3 },
    { columns: 59, rows: 16 },
    { columns: 60, rows: 15 },
  ])
    t.same(desk.resize(size).misfits(), [], JSON.stringify(size));
  t.match(desk.resize(SMALL).lines()[1], /\[1 Overview\]/);
  t.equal(desk.resize({ columns: 10, rows: 2 }).press('q').left, 'server-running');
  t.end();
});

t.test('a window that changes while a question is open asks it still', (t) => {
  const desk = new TestDesk({ size: LARGE }).press('2', 'down', 'down', 'x');
  for (const size of [LEAST, { columns: 200, rows: 60 }, SMALL]) {
    t.same(desk.resize(size).misfits(), [], JSON.stringify(size));
    t.match(desk.frame(), /Stop session 1840\?/);
  }
  t.end();
});

t.test(
  'figures of a lost server are dim, their age is told, and the first ones that come are bright again',
  (t) => {
    const desk = new TestDesk({ snapshot: lostSite });
    t.match(desk.lines()[0], /no data for 12 s, next try in 4 s/);
    t.match(desk.lines().at(-2), /no server answers at/);
    desk.store.change(() => madeUpSite);
    desk.clock.advance(1_000);
    t.match(desk.lines()[0], /live/);
    t.end();
  },
);
