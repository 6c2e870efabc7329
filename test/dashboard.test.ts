// The dashboard on a terminal, at a real server with a real charger: what is seen, what keys do, and what is left behind.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { TestTerminal } from './kit/terminal.ts';
import { runDashboard, terminalProblem, type DashboardOptions } from '../tui/run.tsx';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { FAR_RESET_DAY } from './kit/far-reset-day.ts';
import { freePort } from './kit/free-port.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS =
  'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,100,FALSE\nTAG2,Ben,Sample,50,FALSE\n';
const MINUTE_MS = 60_000;
const DOWN = '\u001b[B';
const ESC = '\u001b';

/** A server for this test alone. */
async function site(t: Test, ...args: readonly string[]) {
  // Nothing is configured: what a charger and the server say to each other is what the test lets them say.
  const dataDir = makeDataDir(t, { 'users1.csv': USERS, 'config.yaml': 'configure: {}\n' });
  const kwota = await startKwota({ dataDir, args, env: { KWOTA_QUOTA_RESET_DAY: `${FAR_RESET_DAY}` } });
  t.teardown(() => kwota.kill());
  const token = readFileSync(join(dataDir, '.kwota', 'admin-token'), 'utf8').trim();
  return { dataDir, kwota, access: { url: kwota.apiUrl, token } };
}

async function connect(t: Test, ocppUrl: string, id: string): Promise<ChargePoint> {
  const charger = await ChargePoint.connect(ocppUrl, id);
  t.teardown(() => charger.close());
  await charger.boot();
  await charger.call('StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError' });
  return charger;
}

async function startCharging(charger: ChargePoint, idTag: string): Promise<unknown> {
  const timestamp = new Date(Date.now() - 10 * MINUTE_MS).toISOString();
  const { transactionId } = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag,
    meterStart: 0,
    timestamp,
  });
  await charger.call('StatusNotification', { connectorId: 1, status: 'Charging', errorCode: 'NoError' });
  await sample(charger, transactionId, 900);
  return transactionId;
}

async function sample(charger: ChargePoint, transactionId: unknown, wh: number): Promise<void> {
  const meterValue = [registerSample(wh, new Date())];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
}

/** A dashboard that is left at the end of the test, however that ends. */
function open(t: Test, access: { url: string; token: string }, more: Partial<DashboardOptions> = {}) {
  const terminal = new TestTerminal(80, 24);
  const ended = runDashboard({
    ...{ access, siteHint: new URL(access.url).host, readOnly: false, glyphs: 'unicode', palette: 'default' },
    ...{ color: true, mouse: false, screenReader: false, startedServer: false },
    ...{ env: { platform: 'linux', TERM: 'xterm-256color' }, terminal, pager: () => Promise.resolve(null) },
    ...more,
  });
  t.teardown(async () => {
    terminal.type('\u0003');
    await ended.catch(() => undefined);
  });
  return { terminal, ended };
}

