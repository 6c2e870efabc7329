// The built program in a real terminal: a server is started, a charge seen, found, ended by hand, and the shell is as before.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { findServer } from '../bin/local-server.ts';
import { builtProgram } from './kit/built-program.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { PseudoTerminal } from './kit/pseudo-terminal.ts';
import { until } from './kit/until.ts';

const USERS = 'id_tag,name,surname,quota_kwh\n04A1,Ada,Example,100\n';
const ESCAPE = '\u001b';

t.setTimeout(300_000);

const KWOTA = builtProgram();

/** A shell in which somebody types kwota, and looks at what the shell is like afterwards. */
function open(t: Test, dataDir: string): PseudoTerminal {
  const options = `--data ${dataDir} --ocpp-host 127.0.0.1 --ocpp-port 0 --api-port 0`;
  const script = `echo the shell before; ${KWOTA} ${options}; echo "exit code $?"; stty -a; echo the shell after`;
  const terminal = new PseudoTerminal({ script, cwd: dataDir, columns: 100, rows: 30 });
  t.teardown(() => terminal.close());
  return terminal;
}

/** Ended with the test, however that goes. */
async function startedServer(t: Test, dataDir: string): Promise<{ pid: number; ocppUrl: string }> {
  // One that is busy and late with its answer is not found.
  const { pid, ocppUrl } = await until('the server that was started', () => findServer(dataDir));
  if (ocppUrl === null) throw new Error('it does not say where chargers connect');
  t.teardown(async () => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await until('it is gone', () => !isAlive(pid));
  });
  return { pid, ocppUrl };
}

/** By what `stty -a` says: lines are read as a whole, shown while typed, and Ctrl-C works. */
function isCooked(shell: string): boolean {
  return ['icanon', 'echo', 'isig'].every((mode) => new RegExp(`(^|\\s)${mode}\\b`).test(shell));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Charges at connector 1; `sample` tells what the meter shows, and a remote stop ends the session. */
async function charge(ocppUrl: string, id: string) {
  const charger = await ChargePoint.connect(ocppUrl, id);
  await charger.boot();
  const timestamp = new Date().toISOString();
  const status = (status: string) =>
    charger.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status });
  await status('Preparing');
  const start = { connectorId: 1, idTag: '04A1', meterStart: 10_000, timestamp };
  const { transactionId } = await charger.call('StartTransaction', start);
  await status('Charging');
  const sample = (wh: number) =>
    charger.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [registerSample(wh, new Date())],
    });
  const stop = async (meterStop: number) => {
    const stopped = { transactionId, meterStop, timestamp: new Date().toISOString(), reason: 'Remote' };
    await charger.call('StopTransaction', stopped);
    await status('Available');
  };
  return { charger, sample, stop };
}

void t.test('a person starts kwota, sees a charge, finds it, ends it, and leaves', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const terminal = open(t, dataDir);
  await terminal.shows('Overview');
  t.ok(terminal.isAlternate);
  const { ocppUrl } = await startedServer(t, dataDir);

  const idle = await ChargePoint.connect(ocppUrl, 'YARD_02');
  await idle.boot();
  const { charger, sample, stop } = await charge(ocppUrl, 'GATE_01');
  await terminal.shows(/GATE_01 #1 +Ada Example .* 0\.0 kWh/);
  await sample(12_300);
  await terminal.shows(/GATE_01 #1 +Ada Example .* 2\.3 kWh/);
  await sample(14_900);
  await terminal.shows(/GATE_01 #1 +Ada Example .* 4\.9 kWh/);

  terminal.type('2');
  await terminal.shows(/YARD_02/);
  terminal.type('/gate\r');
  await until('the other charger is filtered out', () => !terminal.screen().includes('YARD_02'));
  await terminal.shows('GATE_01');
  terminal.type('\r');
  await terminal.shows('Kit One');
  terminal.type('x');
  await terminal.shows(/Stop .*session/i);
  t.notOk(charger.hasReceived('RemoteStopTransaction'), 'nothing happens before it is confirmed');
  terminal.type('y');
  await charger.waitFor('RemoteStopTransaction');
  await stop(15_200);
  await terminal.shows(/Available/);
  await until(
    'the session is over',
    () => readFileSync(join(dataDir, 'active_transactions.json'), 'utf8').trim() === '{}',
  );

  terminal.type(`${ESCAPE}${ESCAPE}`);
  terminal.type('q');
  await terminal.shows('Leave the dashboard');
  terminal.type('s');
  const shell = await terminal.shows(/exit code 0.*the shell after/s);
  t.notOk(terminal.isAlternate);
  t.ok(terminal.isCursorShown);
  t.match(shell, 'the shell before', 'its lines are there again');
  t.match(shell, /stopping the server … stopped/);
  t.ok(isCooked(shell));
  await terminal.ended();
  t.equal(await findServer(dataDir), null);
  await charger.close();
  await idle.close();
});

void t.test('Ctrl-C and a closed window leave the server running', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const terminal = open(t, dataDir);
  await terminal.shows('Overview');
  const { pid } = await startedServer(t, dataDir);
  terminal.type('\u0003');
  const shell = await terminal.shows(/the shell after/);
  t.match(shell, 'exit code 0');
  t.match(shell, 'the server goes on');
  t.ok(isCooked(shell));
  t.notOk(terminal.isAlternate);

  const again = open(t, dataDir);
  await again.shows('Overview');
  await again.close();
  const server = await until('the server goes on', () => findServer(dataDir));
  t.equal(server.pid, pid, 'the same one all the time');
});
