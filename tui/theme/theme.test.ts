// Looks: without colour everything still tells apart; signs by what the terminal can show.
import t from 'tap';
import stringWidth from 'string-width';
import { glyphsOf, type TerminalEnv } from './glyphs.ts';
import { paletteOf } from './palette.ts';
import { statusLook } from './status.ts';
import { createTheme } from './theme.ts';

const STATUSES = [
  ...['Available', 'Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing', 'Reserved'],
  ...['Unavailable', 'Faulted', 'Offline', 'Pending', 'Connected', 'SomethingNew'],
];

t.test('without colour no look has one, whatever palette was chosen', (t) => {
  const { palette } = createTheme(
    { glyphs: 'auto', palette: 'default', color: false },
    { platform: 'linux' },
  );
  for (const [role, style] of Object.entries(palette)) t.notOk('color' in style, role);
  t.ok(
    'color' in
      createTheme({ glyphs: 'auto', palette: 'default', color: true }, { platform: 'linux' }).palette.ok,
  );
  t.end();
});

t.test('for the colour-blind nothing is red or green', (t) => {
  for (const style of Object.values(paletteOf('colour-blind')))
    t.notOk(style.color === 'red' || style.color === 'green');
  t.end();
});

t.test('the signs of different statuses differ, in shapes and in ASCII', (t) => {
  for (const set of ['unicode', 'ascii'] as const) {
    const glyphs = glyphsOf(set, { platform: 'linux' });
    const signs = new Map<string, string>();
    for (const status of STATUSES) {
      const sign = glyphs[statusLook(status).glyph];
      const family = status.replace(/EV(SE)?$/, '').replace(/^(Pending|SomethingNew)$/, 'unknown');
      t.equal(signs.get(sign) ?? family, family, `${set} ${sign} is ${status}`);
      signs.set(sign, family);
    }
  }
  t.end();
});

t.test('every sign takes the columns that it is counted with, and ASCII is ASCII', (t) => {
  const lists = (set: 'unicode' | 'ascii') =>
    Object.values(glyphsOf(set, { platform: 'linux' })).flatMap((one: string | readonly string[]) => one);
  for (const sign of lists('unicode')) t.equal(stringWidth(sign), Array.from(sign).length, sign);
  for (const sign of lists('ascii')) t.match(sign, /^[ -~]+$/);
  t.end();
});

t.test('auto shows shapes where the locale is UTF-8, the first variable that is set deciding', (t) => {
  const cases: readonly (readonly [Partial<TerminalEnv>, boolean])[] = [
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'C.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{}, false],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
    [{ LANG: 'C', LC_CTYPE: 'de_DE.UTF-8' }, true],
    [{ LANG: 'en_US.UTF-8', LC_ALL: '' }, true],
    [{ LANG: 'en_US.UTF-8', TERM: 'linux' }, false],
    [{ platform: 'win32' }, false],
    [{ platform: 'win32', WT_SESSION: 'x' }, true],
    [{ platform: 'win32', TERM_PROGRAM: 'vscode' }, true],
  ];
  for (const [env, hasShapes] of cases)
    t.equal(glyphsOf('auto', { platform: 'linux', ...env }).box[0] === '┌', hasShapes, JSON.stringify(env));
  t.end();
});
