// Sessions as a person handles them, tokens, events and the end of the server: a real server, charger and command line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { followEvents } from '../src/api/event-client.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { runCommand } from './kit/kwota-command.ts';
import { startKwota } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

const USERS = 'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,100,FALSE\n';
const MINUTE_MS = 60_000;

t.setTimeout(240_000);

async function site(t: Test) {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  const run = (...args: readonly string[]) => runCommand(dataDir, '--data', dataDir, ...args);
  const json = async (...args: readonly string[]) =>
    JSON.parse((await run(...args, '--json')).out) as unknown;
  const token = readFileSync(join(dataDir, '.kwota', 'admin-token'), 'utf8').trim();
  const connect = async (id: string) => {
    const charger = await ChargePoint.connect(kwota.ocppUrl, id);
    t.teardown(() => charger.close());
    await charger.boot();
    return charger;
  };
  return { dataDir, kwota, run, json, token, connect };
}

/** Ten minutes ago at register 0, and 900 Wh since. */
async function charging(charger: ChargePoint): Promise<string> {
  const { transactionId } = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: 'TAG1',
    meterStart: 0,
    timestamp: new Date(Date.now() - 10 * MINUTE_MS).toISOString(),
  });
  await sample(charger, transactionId, 900);
  return String(transactionId);
}

async function sample(charger: ChargePoint, transactionId: unknown, wh: number): Promise<void> {
  const meterValue = [registerSample(wh, new Date())];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
}

void t.test('a person stops a session: the charger is asked, and what it says is told', async (t) => {
  const { run, json, connect } = await site(t);
  const charger = await connect('CP1');
  const id = await charging(charger);
  const list = (await run('sessions', 'list', '--running')).out;
  t.match(list, RegExp(`^${id} +CP1 +1 +TAG1 +Ada Example +\\d{4}-.* 0\\.900 +running$`, 'm'));
  const stopped = await run('sessions', 'stop', id);
  t.match(stopped, { code: 0, err: '', out: /remoteStop was answered Accepted; it is asked on/ });
  t.match(await charger.waitFor('RemoteStopTransaction'), { transactionId: Number(id) });
  t.match(await json('sessions', 'show', id), {
    status: 'running',
    stop: { reason: 'operator', by: 'admin-token' },
    rungs: [{ step: 'remoteStop', answer: 'Accepted' }],
  });
  await charger.call('StopTransaction', {
    transactionId: Number(id),
    meterStop: 950,
    timestamp: new Date().toISOString(),
    reason: 'Remote',
  });
  t.match(await json('sessions', 'show', id), {
    end: { evidence: 'meterStop', reason: 'Remote' },
    energyWh: 950,
  });
  const again = await run('sessions', 'stop', id);
  t.match(again, { code: 1, out: '', err: /^kwota: session \d+ has ended already; [^\n]+\n$/ });
  const shown = (await run('sessions', 'show', id)).out;
  for (const fact of [
    /^energy +0\.950 kWh$/m,
    /^meter +0\.000 kWh to 0\.950 kWh$/m,
    /^remoteStop +\d{4}-.* Accepted$/m,
    /^user +Ada Example$/m,
  ])
    t.match(shown, fact);
  t.match(shown, /^meter +0\.000 kWh to 0\.950 kWh$/m, 'to meterStop, not to the last sample');
});

void t.test('a stuck session is closed by hand, and goes on when its samples do', async (t) => {
  const { run, json, connect } = await site(t);
  const charger = await connect('CP1');
  const id = await charging(charger);
  const refused = await run('sessions', 'close', id, '--meter', '0.5');
  t.match(refused, { code: 1, err: /^kwota: the meter showed 0\.900 kWh already; / });
  t.match(await run('sessions', 'close', id, '--meter', '0.95'), {
    code: 0,
    out: /closed by hand: 0\.950 kWh/,
  });
  t.match(await json('sessions', 'show', id), {
    end: { evidence: 'byHand', by: 'admin-token' },
    energyWh: 950,
  });
  await sample(charger, Number(id), 1200);
  t.match(await json('sessions', 'show', id), { status: 'running', energyWh: 1200, end: null });
});