t.test('on a terminal', async (t) => {
  // One server for all: each test has chargers of its own, found by a filter.
  const { kwota, access } = await site(t);

  await t.test('a charge is seen to go on, is stopped after a question, and is seen to end', async (t) => {
    const charger = await connect(t, kwota.ocppUrl, 'CP-ONE');
    const transactionId = await startCharging(charger, 'TAG1');
    const { terminal, ended } = open(t, access);
    await terminal.shows(/1 charger {2}1 online {2}1 session.*Ada Example .*0\.9 kWh/s);
    await sample(charger, transactionId, 1_700);
    await terminal.shows(/Ada Example .*1\.7 kWh/);
    // Keys that come at once: to the chargers, a filter, its end.
    terminal.type('2/one\r');
    await terminal.shows(/1 connector {2}filter: one.*> ▶ CP-ONE 1 +Charging +Ada Example/s);
    terminal.type('\r');
    await terminal.shows(/left +98\.3 kWh.*Messages.*→ MeterValues\.conf/s);
    terminal.type('x');
    await terminal.shows(/Stop session \d+\?.*Ada Example on CP-ONE #1/s);
    terminal.type('\r');
    await terminal.shows(/Commands.*x {2}stop the session(?!.*Cancel)/s);
    t.notOk(charger.hasReceived('RemoteStopTransaction'), 'Enter is Cancel');
    terminal.type('xy');
    t.match(await charger.waitFor('RemoteStopTransaction'), { transactionId });
    await terminal.shows(/stop session \d+: Accepted/);
    const timestamp = new Date().toISOString();
    await charger.call('StopTransaction', { transactionId, meterStop: 1_800, timestamp, reason: 'Remote' });
    await charger.call('StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError' });
    await terminal.shows(/#1 ○ Available/);
    terminal.type('1');
    await terminal.shows(/0 sessions.*Nobody charges now/s);
    terminal.type('q');
    t.same(await ended, { leave: 'server-running' });
    t.notOk(terminal.isAlternate(), 'the shell is back');
    t.notOk(terminal.isRaw);
    const written = terminal.written.join('');
    t.ok(written.includes(`${ESC}[?25h`), 'with its cursor');
    t.ok(written.includes(`${ESC}[?2004l`), 'and its way of pasting');
  });

  await t.test('a paste is text in a line that is typed, and nothing anywhere else', async (t) => {
    const { terminal } = open(t, access);
    await terminal.shows(/1 charger/);
    const pasted = (text: string) => `${ESC}[200~${text}${ESC}[201~`;
    terminal.type(pasted('q'));
    terminal.type('2');
    await terminal.shows(/\[2 Chargers\]/);
    terminal.type('/');
    await terminal.shows(/ \/_/);
    terminal.type(pasted('CP-\nnothing'));
    await terminal.shows(/\/CP- nothing_/);
  });

  await t.test(
    'the window is filled exactly while it changes, and the selected row is inverse',
    async (t) => {
      for (const id of ['WIN-1', 'WIN-2', 'WIN-3']) await connect(t, kwota.ocppUrl, id);
      const { terminal } = open(t, access);
      terminal.type('2/win\r');
      await terminal.shows(/3 of \d+ connectors {2}filter: win/);
      terminal.type(DOWN);
      await terminal.shows(/> ○ WIN-2 1/);
      const row = terminal.lines().findIndex((line) => line.includes('> ○ WIN-2'));
      t.ok(terminal.isInverse(4, row));
      t.notOk(terminal.isInverse(4, row + 1));
      for (const [columns, rows] of [
        [120, 40],
        [60, 16],
        [48, 10],
        [80, 24],
      ] as const) {
        terminal.resize(columns, rows);
        await until('the picture to have the new size', () => isFilled(terminal.lines(), columns, rows));
      }
      // And what was selected is so still.
      await terminal.shows(/> ○ WIN-2 1/);
    },
  );

  await t.test(
    'with a mouse a click selects, the wheel moves, and the terminal is asked to stop it at the end',
    async (t) => {
      for (const id of ['MOUSE-1', 'MOUSE-2', 'MOUSE-3']) await connect(t, kwota.ocppUrl, id);
      const { terminal, ended } = open(t, access, { mouse: true });
      const report = (button: number, column: number, row: number) =>
        terminal.type(
          `${ESC}[<${button};${column + 1};${row + 1}M${ESC}[<${button};${column + 1};${row + 1}m`,
        );
      await terminal.shows(/2 Chargers/);
      report(0, terminal.lines()[1]!.indexOf('2 Chargers'), 1);
      await terminal.shows(/\[2 Chargers\]/);
      terminal.type('/mouse\r');
      // The filter may be there before the chargers are.
      const filtered = await terminal.shows(/filter: mouse.*MOUSE-3 1/s);
      report(
        0,
        10,
        filtered.split('\n').findIndex((line) => line.includes('MOUSE-3 1')),
      );
      await terminal.shows(/> ○ MOUSE-3 1/);
      report(64, 10, 10);
      await terminal.shows(/> ○ MOUSE-1 1/);
      terminal.type('q');
      await ended;
      const written = terminal.written.join('');
      t.ok(written.includes(`${ESC}[?1000h`));
      t.ok(written.lastIndexOf(`${ESC}[?1000l`) > written.lastIndexOf(`${ESC}[?1000h`));
    },
  );

  await t.test('a screen reader gets sentences, on the usual screen', async (t) => {
    const charger = await connect(t, kwota.ocppUrl, 'CP-READ');
    await startCharging(charger, 'TAG2');
    const { terminal } = open(t, access, { screenReader: true });
    await terminal.shows(/1: Session \d+, Charger CP-READ #1, User Ben Sample, Status Charging/);
    t.notOk(terminal.isAlternate());
    terminal.type('2/read\r');
    await terminal.shows(/Screen Chargers\.\nChargers.*\n1: Charger CP-READ 1, Status Charging/);
  });

  await t.test('without colour none is sent, and the selected row is inverse all the same', async (t) => {
    const colours = new RegExp(`${ESC}\\[(3[0-8]|4[0-8]|9[0-7])[;m]`);
    const { terminal, ended } = open(t, access, { color: false });
    await terminal.shows(/● live/);
    terminal.type('2');
    const chargers = await terminal.shows(/\[2 Chargers\].*│ > .*1/s);
    t.ok(
      terminal.isInverse(
        4,
        chargers.split('\n').findIndex((line) => line.includes('│ > ')),
      ),
    );
    terminal.type('q');
    await ended;
    t.notMatch(terminal.written.join(''), colours);
    const coloured = open(t, access);
    await coloured.terminal.shows(/● live/);
    t.match(coloured.terminal.written.join(''), colours, 'as it is with colour');
  });

  await t.test('who is not let in is told why, on a terminal as it was', async (t) => {
    const { terminal, ended } = open(t, { ...access, token: 'not-the-token' });
    const error = await ended.catch((one: unknown) => one);
    t.match(error, { name: 'ApiClientError', code: 'tokenRefused' });
    t.notOk(terminal.isAlternate());
  });
});

t.test('a server that goes away leaves its last figures, and the dashboard finds the next one', async (t) => {
  const port = String(await freePort(20_000));
  const { dataDir, kwota, access } = await site(t, '--api-port', port);
  await startCharging(await connect(t, kwota.ocppUrl, 'CP-ONE'), 'TAG1');
  const { terminal } = open(t, access);
  await terminal.shows(/Ada Example .*0\.9 kWh/);
  await kwota.kill();
  await terminal.shows(
    /no data for \d+ s, (next try in \d+ s|trying now).*figures from .*Ada Example .*0\.9 kWh/s,
  );
  terminal.type('x');
  await terminal.shows(/there is no connection to the server/);
  const again = await startKwota({ dataDir, args: ['--api-port', port] });
  t.teardown(() => again.kill());
  terminal.type('R');
  await terminal.shows(/● live/);
});

t.test('where there is no terminal, the dashboard says so before it draws', async (t) => {
  const terminal = new TestTerminal(80, 24);
  const piped = Object.assign(terminal.stdin, { isTTY: false });
  const access = { url: 'http://127.0.0.1:1', token: 'x' };
  const { ended } = open(t, access, { terminal: { stdin: piped, stdout: terminal.stdout } });
  const error = await ended.catch((one: unknown) => one);
  t.match(error, { code: 'notATerminal', message: 'stdin is not a terminal', hint: /kwota status/ });
  t.same(terminal.written, []);
  const { stdin, stdout } = new TestTerminal(80, 24);
  t.match(terminalProblem({ stdin, stdout }, { platform: 'linux', TERM: 'dumb' }), /dumb/);
});

/** Its last line has the keys, and its panes reach the right border. */
function isFilled(lines: readonly string[], columns: number, rows: number): boolean {
  if (columns < 60) return lines.some((line) => line.includes(`${columns} x ${rows}`));
  return (
    (lines[rows - 1] ?? '').endsWith('quit') &&
    lines[2]?.length === columns &&
    lines[rows - 3]?.length === columns
  );
}
