// Each screen in each state that the site may be in, in every size and look: it fits, says what is so, and lets nothing harmful through.
import stringWidth from 'string-width';
import t from 'tap';
// First: colours are decided when the dashboard is loaded.
import '../../test/kit/terminal.ts';
import { LARGE, LEAST, SMALL, TestDesk, type DeskOptions } from '../../test/kit/dashboard-desk.tsx';
import { SCREENS } from '../../test/kit/dashboard-screens.ts';
import { madeUpSite } from '../../test/kit/made-up-site.ts';
import { madeUpSiteWithPast } from '../../test/kit/made-up-past.ts';
import {
  emptySite,
  hostileSite,
  HOSTILE_SUBJECTS,
  lostSite,
  neverThereSite,
} from '../../test/kit/made-up-states.ts';
import { firstSnapshot, type Snapshot } from '../data/snapshot.ts';

const SIZES = [SMALL, LEAST, LARGE];
const LOOKS: readonly DeskOptions['theme'][] = [{}, { glyphs: 'ascii', color: false }];
/** What a terminal does something at, other than drawing. Colours are taken out before. */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** Colours and looks, as the terminal is told them. */
const STYLES = new RegExp(`\u001b\\[([\\d;]*)m`, 'g');

/** Opened at once, whatever the site has. */
function at(screen: string, subject: string | undefined, options: DeskOptions): TestDesk {
  const desk = new TestDesk(options);
  desk.dashboard.update((ui) => ({
    ...ui,
    trail: [{ screen: 'overview' }, subject === undefined ? { screen } : { screen, subject }],
  }));
  return desk;
}

const plain = (desk: TestDesk) => desk.frame().replace(STYLES, '');

interface State {
  readonly snapshot: Snapshot;
  readonly facts?: DeskOptions['facts'];
  /** What the screens with a subject are about. */
  readonly subjects: Readonly<Record<string, string>>;
  /** What every screen with a tab says then. */
  readonly says: RegExp;
}

const USUAL = {
  charger: 'CP-GARAGE-03',
  trace: 'CP-GARAGE-03',
  session: 'CP-GARAGE-05/1835',
  user: '04C2D3E4F5',
};
const GONE = { charger: 'CP-GONE', trace: 'CP-GONE', session: 'CP-GONE/1', user: '04GONE' };

const STATES: Readonly<Record<string, State>> = {
  'still starting': { snapshot: firstSnapshot, subjects: USUAL, says: /127\.0\.0\.1:8001/ },
  'with a server that never answered': { snapshot: neverThereSite, subjects: USUAL, says: /no answer from/ },
  empty: { snapshot: emptySite, subjects: GONE, says: /no chargers yet/ },
  'cut off': { snapshot: lostSite, subjects: USUAL, says: /no data for 12 s/ },
  'read-only': {
    snapshot: madeUpSiteWithPast,
    facts: { isReadOnly: true },
    subjects: USUAL,
    says: /read-only/,
  },
  'about what is gone': { snapshot: madeUpSite, subjects: GONE, says: /live/ },
  hostile: { snapshot: hostileSite, subjects: HOSTILE_SUBJECTS, says: /live/ },
};

for (const [name, { snapshot, facts = {}, subjects, says }] of Object.entries(STATES)) {
  t.test(`a dashboard that is ${name} fits, and says so, on every screen`, (t) => {
    for (const screen of Object.keys(SCREENS)) {
      for (const theme of LOOKS) {
        for (const size of SIZES) {
          const desk = at(screen, subjects[screen], { snapshot, facts, theme: theme ?? {}, size });
          const where = `${screen} at ${size.columns}x${size.rows}`;
          const lines = plain(desk).split('\n');
          t.equal(lines.length, size.rows, where);
          t.ok(
            lines.every((line) => stringWidth(line) <= size.columns && !HARMFUL.test(line)),
            where,
          );
          t.match(lines[0], says, where);
        }
      }
    }
    t.end();
  });
}

t.test('what is hostile is seen in full on every screen that has it, and changes nothing else', (t) => {
  for (const screen of Object.keys(SCREENS)) {
    const desk = at(screen, HOSTILE_SUBJECTS[screen], { snapshot: hostileSite });
    if (screen !== 'help') t.match(plain(desk), /Evil/, screen);
    for (const keys of [
      ['enter'],
      ['tab', 'enter'],
      ['x'],
      ['y'],
      ['g'],
      ['e'],
      ['B'],
      ['D'],
      ['X'],
      ['n'],
    ]) {
      const pressed = at(screen, HOSTILE_SUBJECTS[screen], { snapshot: hostileSite }).press(...keys);
      t.same(pressed.misfits(), [], `${screen}: ${keys.join()}`);
      t.notMatch(plain(pressed).replaceAll('\n', ''), HARMFUL, `${screen}: ${keys.join()}`);
    }
    desk.press('y', 'enter', 'y');
    for (const text of desk.copied)
      t.notMatch(text.replace(/[\t\n]/g, ''), HARMFUL, `${screen}: what gets to the clipboard`);
  }
  t.end();
});

t.test('without colour no screen has one; with colour each has some', (t) => {
  const coloured = (frame: string) =>
    [...frame.matchAll(STYLES)].some(([, codes = '']) =>
      codes.split(';').some((code) => /^(3[0-8]|4[0-8]|9[0-7]|10[0-7])$/.test(code)),
    );
  for (const snapshot of [madeUpSiteWithPast, lostSite, hostileSite]) {
    for (const [screen, goThere] of Object.entries(SCREENS)) {
      const without = goThere(new TestDesk({ snapshot, theme: { color: false } }));
      t.notOk(coloured(without.frame()), screen);
      t.match(without.frame(), '\u001b[1m', 'but what is bold is so');
    }
  }
  for (const [screen, goThere] of Object.entries(SCREENS))
    t.ok(coloured(goThere(new TestDesk({ snapshot: madeUpSite, size: LARGE })).frame()), screen);
  t.end();
});

t.test('in ASCII no screen draws anything else', (t) => {
  for (const [screen, goThere] of Object.entries(SCREENS)) {
    const desk = goThere(new TestDesk({ snapshot: madeUpSiteWithPast, theme: { glyphs: 'ascii' } }));
    t.match(plain(desk), /^[\n -~]*$/, screen);
  }
  t.end();
});

t.test('in the least of terminals all seven tabs are whole, whichever is lit', (t) => {
  for (const key of ['1', '2', '3', '4', '5', '6', '7']) {
    const tabs = plain(new TestDesk({ size: LEAST }).press(key)).split('\n')[1] ?? '';
    t.match(tabs, /1 Over\W+2 Chargers\W+3 Sess\W+4 Users\W+5 Log\W+6 Alarms\W+7 Perf/);
    t.match(tabs, new RegExp(`\\[${key} \\w+\\]`));
  }
  t.end();
});
