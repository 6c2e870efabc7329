// Every screen in every size and look: as it was looked at, and exactly as large as the terminal.
import t from 'tap';
import { LARGE, LEAST, SMALL, TestDesk, type DeskOptions } from '../../test/kit/dashboard-desk.tsx';
import { SCREENS } from '../../test/kit/dashboard-screens.ts';
import { matchesGolden } from '../../test/kit/golden.ts';
import { madeUpSiteWithPast } from '../../test/kit/made-up-past.ts';

const LOOKS: Readonly<Record<string, DeskOptions>> = {
  '80x24': { size: SMALL },
  '120x40': { size: LARGE },
  '60x16': { size: LEAST },
  '80x24-ascii': { size: SMALL, theme: { glyphs: 'ascii', color: false } },
};

for (const [screen, goThere] of Object.entries(SCREENS)) {
  for (const [look, options] of Object.entries(LOOKS)) {
    t.test(`${screen} at ${look} is as it was looked at, and fits exactly`, (t) => {
      const desk = goThere(new TestDesk({ snapshot: madeUpSiteWithPast, ...options }));
      t.same(desk.misfits(), []);
      matchesGolden(t, `${screen}.${look}`, desk.frame());
      t.end();
    });
  }
}

t.test('every size from the least on is filled exactly, by every screen', (t) => {
  const sizes = [
    { columns: 60, rows: 50 },
    { columns: 79, rows: 24 },
    { columns: 81, rows: 17 },
    { columns: 109, rows: 35 },
    { columns: 110, rows: 36 },
    { columns: 151, rows: 16 },
    { columns: 220, rows: 61 },
  ];
  for (const [screen, goThere] of Object.entries(SCREENS)) {
    const desk = goThere(new TestDesk({ snapshot: madeUpSiteWithPast }));
    for (const size of sizes) t.same(desk.resize(size).misfits(), [], `${screen} at ${JSON.stringify(size)}`);
  }
  t.end();
});
