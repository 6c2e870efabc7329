// The commands that ask a running server: with a real server, a real charger and a real command line.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { runCommand, startCommand } from './kit/kwota-command.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS = 'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,100,FALSE\n';

async function site(t: Test, ...ids: readonly string[]) {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  const chargers: ChargePoint[] = [];
  for (const id of ids) chargers.push(await ChargePoint.connect(kwota.ocppUrl, id));
  t.teardown(() => Promise.all(chargers.map((one) => one.close())));
  const run = (...args: readonly string[]) => runCommand(dataDir, '--data', dataDir, ...args);
  return { dataDir, kwota, chargers, run };
}

/** Failed, with one line for people and no stack. */
function failed(t: Test, ended: { code: number | null; out: string; err: string }, said: RegExp): void {
  t.strictSame([ended.code, ended.out], [1, ''], 'exit code 1, and nothing on stdout');
  t.match(ended.err, said);
  t.match(ended.err, /^kwota: [^\n]+; [^\n]+\n$/, 'one line with a hint');
}

void t.test('chargers are listed and shown with status and running session', async (t) => {
  const { chargers, run } = await site(t, 'CP1', 'site/CP2');
  const charger = chargers[0]!;
  await charger.boot();
  const timestamp = new Date(Date.now() - 600_000).toISOString();
  const { transactionId } = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: 'TAG1',
    meterStart: 0,
    timestamp,
  });
  const meterValue = [registerSample(900, new Date())];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  await charger.call('StatusNotification', { connectorId: 1, status: 'Charging', errorCode: 'NoError' });
  const shown = await until('the status is durable', async () => {
    const { code, out, err } = await run('chargers', 'show', 'CP1');
    t.strictSame([code, err], [0, '']);
    return out.includes('Charging') && out;
  });
  for (const fact of [
    /^id +CP1$/m,
    /^connected +yes$/m,
    /^vendor +Kit$/m,
    /^1 +Charging +NoError +\d{4}-/m,
  ]) {
    t.match(shown, fact);
  }
  t.match(shown, RegExp(`^${String(transactionId)} +1 +TAG1 +\\d{4}-.*Z +0\\.900 +-$`, 'm'));
  const { out: list } = await run('chargers', 'list');
  t.match(list, /^ID +CONNECTED +ADMISSION +STATUS +SESSIONS /);
  t.match(list, /^CP1 +yes +new +1 Charging +1 +\d{4}.* Kit One +-$/m);
  t.match(list, /^site\/CP2 +yes +new +- +0 /m);
  const listed = JSON.parse((await run('chargers', 'list', '--json')).out) as object[];
  t.match(listed, [{ id: 'CP1', sessions: [{ transactionId, energyWh: 900 }] }, { id: 'site/CP2' }]);
  t.match(JSON.parse((await run('chargers', 'show', 'site/CP2', '--json')).out), {
    id: 'site/CP2',
    quirks: [],
  });
});

void t.test('an approval says the charger as it is on record', async (t) => {
  const { run } = await site(t, 'garage');
  const approve = ['chargers', 'approve', 'GARAGE', '--in-advance'];
  t.match(await run(...approve), { code: 0, out: 'garage: approved\n', err: '' });
  t.match(JSON.parse((await run(...approve, '--json')).out), { approved: 'garage' });
  t.match((await run('chargers', 'approve', 'LATER', '--in-advance')).out, 'LATER: approved');
});

