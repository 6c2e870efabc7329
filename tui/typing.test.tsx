// Fast typing and pastes, as they come from a terminal, into every line that can be typed into; and windows that change meanwhile.
import { render } from 'ink';
import stringWidth from 'string-width';
import t, { type Test } from 'tap';
import { TestTerminal } from '../test/kit/terminal.ts';
import { LARGE, LEAST, SMALL, TestDesk } from '../test/kit/dashboard-desk.tsx';
import { fakeSite } from '../test/kit/fake-site-api.ts';
import { until } from '../test/kit/until.ts';
import { App } from './app.tsx';
import { pasteOf } from './keys/press.ts';
import { placeOf } from './desk/ui-state.ts';

const ESC = '\u001b';
const LONG = 10_000;
/** Line breaks, keys of ours, controls, colours, turned direction, and an end of paste that is none. */
const WILD = `q\r\ny\n:q\tx${ESC}[31m\u0000\u0007\u202e${ESC}[20`;

/** A line or a box that is typed into, by how it is opened. */
const TYPED: Readonly<Record<string, (desk: TestDesk) => TestDesk>> = {
  'the filter': (desk) => desk.press('2', '/'),
  'the command line': (desk) => desk.press(':'),
  'a power limit': (desk) => desk.press('2', 'end', 'p'),
  'a grant': (desk) => desk.press('4', 'g'),
  'an edited user': (desk) => desk.press('4', 'e'),
  'a new user': (desk) => desk.press('4', 'n'),
  'a card to enrol': (desk) => desk.press('4', 'N'),
  'an export': (desk) => desk.press('3', 'E'),
  'a session to close': (desk) => desk.press('3', 'X'),
  'a user to pick': (desk) => desk.press('2', 'end', 'b'),
  'a month to pick': (desk) => desk.press('3', 'm'),
  'a hard reset': (desk) => desk.press('2', 'end', 'r', 'h'),
};
/** Boxes that are only read or answered. */
const READ: Readonly<Record<string, (desk: TestDesk) => TestDesk>> = {
  'a question': (desk) => desk.press('4', 'B'),
  'a menu': (desk) => desk.press('2', 'end', 'r'),
  'a line of the log': (desk) => desk.press('5', 'enter'),
  'a message of a charger': (desk) => desk.press('2', '/').type('03').press('enter', 'T', 'enter'),
};

/** Nothing was done: a box is open still, nobody was asked, nobody has left. */
function isStillOpen(desk: TestDesk, asked: readonly string[]): boolean {
  return desk.asked() !== '' && desk.left === null && asked.length === 0;
}