void t.test('a token is shown once, does what its role may, and nothing once it was removed', async (t) => {
  const { dataDir, kwota, run, json } = await site(t);
  const added = await run('tokens', 'add', 'wall', '--role', 'viewer');
  t.match(added, { code: 0, out: /^[\w-]{43}\n$/, err: /shown this once/ });
  const token = added.out.trim();
  const asWall = (...args: readonly string[]) =>
    runCommand(dataDir, ...args, '--url', kwota.apiUrl, '--token', token);
  t.equal((await asWall('sessions', 'list')).code, 0);
  t.match(await asWall('stop'), { code: 1, err: /role admin/ });
  t.match(await json('tokens', 'list'), [{ name: 'wall', role: 'viewer', by: 'admin-token' }]);
  t.match(await run('tokens', 'add', 'wall', '--role', 'admin'), { code: 1, err: /already/ });
  t.match(await run('tokens', 'add', 'other', '--role', 'king'), { code: 2 });
  t.equal((await run('tokens', 'remove', 'wall')).code, 0);
  t.match(await asWall('sessions', 'list'), { code: 1, err: /does not know this token/ });
  t.match(await run('tokens', 'remove', 'wall'), { code: 1, err: /no token called "wall"/ });
});

void t.test(
  'who listens is told of a charge from its start to its end, and what is told is on disk',
  async (t) => {
    const { kwota, token, connect } = await site(t);
    const over = new AbortController();
    const told: string[] = [];
    const ended = followEvents(
      { url: kwota.apiUrl, token },
      (event) =>
        told.push(
          event.kind === 'session' ? `session ${event.session.status} ${event.session.energyWh}` : event.kind,
        ),
      { signal: over.signal, pause: () => turn() },
    );
    await until('a reset', () => told.includes('reset'));
    const charger = await connect('CP1');
    const id = await charging(charger);
    await charger.call('Authorize', { idTag: 'NOBODY' });
    const stop = { transactionId: Number(id), meterStop: 950, timestamp: new Date().toISOString() };
    await charger.call('StopTransaction', stop);
    await until('the end', () => told.includes('session ended 950'));
    for (const kind of ['connection', 'charger', 'session running 0', 'unknownTag'])
      t.ok(told.includes(kind), `${kind} among ${told.join(', ')}`);
    over.abort();
    await ended;
  },
);

void t.test('readings are listed, and exported as CSV', async (t) => {
  const { kwota, token, connect } = await site(t);
  const id = await charging(await connect('CP1'));
  const get = (accept: string) =>
    fetch(`${kwota.apiUrl}/api/readings?idTag=TAG1`, {
      headers: { authorization: `Bearer ${token}`, accept },
    });
  t.match(await (await get('application/json')).json(), {
    items: [{ chargerId: 'CP1', transactionId: Number(id), registerWh: 900, userName: 'Ada Example' }],
    next: null,
  });
  const lines = (await (await get('text/csv')).text()).split('\r\n');
  t.match(lines[1], RegExp(`^[0-9a-f]{12},.*Z,CP1,1,${id},Ada Example,900,,$`));
});

void t.test('kwota stop ends the server in order, and says so when it is gone', async (t) => {
  const { kwota, run, connect } = await site(t);
  await connect('CP1');
  t.match(await run('stop'), { code: 0, out: 'stopped\n', err: '' });
  t.equal(await kwota.ended(), 0);
  t.match(kwota.log(), /stopping by=admin-token/);
  t.match(await run('stop'), { code: 1, out: '', err: /no server runs on the data folder/ });
});

void t.test('each command has help with an example, and wrong usage is exit code 2', async (t) => {
  const cwd = makeDataDir(t, {});
  for (const command of [
    ...['sessions', 'sessions list', 'sessions show', 'sessions stop', 'sessions close'],
    ...['tokens', 'tokens list', 'tokens add', 'tokens remove', 'stop'],
  ]) {
    const { code, out } = await runCommand(cwd, ...command.split(' '), '--help');
    t.equal(code, 0, command);
    t.match(out, RegExp(`Examples?:\\n  kwota ${command}`));
  }
  for (const args of [
    ['sessions', 'show', 'x'],
    ['sessions', 'show'],
    ['sessions', 'list', '-n', '0'],
    ['sessions', 'list', '--from', 'yesterday'],
    ['sessions', 'close', '1', '--meter', '1e3'],
    ['tokens', 'add', 'x'],
    ['stop', 'now'],
  ]) {
    const { code, out } = await runCommand(cwd, ...args);
    t.strictSame([code, out], [2, ''], args.join(' '));
  }
});