void t.test('what a charger does that OCPP does not say is told with what kwota makes of it', async (t) => {
  const { chargers, run } = await site(t, 'CP1', 'CP2');
  await chargers[0]!.boot();
  t.match(await run('chargers', 'quirks', 'CP1'), { code: 0, out: /^none seen/, err: '' });
  // No BootNotification came before it on this connection.
  await chargers[1]!.call('MeterValues', {
    connectorId: 1,
    meterValue: [{ timestamp: '1970-01-01T00:00:00Z', sampledValue: [{ value: '12' }] }],
  });
  const { code, out } = await run('chargers', 'quirks', 'CP2');
  t.equal(code, 0);
  t.match(out, /^clock-not-set: (once|\d+ times), .*\n {2}the charger: \S.*\n {2}kwota: \S.*$/m);
  const quirks = JSON.parse((await run('chargers', 'quirks', 'CP2', '--json')).out) as object[];
  t.match(
    quirks.find((one) => 'quirk' in one && one.quirk === 'clock-not-set'),
    { count: 1, what: String, handling: String, firstSeenAt: /Z$/, lastSeenAt: /Z$/ },
  );
});

void t.test('a trace has both directions with their times, and nothing that a terminal obeys', async (t) => {
  const { chargers, run } = await site(t, 'CP1');
  const charger = chargers[0]!;
  await charger.boot();
  await charger.call('DataTransfer', { vendorId: 'x', data: '\u009b2J\u202e' });
  const { code, out, err } = await run('trace', 'CP1');
  t.strictSame([code, err], [0, '']);
  const lines = out.trimEnd().split('\n');
  for (const line of lines) t.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [→←●] /);
  t.match(lines[0], '● connected');
  t.ok(lines.some((line) => line.includes('→ [2,"CP1-1","BootNotification"')));
  t.ok(lines.some((line) => line.includes('← [3,"CP1-1",{')));
  t.match(out, '\\u009b2J\\u202e');
  t.notMatch(out, /[\u009b\u202e]/);
  const newest = (await run('trace', 'CP1', '-n', '1', '--json')).out;
  t.equal(newest.trimEnd().split('\n').length, 1);
  // On a slow machine kwota has asked the charger something meanwhile.
  t.match(JSON.parse(newest), { seq: Number, at: String, kind: /^(in|out)$/, text: /^\[[23],/ });
});