for (const [name, open] of Object.entries(TYPED)) {
  t.test(
    `what is pasted into ${name} is text: on one line, without controls, cut where it is too long`,
    (t) => {
      const site = fakeSite();
      const desk = open(new TestDesk({ api: site.api })).press('ctrl-u');
      dispatchPaste(desk, WILD);
      t.ok(isStillOpen(desk, site.asked));
      const shown = desk.dashboard.world().ui.dialog?.place === 'prompt' ? desk.frame() : desk.asked();
      t.match(shown, /q y :q x\[31m\[20/);
      dispatchPaste(desk, 'x'.repeat(LONG));
      t.ok(isStillOpen(desk, site.asked));
      t.same(desk.misfits(), []);
      const typed = /x{20,}_/.exec(desk.frame());
      t.ok(typed, 'where the next character goes is seen');
      for (const size of [LEAST, LARGE, SMALL]) t.same(desk.resize(size).misfits(), [], JSON.stringify(size));
      desk.press('home');
      t.match(desk.frame(), /_q y/, 'and the start of it, when one goes there');
      t.end();
    },
  );
}

for (const [name, open] of Object.entries(READ)) {
  t.test(`a paste into ${name} does nothing`, (t) => {
    const site = fakeSite();
    const desk = open(new TestDesk({ api: site.api }));
    const before = desk.frame();
    dispatchPaste(desk, WILD);
    t.ok(isStillOpen(desk, site.asked));
    t.equal(desk.frame(), before);
    t.end();
  });
}

for (const [name, open] of Object.entries({ ...TYPED, ...READ })) {
  t.test(`a window that changes while ${name} is open loses nothing`, (t) => {
    const desk = open(new TestDesk({ api: fakeSite().api }));
    const { dialog } = desk.dashboard.world().ui;
    for (const size of [
      LARGE,
      LEAST,
      { columns: 40, rows: 10 },
      { columns: 1, rows: 1 },
      { columns: 200, rows: 70 },
    ]) {
      t.same(desk.resize(size).misfits(), [], JSON.stringify(size));
      t.equal(desk.dashboard.world().ui.dialog, dialog);
    }
    desk.resize(SMALL).press('esc');
    t.equal(desk.asked(), '');
    t.end();
  });
}

function dispatchPaste(desk: TestDesk, text: string): void {
  desk.dashboard.world().ui.dialog?.press(pasteOf(text), desk.dashboard);
}

/** The dashboard as it is run: with Ink, on a terminal of its own. */
function shown(t: Test, columns = 80, rows = 24): { terminal: TestTerminal; desk: TestDesk } {
  const terminal = new TestTerminal(columns, rows);
  const desk = new TestDesk({ api: fakeSite().api, size: { columns, rows } });
  const { stdin, stdout } = terminal;
  const instance = render(<App dashboard={desk.dashboard} />, {
    ...{ stdin, stdout, alternateScreen: true, incrementalRendering: true, interactive: true, maxFps: 10 },
    ...{ exitOnCtrlC: false, patchConsole: false },
  });
  t.teardown(async () => {
    desk.dashboard.close();
    instance.unmount();
    await instance.waitUntilExit();
  });
  return { terminal, desk };
}

t.test('keys that come faster than frames are all taken, in their order', async (t) => {
  const { terminal, desk } = shown(t);
  await terminal.shows(/\[1 Overview\]/);
  // As one read of the terminal: to the users, a filter, into the page, a grant, all its lines.
  terminal.type('4/meyer\r\rg20\rfor a long trip');
  await terminal.shows(/Grant extra kWh to Ben Meyer.*kWh +20 .*for a long trip_/s);
  t.same(placeOf(desk.dashboard.world().ui), { screen: 'user', subject: '04C2D3E4F5' });
  terminal.type('\u007f'.repeat(4));
  await terminal.shows(/for a long _/);
  terminal.type(ESC);
  await terminal.shows(/Latest sessions(?!.*Grant extra)/s);
  for (const key of '3jjjjkkj') terminal.type(key);
  await until('the third row is selected', () => terminal.lines().join('\n').includes('> ▶ Pool Car'));
});

t.test('a bracketed paste of any size is one text, however it is cut into pieces', async (t) => {
  const { terminal, desk } = shown(t);
  await terminal.shows(/\[1 Overview\]/);
  terminal.type('2/');
  await terminal.shows(/ \/_/);
  const text = `${'garage'.repeat(LONG / 6)}\r\n`;
  terminal.type(`${ESC}[200~`);
  for (let at = 0; at < text.length; at += 1_000) terminal.type(text.slice(at, at + 1_000));
  terminal.type(`${ESC}[201~`);
  await terminal.shows(/garagega_/);
  t.ok(terminal.lines().every((line) => stringWidth(line) <= 80));
  t.match(desk.asked(), /^Filter/, 'the line break at its end was no Enter');
  terminal.type(ESC);
  await terminal.shows(/16 connectors {2}sort/);
  terminal.type(`${ESC}[200~q:q\r${ESC}[201~`);
  terminal.type('3');
  await terminal.shows(/\[3 Sessions\]/);
  t.equal(desk.left, null, 'and where nothing is typed it is nothing');
});

t.test('a window that is made tiny and large again under a question asks it still', async (t) => {
  const { terminal, desk } = shown(t);
  await terminal.shows(/\[1 Overview\]/);
  terminal.type('x');
  await terminal.shows(/Stop session 1842\?/);
  for (const [columns, rows] of [
    [40, 10],
    [120, 40],
    [60, 16],
  ] as const) {
    terminal.resize(columns, rows);
    await terminal.shows(columns < 60 ? /kwota needs 60 columns/ : /Stop session 1842\?.*Enter = Cancel/s);
  }
  terminal.type('n');
  await until('it is answered', () => desk.asked() === '');
  await terminal.shows(/Charging now(?!.*Stop session 1842)/s);
});