void t.test(
  'a followed trace shows what comes, each line once, until Ctrl-C, which is no failure',
  async (t) => {
    const { dataDir, chargers } = await site(t, 'CP1');
    const charger = chargers[0]!;
    await charger.boot();
    const following = startCommand(dataDir, '--data', dataDir, 'trace', 'CP1', '-f', '-n', '1');
    // On a slow machine kwota has asked the charger something meanwhile: then that is the newest line.
    await until('the newest line', () => following.out() !== '');
    await charger.call('Heartbeat');
    await until('what came', () => following.out().includes('[3,"CP1-2"'));
    following.interrupt();
    const { code, out, err } = await following.ended();
    t.strictSame([code, err], [0, '']);
    t.equal([...out.matchAll(/\[[23],"CP1-2"/g)].length, 2, 'the Heartbeat and its answer');
    t.notMatch(out, /connected/, 'of what was before, one line');
  },
);

void t.test('a recording is a file that is not replaced by mistake', async (t) => {
  const { dataDir, chargers, run } = await site(t, 'CP1');
  await chargers[0]!.boot();
  const file = join(dataDir, 'cp1.jsonl');
  const recorded = await run('record', 'CP1', 'cp1.jsonl');
  t.strictSame([recorded.code, recorded.err], [0, '']);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  t.equal(recorded.out, `CP1: ${lines.length} lines written to cp1.jsonl\n`);
  t.match(JSON.parse(lines[0]!), { kwota: 'recording', chargePointId: 'CP1' });
  t.ok(lines.some((line) => line.includes('BootNotification')));
  writeFileSync(file, 'mine');
  failed(t, await run('record', 'CP1', 'cp1.jsonl'), /cp1\.jsonl exists already; .*--force/);
  t.equal(readFileSync(file, 'utf8'), 'mine');
  t.equal((await run('record', 'CP1', 'cp1.jsonl', '--force')).code, 0);
  t.match(readFileSync(file, 'utf8'), 'BootNotification');
  failed(t, await run('record', 'CP9', 'cp9.jsonl'), /no charger "CP9"; did you mean "CP1"\?/);
  t.notOk(existsSync(join(dataDir, 'cp9.jsonl')), 'a failure leaves no file');
  const nowhere = await run('record', 'CP1', 'no-such-folder/x.jsonl');
  failed(t, nowhere, /no-such-folder.*cannot be written \(missing\); check/);
});

void t.test('the server is found by its data folder, or by address and token from anywhere', async (t) => {
  const { dataDir, kwota, chargers, run } = await site(t, 'CP1');
  // It is known when that is on disk, and so is a boot when it is answered.
  await chargers[0]!.boot();
  const path = join(dataDir, '.kwota', 'server.json');
  t.match(JSON.parse(readFileSync(path, 'utf8')), {
    ocpp: kwota.ocppUrl,
    api: kwota.apiUrl,
    pid: kwota.pid,
    version: /^\d+\.\d+\.\d+/,
    startedAt: /Z$/,
  });
  t.equal(statSync(path).mode & 0o777, 0o600);
  const token = readFileSync(join(dataDir, '.kwota', 'admin-token'), 'utf8').trim();
  const elsewhere = join(dataDir, 'elsewhere');
  mkdirSync(elsewhere);
  const far = (...args: readonly string[]) => runCommand(elsewhere, ...args);
  t.match(await far('chargers', 'list', '--url', kwota.apiUrl, '--token', token), { code: 0, out: /^CP1 /m });
  t.match(await far('--url', `${kwota.apiUrl}/`, '--token', token, 'trace', 'CP1'), { code: 0, err: '' });
  for (const [args, said] of [
    [['chargers', 'list', '--url', kwota.apiUrl], '--url needs --token'],
    [['chargers', 'list', '--url', 'localhost:8001', '--token', token], 'http://'],
    [['trace', 'CP1', '--limit', '0'], 'from 1 to 5000'],
    [['trace', 'CP1', '--limit', '5001'], 'from 1 to 5000'],
    [['trace'], 'id'],
    [['record', 'CP1'], 'file'],
    [['chargers', 'show'], 'id'],
    [['serve', '--url', kwota.apiUrl], '--url'],
  ] as const) {
    const { code, out, err } = await far(...args);
    t.strictSame([code, out], [2, ''], args.join(' '));
    t.match(err, said);
  }
  failed(t, await run('chargers', 'list', '--token', 'wrong'), /does not know this token; check --token/);
  failed(t, await run('trace', 'cp1'), /no charger "cp1"; did you mean "CP1"\?/);
  failed(t, await run('chargers', 'show', '..'), /no charger "\.\."/);
  t.equal(await kwota.stop(), 0);
  t.notOk(existsSync(path), 'a server that has stopped is not found');
});

void t.test('no server on a data folder is told as that, also when one was killed there', async (t) => {
  const { dataDir, kwota, run } = await site(t);
  const said = /no server runs on the data folder .*; start one with kwota serve.*--url/;
  t.match(await run('chargers', 'list'), { code: 0, out: 'no charger has connected yet\n' });
  await kwota.kill();
  t.ok(existsSync(join(dataDir, '.kwota', 'server.json')), 'what it could not remove');
  failed(t, await run('chargers', 'list'), said);
  failed(t, await run('trace', 'CP1'), said);
  failed(t, await runCommand(dataDir, '--data', 'no-such-folder', 'chargers', 'list'), said);
  writeFileSync(join(dataDir, '.kwota', 'server.json'), '{}');
  failed(t, await run('chargers', 'list'), /server\.json does not say where/);
});

void t.test('every command has help with an example', async (t) => {
  const cwd = makeDataDir(t, {});
  for (const command of [
    'chargers',
    'chargers list',
    'chargers show',
    'chargers quirks',
    'trace',
    'record',
  ]) {
    const { code, out, err } = await runCommand(cwd, ...command.split(' '), '--help');
    t.strictSame([code, err], [0, ''], command);
    t.match(out, `Example:\n  kwota ${command}`);
  }
});
